//! Events of the three programs in a transaction's log.

use base64::{engine::general_purpose::STANDARD, Engine};

use crate::{
    market::events::MarketEvent, oracle::events::OracleEvent, registry::events::RegistryEvent,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Registry(RegistryEvent),
    Oracle(OracleEvent),
    Market(MarketEvent),
}

/// The events in a transaction's log, in order.
///
/// A log says who spoke only by its frame of `invoke` and `success` lines, and any program can log any
/// bytes: trust the log of a transaction only as far as the programs it calls.
pub fn events(logs: &[String]) -> Vec<Event> {
    logs.iter()
        .filter_map(|line| line.strip_prefix("Program data: "))
        .filter_map(|data| STANDARD.decode(data).ok())
        .filter_map(|bytes| decode(&bytes))
        .collect()
}

/// The event in the bytes of one log entry; `None` if they are not of these programs.
pub fn decode(bytes: &[u8]) -> Option<Event> {
    MarketEvent::from_bytes(bytes)
        .map(Event::Market)
        .or_else(|| OracleEvent::from_bytes(bytes).map(Event::Oracle))
        .or_else(|| RegistryEvent::from_bytes(bytes).map(Event::Registry))
}
