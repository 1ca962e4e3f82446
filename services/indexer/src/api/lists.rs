//! Rows as they are, a part of each list at a time.

use axum::{
    extract::{Path, Query, State},
    Json,
};
use joulebook_daemon::http::Problem;

use super::{
    answers::{
        CorrectionItem, GapItem, List, MarketItem, MeterItem, MovementItem, OrderItem,
        PositionItem, ReadingItem, SeatItem, WindowItem,
    },
    failed,
    questions::{
        CorrectionsQuestion, MovementsQuestion, OrdersQuestion, PageQuestion, SpanQuestion,
    },
    Api, ErrorAnswer,
};

type Answer<T> = Result<Json<T>, Problem>;

/// The markets that are kept.
#[utoipa::path(get, path = "/v1/markets", tag = "markets", responses(
    (status = 200, description = "All of them", body = List<MarketItem>)
))]
pub(super) async fn markets(State(api): State<Api>) -> Answer<List<MarketItem>> {
    let markets = api.store.markets().await.map_err(failed)?;
    let items = markets.into_iter().map(MarketItem::from).collect();
    Ok(Json(List { items, next: None }))
}

/// One market.
#[utoipa::path(get, path = "/v1/markets/{market}", tag = "markets",
    params(("market" = String, Path, description = "Its address")),
    responses(
        (status = 200, description = "What it is, and how far it is read", body = MarketItem),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn market(
    State(api): State<Api>,
    Path(market): Path<String>,
) -> Answer<MarketItem> {
    Ok(Json(api.market(&market).await?.into()))
}

/// Windows, the earliest first.
#[utoipa::path(get, path = "/v1/markets/{market}/windows", tag = "windows",
    params(("market" = String, Path, description = "Its address"), SpanQuestion),
    responses(
        (status = 200, description = "A part of them", body = List<WindowItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn windows(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<SpanQuestion>,
) -> Answer<List<WindowItem>> {
    let (span, paging) = question.read()?;
    let market = api.market(&market).await?;
    let rows = api
        .store
        .windows(market.id, span, paging)
        .await
        .map_err(failed)?;
    let items = rows.into_iter().map(|row| WindowItem::new(&market, row));
    let list = List::new(items.collect(), paging.limit, |one| one.start.to_string());
    Ok(Json(list))
}

/// One window.
#[utoipa::path(get, path = "/v1/markets/{market}/windows/{start}", tag = "windows",
    params(
        ("market" = String, Path, description = "Its address"),
        ("start" = i64, Path, description = "Unix seconds")
    ),
    responses(
        (status = 200, description = "The window", body = WindowItem),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market or window", body = ErrorAnswer)
    ))]
pub(super) async fn window(
    State(api): State<Api>,
    Path((market, start)): Path<(String, i64)>,
) -> Answer<WindowItem> {
    let market = api.market(&market).await?;
    let row = api.store.window(market.id, start).await.map_err(failed)?;
    let row = row.ok_or_else(|| Problem::not_found("no window that starts then is known"))?;
    Ok(Json(WindowItem::new(&market, row)))
}

/// Orders of a window, by their place in its book.
#[utoipa::path(get, path = "/v1/markets/{market}/windows/{start}/orders", tag = "windows",
    params(
        ("market" = String, Path, description = "Its address"),
        ("start" = i64, Path, description = "Unix seconds"),
        OrdersQuestion
    ),
    responses(
        (status = 200, description = "A part of them", body = List<OrderItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn orders(
    State(api): State<Api>,
    Path((market, start)): Path<(String, i64)>,
    Query(question): Query<OrdersQuestion>,
) -> Answer<List<OrderItem>> {
    let (after, limit) = question.read()?;
    let market = api.market(&market).await?;
    let rows = api
        .store
        .orders(market.id, start, after, limit)
        .await
        .map_err(failed)?;
    let items = rows.into_iter().map(|at| OrderItem::new(&market, at.row));
    let key = |one: &OrderItem| format!("{}.{}", one.place, one.sequence);
    Ok(Json(List::new(items.collect(), limit, key)))
}

/// Positions of a window, by seat.
#[utoipa::path(get, path = "/v1/markets/{market}/windows/{start}/positions", tag = "windows",
    params(
        ("market" = String, Path, description = "Its address"),
        ("start" = i64, Path, description = "Unix seconds"),
        PageQuestion
    ),
    responses(
        (status = 200, description = "A part of them", body = List<PositionItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn positions_of_window(
    State(api): State<Api>,
    Path((market, start)): Path<(String, i64)>,
    Query(question): Query<PageQuestion>,
) -> Answer<List<PositionItem>> {
    let paging = question.read()?;
    let market = api.market(&market).await?;
    let rows = api
        .store
        .positions_of_window(market.id, start, paging)
        .await;
    let rows = rows.map_err(failed)?;
    let items = rows.into_iter().map(|row| PositionItem::new(&market, row));
    let list = List::new(items.collect(), paging.limit, |one| one.seat.to_string());
    Ok(Json(list))
}

/// Seats, with their money as it was last.
#[utoipa::path(get, path = "/v1/markets/{market}/seats", tag = "seats",
    params(("market" = String, Path, description = "Its address"), PageQuestion),
    responses(
        (status = 200, description = "A part of them", body = List<SeatItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn seats(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<PageQuestion>,
) -> Answer<List<SeatItem>> {
    let paging = question.read()?;
    let market = api.market(&market).await?;
    let rows = api.store.seats(market.id, paging).await.map_err(failed)?;
    let items = rows.into_iter().map(|at| SeatItem::new(&market, at.row));
    let list = List::new(items.collect(), paging.limit, |one| one.seat.to_string());
    Ok(Json(list))
}

/// Positions of a seat, by window.
#[utoipa::path(get, path = "/v1/markets/{market}/seats/{seat}/positions", tag = "seats",
    params(
        ("market" = String, Path, description = "Its address"),
        ("seat" = i64, Path, description = "Its number"),
        SpanQuestion
    ),
    responses(
        (status = 200, description = "A part of them", body = List<PositionItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn positions_of_seat(
    State(api): State<Api>,
    Path((market, seat)): Path<(String, i64)>,
    Query(question): Query<SpanQuestion>,
) -> Answer<List<PositionItem>> {
    let (span, paging) = question.read()?;
    let market = api.market(&market).await?;
    let rows = api
        .store
        .positions_of_seat(market.id, seat, span, paging)
        .await;
    let rows = rows.map_err(failed)?;
    let items = rows.into_iter().map(|row| PositionItem::new(&market, row));
    let list = List::new(items.collect(), paging.limit, |one| one.start.to_string());
    Ok(Json(list))
}

/// What a seat paid more, or less, for windows that had been settled before: values came late, or were corrected.
///
/// By window, whatever was changed in the time that is asked for together. It is in the bills of those windows, which have changed
/// by it.
#[utoipa::path(get, path = "/v1/markets/{market}/seats/{seat}/corrections", tag = "seats",
    params(
        ("market" = String, Path, description = "Its address"),
        ("seat" = i64, Path, description = "Its number"),
        CorrectionsQuestion
    ),
    responses(
        (status = 200, description = "A part of them", body = List<CorrectionItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn corrections_of_seat(
    State(api): State<Api>,
    Path((market, seat)): Path<(String, i64)>,
    Query(question): Query<CorrectionsQuestion>,
) -> Answer<List<CorrectionItem>> {
    let (span, paging) = question.read()?;
    let before = question.before.unwrap_or(i64::MAX);
    let market = api.market(&market).await?;
    let sums = api
        .store
        .corrections_of_seat(market.id, seat, span, before, paging)
        .await;
    let sums = sums.map_err(failed)?;
    let items = sums
        .into_iter()
        .map(|sum| CorrectionItem::new(&market, sum));
    let list = List::new(items.collect(), paging.limit, |one| one.start.to_string());
    Ok(Json(list))
}

/// Meters.
#[utoipa::path(get, path = "/v1/markets/{market}/meters", tag = "meters",
    params(("market" = String, Path, description = "Its address"), PageQuestion),
    responses(
        (status = 200, description = "A part of them", body = List<MeterItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn meters(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<PageQuestion>,
) -> Answer<List<MeterItem>> {
    let paging = question.read()?;
    let market = api.market(&market).await?;
    let rows = api.store.meters(market.id, paging).await.map_err(failed)?;
    let items = rows.into_iter().map(|at| MeterItem::from(at.row));
    let list = List::new(items.collect(), paging.limit, |one| one.row.to_string());
    Ok(Json(list))
}

/// What a meter moved, by interval.
#[utoipa::path(get, path = "/v1/markets/{market}/meters/{row}/readings", tag = "meters",
    params(
        ("market" = String, Path, description = "Its address"),
        ("row" = i64, Path, description = "The meter's row"),
        SpanQuestion
    ),
    responses(
        (status = 200, description = "A part of them", body = List<ReadingItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn readings(
    State(api): State<Api>,
    Path((market, row)): Path<(String, i64)>,
    Query(question): Query<SpanQuestion>,
) -> Answer<List<ReadingItem>> {
    let (span, paging) = question.read()?;
    let market = api.market(&market).await?;
    let rows = api.store.readings(market.id, row, span, paging).await;
    let rows = rows.map_err(failed)?;
    let items = rows.into_iter().map(|row| ReadingItem::new(&market, row));
    let list = List::new(items.collect(), paging.limit, |one| one.start.to_string());
    Ok(Json(list))
}

/// Money that came, went or was owed, in the sequence in which it did.
#[utoipa::path(get, path = "/v1/markets/{market}/movements", tag = "seats",
    params(("market" = String, Path, description = "Its address"), MovementsQuestion),
    responses(
        (status = 200, description = "A part of them", body = List<MovementItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn movements(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<MovementsQuestion>,
) -> Answer<List<MovementItem>> {
    let paging = question.read()?;
    let market = api.market(&market).await?;
    let rows = api.store.movements(market.id, question.seat, paging).await;
    let rows = rows.map_err(failed)?;
    let items = rows
        .into_iter()
        .map(|at| MovementItem::new(&market, at.row));
    let list = List::new(items.collect(), paging.limit, |one| one.number.to_string());
    Ok(Json(list))
}

/// What could not be read while it stood on chain.
#[utoipa::path(get, path = "/v1/markets/{market}/gaps", tag = "checks",
    params(("market" = String, Path, description = "Its address")),
    responses(
        (status = 200, description = "All that are known, a thousand at most", body = List<GapItem>),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn gaps(
    State(api): State<Api>,
    Path(market): Path<String>,
) -> Answer<List<GapItem>> {
    let market = api.market(&market).await?;
    let rows = api
        .store
        .gaps(market.id, super::questions::MOST.into())
        .await;
    let rows = rows.map_err(failed)?;
    let items = rows.into_iter().map(GapItem::from).collect();
    Ok(Json(List { items, next: None }))
}
