//! Compute units of the programs' operations: what they should take, and what they do. Each is what the
//! program itself consumed, as the virtual machine logs it; `clear_and_allocate_4096` is a whole
//! transaction.

use joulebook_client::{events::Event, oracle::ORACLE_ID};
use joulebook_client::{
    layout::market::{NewOrder, OrderRef},
    market::{events::MarketEvent, MARKET_ID},
};

mod figures;

pub use figures::{Figures, Operation, OPERATIONS};

use crate::{LocalCommunity, Parameters, Receipt};

const TICKS: u16 = 4096;
const ORDERS: usize = 4096;
const PER_SEAT: u16 = 128;
const BATCH: usize = 64;
const SEATS: usize = 1000;

/// Measures everything on the programs in `target/deploy`.
///
/// # Errors
/// What is missing, or what the chain refused.
pub fn measure() -> Result<Figures, String> {
    let (place_first, place_next, cancel_first, cancel_next) = orders()?;
    let mut clear_4096_ticks = 0;
    let mut allocate_per_order = 0;
    let mut clear_and_allocate_4096 = 0;
    for book in [spread_book, crossing_book, empty_middle_book] {
        let (clear, allocate, both) = auction(book)?;
        clear_4096_ticks = clear_4096_ticks.max(clear);
        allocate_per_order = allocate_per_order.max(allocate.div_ceil(ORDERS as u64));
        clear_and_allocate_4096 = clear_and_allocate_4096.max(both);
    }
    let (reading_each, settle_per_seat) = settlement()?;
    Ok(Figures {
        place_first,
        place_next,
        cancel_first,
        cancel_next,
        clear_4096_ticks,
        allocate_per_order,
        settle_per_seat,
        clear_and_allocate_4096,
        reading_each,
    })
}

fn large_community() -> Parameters {
    let mut parameters = Parameters {
        ring: 4,
        interval_ring: 4,
        seats: 64,
        orders: ORDERS as u16,
        ticks: TICKS,
        max_orders_per_seat: PER_SEAT,
        ..Parameters::default()
    };
    parameters.terms.horizon = 300;
    parameters.terms.metering_grace = 300;
    parameters.terms.floor_price = 0;
    parameters.terms.tick_size = 100;
    parameters
}

fn units(receipt: &Receipt) -> Result<u64, String> {
    let units = receipt.units_of(&MARKET_ID);
    units
        .last()
        .copied()
        .ok_or("no market instruction".to_string())
}

fn order(side: u8, tick: u16, quantity: u32) -> NewOrder {
    NewOrder {
        quantity,
        tick,
        side,
        node: 0,
    }
}

fn orders() -> Result<(u64, u64, u64, u64), String> {
    let mut community = LocalCommunity::new(large_community())?;
    let said = |failure: crate::Failure| failure.to_string();
    let trader = community.join("trader", 1_000_000_000).map_err(said)?;
    let start = community.next_start();
    community.open_window(start).map_err(said)?;
    let some = |count: usize| -> Vec<NewOrder> {
        (0..count)
            .map(|i| order((i % 2) as u8, 1000 + 37 * i as u16, 100 + i as u32))
            .collect()
    };
    let refs = |receipt: &Receipt| -> Vec<OrderRef> {
        receipt
            .events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Market(MarketEvent::OrdersPlaced(placed)) => Some(placed.orders),
                _ => None,
            })
            .flatten()
            .map(|order| OrderRef {
                index: order.index,
                sequence: order.sequence,
            })
            .collect()
    };
    // The first order of a seat in a window costs a little more: measure that one too.
    let one = community.place(trader, start, some(1)).map_err(said)?;
    let many = community.place(trader, start, some(33)).map_err(said)?;
    let (first, all) = (units(&one)?, units(&many)?);
    let cancel_many = community.cancel(trader, start, refs(&many)).map_err(said)?;
    let cancel_one = community.cancel(trader, start, refs(&one)).map_err(said)?;
    let (cancel_first, cancel_all) = (units(&cancel_one)?, units(&cancel_many)?);
    Ok((
        first,
        all.saturating_sub(first).div_ceil(32),
        cancel_first,
        cancel_all.saturating_sub(cancel_first).div_ceil(32),
    ))
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

/// Clears and allocates a book of 4,096 orders: units of clearing, of allocation, of the transaction.
fn auction(book: fn(usize) -> NewOrder) -> Result<(u64, u64, u64), String> {
    let mut community = LocalCommunity::new(large_community())?;
    let said = |failure: crate::Failure| failure.to_string();
    let start = community.next_start();
    community.open_window(start).map_err(said)?;
    let all: Vec<NewOrder> = (0..ORDERS).map(book).collect();
    for (seat, orders) in all.chunks(usize::from(PER_SEAT)).enumerate() {
        let place = community
            .join(&format!("trader {seat}"), 1_000_000_000)
            .map_err(said)?;
        for batch in orders.chunks(BATCH) {
            community
                .place(place, start, batch.to_vec())
                .map_err(said)?;
        }
    }
    community.chain.set_time(start - 60);
    let receipts = community.clear_and_allocate(start).map_err(said)?;
    let receipt = receipts.first().ok_or("nothing was sent")?;
    let [clear, allocate] = receipt.units_of(&MARKET_ID)[..] else {
        return Err("two market instructions were expected".to_string());
    };
    Ok((clear, allocate, receipt.compute_units))
}

/// One reading in a batch; taking over the readings and settling, by seat.
fn settlement() -> Result<(u64, u64), String> {
    let parameters = Parameters {
        meters: SEATS as u16,
        seats: SEATS as u16 + 2,
        orders: 1024,
        ..large_community()
    };
    let mut community = LocalCommunity::new(parameters)?;
    let said = |failure: crate::Failure| failure.to_string();
    community.fund_supplier(1_000_000_000_000).map_err(said)?;
    let first = community.next_start();
    community.chain.set_time(first);
    for seat in 0..SEATS {
        community
            .join(&format!("household {seat}"), 1_000_000_000)
            .map_err(said)?;
    }
    let start = first + i64::from(community.parameters.window_seconds);
    community.open_window(start).map_err(said)?;
    for place in 0..SEATS {
        let orders = vec![order((place % 2) as u8, 1500, 1000)];
        community.place(place, start, orders).map_err(said)?;
    }
    community.chain.set_time(start);
    community.clear_and_allocate(start).map_err(said)?;
    for interval in [first, start] {
        community.open_interval(interval).map_err(said)?;
        community
            .chain
            .set_time(interval + i64::from(community.parameters.window_seconds));
        let flows: Vec<(u64, u64)> = (0..SEATS as u64).map(|i| (900 + i, 40 * (i % 3))).collect();
        let readings = community.read_meters(interval, &flows);
        let receipts = community.submit(interval, readings).map_err(said)?;
        if interval == start {
            let batch = receipts.first().ok_or("no readings were sent")?;
            let [units] = batch.units_of(&ORACLE_ID)[..] else {
                return Err("one oracle instruction was expected".to_string());
            };
            let receipts = community.meter_and_settle(start).map_err(said)?;
            let [meter, settle] = receipts[0].units_of(&MARKET_ID)[..] else {
                return Err("two market instructions were expected".to_string());
            };
            return Ok((units.div_ceil(8), (meter + settle).div_ceil(SEATS as u64)));
        }
    }
    Err("the window was not settled".to_string())
}
