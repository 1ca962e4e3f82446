//! Prices and volumes over time.

use axum::{
    extract::{Path, Query, State},
    Json,
};
use joulebook_daemon::http::Problem;

use super::{
    answers::{List, PricesItem},
    failed,
    money::EnergyPrice,
    questions::{latest, span_within, PricesQuestion},
    Api, ErrorAnswer,
};

/// What is looked through at once: ten years.
const MOST: i64 = 3_653 * 86_400;
/// The longest that an item may sum: a leap year.
const LONGEST: i64 = 366 * 86_400;

/// Prices and volumes, of each window or summed over some.
#[utoipa::path(get, path = "/v1/markets/{market}/prices", tag = "windows",
    params(("market" = String, Path, description = "Its address"), PricesQuestion),
    responses(
        (status = 200, description = "A part of them", body = List<PricesItem>),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn prices(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<PricesQuestion>,
) -> Result<Json<List<PricesItem>>, Problem> {
    let limit = question.limit()?;
    let market = api.market(&market).await?;
    let span = span_within(question.since, question.until, MOST, latest(&market))?;
    let length = market.window_seconds.max(1);
    let step = question.step.unwrap_or(length);
    if !(length..=LONGEST).contains(&step) || step.checked_rem(length) != Some(0) {
        return Err(Problem::bad_request(format!(
            "step is {step}; name a multiple of a window's {length} seconds, a year at most"
        )));
    }
    let sums = api
        .store
        .prices(market.id, span, step, question.after, limit)
        .await;
    let price = |atoms| EnergyPrice::new(atoms, market.decimals);
    let items = sums.map_err(failed)?.into_iter().map(|sum| PricesItem {
        start: sum.start,
        windows: sum.windows,
        windows_traded: sum.traded,
        volume_wh: sum.volume,
        price: sum.value.checked_div_euclid(sum.volume).map(price),
        lowest: sum.lowest.map(price),
        highest: sum.highest.map(price),
    });
    let list = List::new(items.collect(), limit, |one: &PricesItem| {
        one.start.to_string()
    });
    Ok(Json(list))
}
