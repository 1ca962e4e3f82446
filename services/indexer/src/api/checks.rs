//! Whether everything adds up, and how far it is read.

use axum::{
    extract::{Path, Query, State},
    Json,
};
use joulebook_daemon::http::Problem;

use super::{
    answers::{ConservationAnswer, DifferenceItem, List, StateItem},
    failed,
    money::Money,
    questions::{latest, span_within, CheckQuestion},
    Api, ErrorAnswer,
};

const MILLI_ATOMS_PER_ATOM: i128 = 1_000;
/// What is looked at at once: the longest month, and the hour that clocks are put back by.
const LONGEST: i64 = 31 * 86_400 + 3_600;

/// Whether money and energy add up: seats, escrow and fees are the market's money, which the vault holds; and of each window as much was
/// bought as sold.
#[utoipa::path(get, path = "/v1/markets/{market}/conservation", tag = "checks",
    params(("market" = String, Path, description = "Its address"), CheckQuestion),
    responses(
        (status = 200, description = "What was looked at", body = ConservationAnswer),
        (status = 400, description = "A question that means nothing", body = ErrorAnswer),
        (status = 404, description = "There is no such market", body = ErrorAnswer)
    ))]
pub(super) async fn conservation(
    State(api): State<Api>,
    Path(market): Path<String>,
    Query(question): Query<CheckQuestion>,
) -> Result<Json<ConservationAnswer>, Problem> {
    let market = api.market(&market).await?;
    let span = span_within(question.since, question.until, LONGEST, latest(&market))?;
    let (windows, differing) = api.store.balances(market.id, span).await.map_err(failed)?;
    let money =
        |amount: Option<i64>| amount.map(|amount| Money::new(amount.into(), market.decimals));
    let parts = [
        market.free,
        market.locked,
        market.held,
        market.escrow,
        market.fees,
    ];
    let sum = parts
        .iter()
        .try_fold(0i128, |sum, part| Some(sum + i128::from((*part)?)));
    let vault = market
        .vault
        .map(|atoms| i128::from(atoms) * MILLI_ATOMS_PER_ATOM);
    let money_holds = match (sum, market.money.map(i128::from), vault) {
        (Some(sum), Some(all), Some(vault)) => Some(sum == all && vault >= all),
        _ => None,
    };
    let differing: Vec<DifferenceItem> = differing
        .into_iter()
        .map(|one| DifferenceItem {
            start: one.start,
            bought_wh: one.bought,
            sold_wh: one.sold,
            volume_wh: one.volume,
        })
        .collect();
    Ok(Json(ConservationAnswer {
        holds: money_holds != Some(false) && differing.is_empty(),
        money_holds,
        money: money(market.money),
        free: money(market.free),
        locked: money(market.locked),
        held: money(market.held),
        escrow: money(market.escrow),
        fees: money(market.fees),
        vault: vault.map(|amount| Money::new(amount, market.decimals)),
        windows,
        windows_that_differ: differing,
    }))
}

/// How far each market is read.
#[utoipa::path(get, path = "/v1/state", tag = "checks", responses(
    (status = 200, description = "Of each market", body = List<StateItem>)
))]
pub(super) async fn state(State(api): State<Api>) -> Result<Json<List<StateItem>>, Problem> {
    let mut items = vec![];
    for market in api.store.markets().await.map_err(failed)? {
        let checkpoint = api.store.followed(market.id).await.map_err(failed)?;
        let gaps = api.store.gap_count(market.id).await.map_err(failed)?;
        let behind = market.changed_slot.zip(market.final_slot);
        items.push(StateItem {
            market: market.address,
            slot: market.slot,
            time: market.time,
            final_slot: market.final_slot,
            behind: behind.map(|(slot, last)| slot.saturating_sub(last).max(0)),
            next_event: checkpoint.as_ref().map(|checkpoint| checkpoint.next_event),
            trouble: checkpoint.and_then(|checkpoint| checkpoint.trouble),
            gaps,
        });
    }
    Ok(Json(List { items, next: None }))
}
