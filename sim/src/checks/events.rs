//! Every event is numbered: none is missing in the logs, and accounts count as many as there were.

use joulebook_client::{
    event_counts::Counter,
    layout::{
        account::read_header,
        market::{Ledger, Market},
        oracle::MeterTable,
        registry::Community,
    },
};

use crate::LocalCommunity;

pub fn are_complete(community: &LocalCommunity) -> Result<(), String> {
    let (chain, at) = (&community.chain, &community.addresses);
    let registry = read_header::<Community>(&chain.data(&at.community)).map(|it| it.events);
    let oracle = read_header::<MeterTable>(&chain.data(&at.meter_table)).map(|it| it.events);
    let market = read_header::<Market>(&chain.data(&at.market)).map(|it| it.events);
    let ledger = read_header::<Ledger>(&chain.data(&at.ledger)).map(|it| it.events);
    let mut counts = chain.counts.clone();
    let counted = [
        (Counter::Community(at.community), registry),
        (Counter::MeterTable(at.meter_table), oracle),
        (Counter::Market(at.market), market),
        (Counter::LedgerOf(at.market), ledger),
    ];
    // Of the accounts that are there.
    let unseen = counted
        .into_iter()
        .filter_map(|(counter, events)| counts.read(counter, events?));
    match chain.gaps.iter().copied().chain(unseen).next() {
        None => Ok(()),
        Some(gap) => Err(format!("events are missing: {gap:?}")),
    }
}
