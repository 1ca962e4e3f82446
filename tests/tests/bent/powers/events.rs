//! Events: every one that an account has counted was told, and who may make it count one changed nothing else in it.

use std::mem::offset_of;

use joulebook_client::{
    event_counts::{Counter, EventCounts},
    events,
    layout::{
        market::{Ledger, Market},
        oracle::MeterTable,
        registry::Community,
        DISCRIMINATOR_LEN,
    },
};
use solana_account::Account;

use super::{change::Change, table::Power, Attempt};

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    let mut counts = EventCounts::default();
    let counting = changes.iter().filter_map(counting);
    let counting: Result<Vec<Counting>, String> = counting.collect();
    let counting = counting?;
    for Counting {
        counter, before, ..
    } in &counting
    {
        counts.read(*counter, *before);
    }
    let told = events::events(attempt.logs);
    let missing = told.iter().find_map(|event| counts.take(event));
    let unseen = counting
        .iter()
        .find_map(|one| counts.read(one.counter, one.after?));
    if let Some(gap) = missing.or(unseen) {
        return Err(format!("events are missing: {gap:?}"));
    }
    for Counting {
        change,
        events_at,
        before,
        after,
        ..
    } in counting
    {
        if after.is_some_and(|after| after < before) {
            return Err("it forgot events".to_string());
        }
        let kind = change.kind.as_deref().unwrap_or_default();
        let counts_only = power.may_count_events(kind);
        if counts_only && without(&change.before, events_at) != without(&change.after, events_at) {
            return Err(format!(
                "it changed more of a {kind} than its count of events"
            ));
        }
    }
    Ok(())
}

/// A changed account that counts events.
struct Counting<'a> {
    change: &'a Change,
    counter: Counter,
    /// Where the count stands in its data.
    events_at: usize,
    /// How many there were.
    before: u64,
    /// How many there are; `None` if the account is gone.
    after: Option<u64>,
}

/// `None` for an account that counts none.
fn counting(change: &Change) -> Option<Result<Counting<'_>, String>> {
    let offset = match change.kind.as_deref()? {
        "Community" => offset_of!(Community, events),
        "MeterTable" => offset_of!(MeterTable, events),
        "Market" => offset_of!(Market, events),
        "Ledger" => offset_of!(Ledger, events),
        _ => return None,
    };
    let events_at = DISCRIMINATOR_LEN + offset;
    let events = |account: &Option<Account>| {
        let bytes = account.as_ref()?.data.get(events_at..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    };
    Some(counter_of(change).map(|counter| Counting {
        change,
        counter,
        events_at,
        before: events(&change.before).unwrap_or(0),
        after: events(&change.after),
    }))
}

fn counter_of(change: &Change) -> Result<Counter, String> {
    Ok(match change.kind.as_deref() {
        Some("Community") => Counter::Community(change.address),
        Some("MeterTable") => Counter::MeterTable(change.address),
        Some("Market") => Counter::Market(change.address),
        _ => Counter::LedgerOf(change.header::<Ledger>()?.market.0.into()),
    })
}

/// The account with its count taken out.
fn without(account: &Option<Account>, events_at: usize) -> Option<Account> {
    let mut account = account.clone()?;
    account.data.get_mut(events_at..events_at + 8)?.fill(0);
    Some(account)
}
