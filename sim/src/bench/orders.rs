//! Orders that are placed and cancelled.

use joulebook_client::{
    events::Event,
    layout::market::{NewOrder, OrderRef},
    market::events::MarketEvent,
};

use super::{explain, large_community, open_window, order, units};
use crate::{LocalCommunity, Receipt};

pub struct OrderUnits {
    pub place_first: u64,
    pub place_next: u64,
    pub cancel_first: u64,
    pub cancel_next: u64,
}

pub fn measure() -> Result<OrderUnits, String> {
    let mut community = LocalCommunity::new(large_community())?;
    let trader = community.join("trader", 1_000_000_000).map_err(explain)?;
    let start = open_window(&mut community)?;
    let some = |count: usize| -> Vec<NewOrder> {
        (0..count)
            .map(|i| order((i % 2) as u8, 1000 + 37 * i as u16, 100 + i as u32))
            .collect()
    };
    // The first order of a seat in a window costs a little more: measure that one too.
    let one = community.place(trader, start, some(1)).map_err(explain)?;
    let many = community.place(trader, start, some(33)).map_err(explain)?;
    let (first, all) = (units(&one)?, units(&many)?);
    let cancel_many = community
        .cancel(trader, start, placed(&many))
        .map_err(explain)?;
    let cancel_one = community
        .cancel(trader, start, placed(&one))
        .map_err(explain)?;
    let (cancel_first, cancel_all) = (units(&cancel_one)?, units(&cancel_many)?);
    Ok(OrderUnits {
        place_first: first,
        place_next: all.saturating_sub(first).div_ceil(32),
        cancel_first,
        cancel_next: cancel_all.saturating_sub(cancel_first).div_ceil(32),
    })
}

fn placed(receipt: &Receipt) -> Vec<OrderRef> {
    let events = receipt.events().into_iter();
    let orders = events.filter_map(|event| match event {
        Event::Market(MarketEvent::OrdersPlaced(placed)) => Some(placed.orders),
        _ => None,
    });
    orders
        .flatten()
        .map(|order| OrderRef {
            index: order.index,
            sequence: order.sequence,
        })
        .collect()
}
