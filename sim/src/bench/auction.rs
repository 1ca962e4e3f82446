//! Books of 4,096 orders that are cleared and allocated.

use joulebook_client::{layout::market::NewOrder, market::MARKET_ID};
use joulebook_metering::register::PowerLimits;
use joulebook_units::Watts;

use super::{explain, large_community, open_window, order, ORDERS, ORDERS_PER_SEAT, TICKS};
use crate::{Failure, LocalCommunity};

/// Orders in one instruction.
const BATCH: usize = 64;

/// The dearest of several books.
#[derive(Default)]
pub struct AuctionUnits {
    pub clear: u64,
    pub allocate_per_order: u64,
    /// Of the transaction that does both.
    pub clear_and_allocate: u64,
}

pub fn measure() -> Result<AuctionUnits, String> {
    let mut dearest = AuctionUnits::default();
    for book in [spread_book, crossing_book, empty_middle_book] {
        let (clear, allocate, both) = clear_and_allocate(book)?;
        let per_order = allocate.div_ceil(ORDERS.into());
        dearest.clear = dearest.clear.max(clear);
        dearest.allocate_per_order = dearest.allocate_per_order.max(per_order);
        dearest.clear_and_allocate = dearest.clear_and_allocate.max(both);
    }
    Ok(dearest)
}

/// Orders all over the grid.
fn spread_book(i: usize) -> NewOrder {
    let tick = (i * 2_654_435_761) % usize::from(TICKS);
    order((i % 2) as u8, tick as u16, 1 + (i % 1000) as u32)
}

/// Everyone at one tick in the last block: every fill is rationed.
fn crossing_book(i: usize) -> NewOrder {
    order(
        u8::from(i.is_multiple_of(3)),
        TICKS - 2,
        1 + (i % 1000) as u32,
    )
}

/// Sells at the bottom and buys at the top, in balance: the interval reaches across the empty middle.
fn empty_middle_book(i: usize) -> NewOrder {
    let sells = i % 2 == 1;
    let depth = (i % 60) as u16 / 2;
    let tick = if sells { depth } else { TICKS - 1 - depth };
    order(u8::from(sells), tick, 500)
}

/// With a connection that carries all orders of a seat.
fn join_largely(community: &mut LocalCommunity, name: &str) -> Result<(), Failure> {
    let place = community.take_seat(name)?;
    let limits = PowerLimits {
        import: Watts(10_000_000),
        export: Watts(10_000_000),
    };
    community.add_limited_meter(place, limits)?;
    community.deposit(place, 1_000_000_000)?;
    Ok(())
}

/// Units of clearing, of allocation, of the transaction.
fn clear_and_allocate(book: fn(usize) -> NewOrder) -> Result<(u64, u64, u64), String> {
    let mut community = LocalCommunity::new(large_community())?;
    let all: Vec<NewOrder> = (0..usize::from(ORDERS)).map(book).collect();
    let batches = all.chunks(usize::from(ORDERS_PER_SEAT));
    for seat in 0..batches.len() {
        join_largely(&mut community, &format!("trader {seat}")).map_err(explain)?;
    }
    let start = open_window(&mut community)?;
    for (place, orders) in batches.enumerate() {
        for batch in orders.chunks(BATCH) {
            community
                .place(place, start, batch.to_vec())
                .map_err(explain)?;
        }
    }
    community.chain.set_time(start - 60);
    let receipts = community.clear_and_allocate(start).map_err(explain)?;
    let receipt = receipts.first().ok_or("nothing was sent")?;
    let [clear, allocate] = receipt.units_of(&MARKET_ID)[..] else {
        return Err("two market instructions were expected".to_string());
    };
    Ok((clear, allocate, receipt.compute_units))
}
