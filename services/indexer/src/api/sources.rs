//! Where energy comes from.

use axum::{
    extract::{Path, Query, State},
    Json,
};
use joulebook_daemon::http::Problem;

use super::{
    answers::{EnergySourceItem, SourcesAnswer, SourcesItem},
    bills::Month,
    failed,
    questions::MonthQuestion,
    Api, ErrorAnswer,
};
use crate::bill::Sources;

/// Where households' energy came from in a month, and where it went.
#[utoipa::path(get, path = "/v1/markets/{market}/sources", tag = "bills",
    params(("market" = String, Path, description = "Its address"), MonthQuestion),
    responses(
        (status = 200, description = "For each, and what the community fed in by source", body = SourcesAnswer),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market or household", body = ErrorAnswer)
    ))]
pub(super) async fn sources(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<MonthQuestion>,
) -> Result<Json<SourcesAnswer>, Problem> {
    let market = api.market(&market).await?;
    let month = Month::read(&api, &market, &question).await?;
    let fed_in = api
        .store
        .fed_in(market.id, month.span)
        .await
        .map_err(failed)?;
    // What was fed in is told from readings, and these are kept for a while only.
    let has_forgotten = api.store.has_forgotten(market.id, month.span).await;
    let is_complete = month.is_complete && !has_forgotten.map_err(failed)?;
    let mut items = vec![];
    for one in month.households {
        let billed = api.store.billed(market.id, one.seat, one.span).await;
        let mut sources = Sources::default();
        for (_, position) in &billed.map_err(failed)?.windows {
            sources.add(position);
        }
        items.push(SourcesItem::new(one.seat, one.owner, &sources));
    }
    let fed_in = fed_in.into_iter().map(|(source, export)| EnergySourceItem {
        source,
        export_wh: export,
    });
    Ok(Json(SourcesAnswer {
        since: month.span.since,
        until: month.span.until,
        is_complete,
        fed_in: fed_in.collect(),
        items,
        next: month.next,
    }))
}
