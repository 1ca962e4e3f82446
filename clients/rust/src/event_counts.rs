//! Whether events are missing: each has a number, and the account that gives it says how many there were.

use std::collections::BTreeMap;

use solana_address::Address;

use crate::{events::Event, market::events::MarketEvent};

/// An account that counts events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    Community(Address),
    MeterTable(Address),
    Market(Address),
    /// That of the market with this address.
    LedgerOf(Address),
}

/// Events of one account that were not seen: those with the numbers `from` to before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub counter: Counter,
    pub from: u64,
    pub until: u64,
}

/// Notices events that are missing. Begin with what the accounts say ([`EventCounts::read`]), or with their first events.
#[derive(Clone, Debug, Default)]
pub struct EventCounts {
    /// The number of the next event.
    next: BTreeMap<Counter, u64>,
}

impl EventCounts {
    /// Takes an event of a transaction that succeeded; what is missing before it. Transactions come in their order. An event
    /// that was taken before changes nothing, but for the number 0: there the account was closed and made anew.
    pub fn take(&mut self, event: &Event) -> Option<Gap> {
        let (counter, number) = number_of(event)?;
        let next = self.next.entry(counter).or_default();
        let from = *next;
        if number < from && number > 0 {
            return None;
        }
        *next = number.saturating_add(1);
        gap(counter, from, number)
    }

    /// Takes what an account says, `events` of it; what is missing until then. It goes on from there: read the rows of the
    /// account together with this number, and nothing of what is missing is missed.
    pub fn read(&mut self, counter: Counter, events: u64) -> Option<Gap> {
        let from = self.next.insert(counter, events)?;
        gap(counter, from, events)
    }
}

fn gap(counter: Counter, from: u64, until: u64) -> Option<Gap> {
    (from < until).then_some(Gap {
        counter,
        from,
        until,
    })
}

/// Which account counts an event, and its number there. `None` for an event without a number: what it says stands in an
/// account.
pub fn number_of(event: &Event) -> Option<(Counter, u64)> {
    let (counter, (about, number)): (fn(Address) -> Counter, _) = match event {
        Event::Registry(event) => (Counter::Community, event.number()?),
        Event::Oracle(event) => (Counter::MeterTable, event.number()?),
        Event::Market(event) if is_of_market(event) => (Counter::Market, event.number()?),
        Event::Market(event) => (Counter::LedgerOf, event.number()?),
    };
    Some((counter(about), number))
}

/// Whether the market's own account counts it: what is agreed, not money and orders.
fn is_of_market(event: &MarketEvent) -> bool {
    matches!(
        event,
        MarketEvent::MarketCreated(_)
            | MarketEvent::TermsChanged(_)
            | MarketEvent::TariffChanged(_)
            | MarketEvent::MarketEnds(_)
            | MarketEvent::MarketClosed(_)
            | MarketEvent::ProgramAdmitted(_)
            | MarketEvent::ProgramRetired(_)
    )
}
