//! A bill from its beginning to its end: from the accounts where they stand, from transactions where they don't any more.

use std::collections::BTreeMap;

use joulebook_client::Addresses;
use joulebook_cluster::{Cluster, Mint};

use super::{
    compare::Compared,
    held::held,
    households::Household,
    past::{transactions, BEFORE, SLACK},
    spans::{cut_off, worked_out},
    work::Work,
    Comparison, Proof, ProofError, Question, LONGEST,
};
use crate::{changes::changes, indexing::Accounts, store::Span, view::View};

/// How often all is read, where accounts change while endpoints are compared.
const ROUNDS: usize = 4;

/// What a bill is worked out from, as it was read at one time.
struct Read {
    view: View,
    household: Household,
    decimals: u8,
    worked_out: Span,
    /// Those that it stands on, and whether each endpoint says the same of them.
    compared: Comparison,
}

impl Read {
    async fn all(
        cluster: &Cluster,
        addresses: &Addresses,
        question: &Question,
    ) -> Result<Read, ProofError> {
        let accounts = Accounts::read(cluster, addresses).await?;
        let view = accounts.view(addresses)?;
        if Addresses::of_market(&view.state.market) != *addresses {
            return Err(ProofError::OtherMarket(question.market));
        }
        let mint = cluster.account(addresses.quote_mint).await?;
        let decimals = mint.as_ref().and_then(Mint::read);
        let decimals = decimals.ok_or(ProofError::NoMint)?.decimals;
        let participant = addresses.participant(&question.household);
        let member = cluster.account(participant).await?;
        let household = Household::read(&view, question.household, member.as_ref())?;
        let length = i64::from(addresses.window_seconds).max(1);
        // Before the market's first page nobody has anything.
        let begins = household
            .approved_at
            .max(view.state.meter_table.header.settled_from);
        let worked_out = worked_out(question.span, begins, view.now, length);
        let mut compared = accounts.some(addresses, worked_out);
        compared.extend([(participant, member), (addresses.quote_mint, mint)]);
        let comparison = Compared {
            addresses,
            seat: household.seat,
        };
        Ok(Read {
            compared: comparison
                .compare(cluster, compared, view.newest_slot)
                .await,
            view,
            household,
            decimals,
            worked_out,
        })
    }

    /// Until nothing of it has changed while it was compared.
    async fn compared(
        cluster: &Cluster,
        addresses: &Addresses,
        question: &Question,
    ) -> Result<Read, ProofError> {
        let mut read = Read::all(cluster, addresses, question).await?;
        for _ in 1..ROUNDS {
            if read.compared.moving.is_empty() {
                break;
            }
            read = Read::all(cluster, addresses, question).await?;
        }
        Ok(read)
    }
}

pub(super) async fn prove(cluster: &Cluster, question: Question) -> Result<Proof, ProofError> {
    let asked = question.span.until.saturating_sub(question.span.since);
    if asked > LONGEST {
        return Err(ProofError::TooLong);
    }
    let addresses = cluster.market(question.market).await?;
    let Read {
        view,
        household,
        decimals,
        worked_out,
        compared,
    } = Read::compared(cluster, &addresses, &question).await?;
    let mut work = Work::begin(&addresses, &view, &household, question, worked_out);
    work.proof.decimals = decimals;
    work.proof.unproven = cut_off(question.span, worked_out, household.has_left);
    work.proof.compared = compared;

    // A page before, too: what was silent there comes to light in the first one.
    let Span { since, until } = worked_out;
    let first = since.saturating_sub(addresses.page_seconds());
    let mut accounts = work.interval_pages(first, until);
    // All that changes values counts its events.
    accounts.push(addresses.meter_table);
    let span = Span {
        since: first.saturating_sub(SLACK + BEFORE),
        until: until.saturating_add(work.latest()).saturating_add(SLACK),
    };
    let told = transactions(cluster, &accounts, span).await?;
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
