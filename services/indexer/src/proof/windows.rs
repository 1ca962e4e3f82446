//! A bill from its beginning to its end: from the accounts where they stand, from transactions where they don't any more.

use std::collections::BTreeMap;

use joulebook_cluster::Cluster;

use super::{
    compare::Compared,
    held::held,
    households::Household,
    past::{transactions, SLACK},
    spans::{cut_off, worked_out},
    work::Work,
    Proof, ProofError, Question, LONGEST,
};
use crate::{changes::changes, indexing::Accounts, store::Span};

pub(super) async fn prove(cluster: &Cluster, question: Question) -> Result<Proof, ProofError> {
    let asked = question.span.until.saturating_sub(question.span.since);
    if asked > LONGEST {
        return Err(ProofError::TooLong);
    }
    let addresses = cluster.market(question.market).await?;
    let mint = cluster.mint(addresses.quote_mint).await?;
    let decimals = mint.ok_or(ProofError::NoMint)?.decimals;
    let accounts = Accounts::read(cluster, &addresses).await?;
    let view = accounts.view(&addresses)?;
    let participant = addresses.participant(&question.household);
    let member = cluster.account(participant).await?;
    let household = Household::read(&view, question.household, member.as_ref())?;
    let length = i64::from(addresses.window_seconds).max(1);
    // Before the market's first page nobody has anything.
    let begins = household
        .approved_at
        .max(view.state.meter_table.header.settled_from);
    let worked_out = worked_out(question.span, begins, view.now, length);
    let mut work = Work::begin(&addresses, &view, &household, question, worked_out);
    work.proof.decimals = decimals;
    work.proof.unproven = cut_off(question.span, worked_out, household.has_left);
    let mut compared = accounts.some(&addresses, worked_out);
    compared.push((participant, member));
    let comparison = Compared {
        addresses: &addresses,
        seat: household.seat,
    };
    work.proof.compared = comparison
        .compare(cluster, compared, view.newest_slot)
        .await;

    // A page before, too: what was silent there comes to light in the first one.
    let Span { since, until } = worked_out;
    let first = since.saturating_sub(addresses.page_seconds());
    let pages = work.interval_pages(first, until);
    let latest = i64::from(view.state.meter_table.header.correction_seconds)
        .saturating_add(addresses.page_seconds());
    let span = Span {
        since: first.saturating_sub(SLACK),
        until: until.saturating_add(latest).saturating_add(SLACK),
    };
    let told = transactions(cluster, &pages, span).await?;
    work.hear(&told);

    let all = changes(None, &work.known(), &view)?;
    let held = held(&all, household.seat);
    let missing: Vec<i64> = work
        .starts()
        .filter(|start| !held.contains_key(start))
        .collect();
    let replays = match missing.is_empty() {
        true => BTreeMap::new(),
        false => work.replays(cluster, &missing).await?,
    };
    for start in work.starts() {
        match held.get(&start) {
            Some((window, position)) => work.add_held(window, position),
            None => work.add_past(start, replays.get(&start)),
        }
    }
    work.add_endings(&all.endings);
    work.leave_endings_open();
    if let Some(why) = told.why_short() {
        work.leave_open(since, until, why);
    }
    work.name_accounts();
    Ok(work.proof)
}
