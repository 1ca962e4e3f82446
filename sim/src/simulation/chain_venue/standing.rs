//! Standing orders as the market takes them.

use joulebook_client::market::types::StandingEntry;
use joulebook_strategy::{StandingOrder, ENTERED};
use joulebook_units::Seconds;

/// In the places in which a household has them; nothing where it has none.
pub fn entries(orders: &[Option<StandingOrder>; ENTERED]) -> Vec<StandingEntry> {
    let places = (0u8..).zip(orders);
    places
        .map(|(place, order)| StandingEntry {
            place,
            rule: order.as_ref().map(|order| order.rule(0, Seconds(0))),
        })
        .collect()
}
