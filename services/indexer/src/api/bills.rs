//! What households pay in a month.

use axum::{
    extract::{Path, Query, State},
    Json,
};
use joulebook_daemon::http::Problem;

use super::{
    answers::{BillItem, BillsAnswer},
    failed,
    questions::MonthQuestion,
    Api, ErrorAnswer,
};
use crate::{
    bill::Bill,
    month::month,
    store::{MarketRecord, Paging, Span},
};

/// Whose, and in which part of a month.
pub(super) struct Household {
    pub seat: i64,
    pub owner: Option<String>,
    pub span: Span,
}

/// The month that is asked for, and the households.
pub(super) struct Month {
    pub span: Span,
    pub is_complete: bool,
    pub households: Vec<Household>,
    pub next: Option<String>,
}

impl Month {
    pub(super) async fn read(
        api: &Api,
        market: &MarketRecord,
        question: &MonthQuestion,
    ) -> Result<Month, Problem> {
        let paging = question.read()?;
        let zone = question.zone.as_deref().unwrap_or(&api.zone);
        let span = month(&question.month, zone);
        let span = span.map_err(|error| Problem::bad_request(error.to_string()))?;
        let over = over(market);
        let span = Span {
            since: span.since.min(over),
            until: span.until.min(over),
        };
        let (households, next) = match &question.household {
            Some(named) => (one(api, market, named, span).await?, None),
            None => some(api, market, span, paging).await?,
        };
        let missing = api.store.has_gap(market.id, span).await.map_err(failed)?;
        Ok(Month {
            span,
            is_complete: !missing,
            households,
            next,
        })
    }
}

/// When the last window ended that is over by the chain's clock: what is bought for later ones is on a later bill.
fn over(market: &MarketRecord) -> i64 {
    let length = market.window_seconds.max(1);
    let time = market.time.unwrap_or(0);
    time.saturating_sub(time.rem_euclid(length))
}

/// A wallet, in all the seats that it had, or a seat by its number.
async fn one(
    api: &Api,
    market: &MarketRecord,
    named: &str,
    span: Span,
) -> Result<Vec<Household>, Problem> {
    if let Ok(seat) = named.parse::<u16>() {
        let seat = i64::from(seat);
        let owner = api.store.owner_at(market.id, seat, span.until).await;
        return Ok(vec![Household {
            seat,
            owner: owner.map_err(failed)?,
            span,
        }]);
    }
    let seats = api.store.seats_of(market.id, named).await.map_err(failed)?;
    if seats.is_empty() {
        return Err(Problem::not_found(
            "no seat was ever this household's; name a wallet's address, or a seat by its number",
        ));
    }
    let seats = seats.into_iter().map(|(seat, owned)| Household {
        seat,
        owner: Some(named.to_owned()),
        span: Span {
            since: owned.since.max(span.since),
            until: owned.until.min(span.until),
        },
    });
    Ok(seats
        .filter(|one| one.span.since < one.span.until)
        .collect())
}

/// All seats, one after the other.
async fn some(
    api: &Api,
    market: &MarketRecord,
    span: Span,
    paging: Paging,
) -> Result<(Vec<Household>, Option<String>), Problem> {
    let seats = api.store.seats(market.id, paging).await.map_err(failed)?;
    let is_full = i64::try_from(seats.len()).is_ok_and(|count| count >= paging.limit);
    let next = seats
        .last()
        .filter(|_| is_full)
        .map(|at| at.row.seat.to_string());
    let mut households = vec![];
    for at in seats {
        // Of that time: the seat may be another's now.
        let seat = at.row.seat;
        let owner = api.store.owner_at(market.id, seat, span.until).await;
        households.push(Household {
            seat,
            owner: owner.map_err(failed)?,
            span,
        });
    }
    Ok((households, next))
}

/// What households pay in a month, line by line.
///
/// A household is a wallet; without one, each seat has a bill. A seat that changed hands within the month is billed to its last
/// owner there.
#[utoipa::path(get, path = "/v1/markets/{market}/bills", tag = "bills",
    params(("market" = String, Path, description = "Its address"), MonthQuestion),
    responses(
        (status = 200, description = "A bill for each", body = BillsAnswer),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market or household", body = ErrorAnswer)
    ))]
pub(super) async fn bills(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<MonthQuestion>,
) -> Result<Json<BillsAnswer>, Problem> {
    let market = api.market(&market).await?;
    let month = Month::read(&api, &market, &question).await?;
    let mut items = vec![];
    let mut is_complete = month.is_complete;
    for one in month.households {
        let billed = api.store.billed(market.id, one.seat, one.span).await;
        let bill = Bill::of(&billed.map_err(failed)?);
        is_complete &= bill.unknown_endings == 0;
        let earlier = api
            .store
            .corrected(market.id, one.seat, one.span, month.span.since);
        let earlier = earlier.await.map_err(failed)?;
        items.push(BillItem::new(&market, one.seat, one.owner, &bill, earlier));
    }
    Ok(Json(BillsAnswer {
        since: month.span.since,
        until: month.span.until,
        is_complete,
        items,
        next: month.next,
    }))
}
