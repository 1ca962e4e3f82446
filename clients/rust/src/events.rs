//! Events of the three programs in a transaction's log.

use base64::{engine::general_purpose::STANDARD, Engine};
use solana_address::Address;

use crate::{
    market::{events::MarketEvent, MARKET_ID},
    oracle::{events::OracleEvent, ORACLE_ID},
    registry::{events::RegistryEvent, REGISTRY_ID},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Registry(RegistryEvent),
    Oracle(OracleEvent),
    Market(MarketEvent),
}

/// The events in a transaction's log, in order.
///
/// Any program can log any bytes: an event counts only between the `invoke` and the end of the program
/// that it belongs to. A node may cut a long log short; the events behind the cut are then missing, which
/// [`EventCounts`](crate::event_counts::EventCounts) notices. What a transaction that failed reported never happened.
pub fn events(logs: &[String]) -> Vec<Event> {
    let mut running = Vec::new();
    let mut events = Vec::new();
    for line in logs {
        match Line::of(line) {
            Line::Invoke(program) => running.push(program),
            Line::End => {
                running.pop();
            }
            Line::Data(data) => {
                let bytes = STANDARD.decode(data).ok();
                let event = running.last().zip(bytes);
                events.extend(event.and_then(|(program, bytes)| decode(program, &bytes)));
            }
            Line::Other => {}
        }
    }
    events
}

/// A line of a log.
enum Line<'a> {
    Invoke(Address),
    /// Of the program that runs.
    End,
    Data(&'a str),
    Other,
}

impl Line<'_> {
    fn of(line: &str) -> Line<'_> {
        if let Some(data) = line.strip_prefix("Program data: ") {
            return Line::Data(data);
        }
        let words = line
            .strip_prefix("Program ")
            .and_then(|rest| rest.split_once(' '));
        let Some((Ok(program), rest)) = words.map(|(key, rest)| (key.parse::<Address>(), rest))
        else {
            return Line::Other;
        };
        if rest.starts_with("invoke [") {
            Line::Invoke(program)
        } else if rest == "success" || rest.starts_with("failed") {
            Line::End
        } else {
            Line::Other
        }
    }
}

impl Event {
    /// Its number, to be changed; `None` for an event without one.
    pub fn number_mut(&mut self) -> Option<&mut u64> {
        match self {
            Event::Registry(event) => event.number_mut(),
            Event::Oracle(event) => event.number_mut(),
            Event::Market(event) => event.number_mut(),
        }
    }

    /// The program that it belongs to.
    pub fn program(&self) -> Address {
        match self {
            Event::Registry(_) => REGISTRY_ID,
            Event::Oracle(_) => ORACLE_ID,
            Event::Market(_) => MARKET_ID,
        }
    }
}

/// The event in the bytes that a program logged; `None` if they are none of its. Programs have events of the same name,
/// which their bytes do not tell apart.
pub fn decode(program: &Address, bytes: &[u8]) -> Option<Event> {
    match *program {
        REGISTRY_ID => RegistryEvent::from_bytes(bytes).map(Event::Registry),
        ORACLE_ID => OracleEvent::from_bytes(bytes).map(Event::Oracle),
        MARKET_ID => MarketEvent::from_bytes(bytes).map(Event::Market),
        _ => None,
    }
}
