use anyhow::{anyhow, ensure, Context, Error, Result};
use joulebook_auction::Side;
use joulebook_client::{
    layout::market::{self, BookRows, NewOrder, Phase},
    market::MARKET_ID,
    tables::BookTable,
};
use joulebook_units::{Tick, Wh, MILLI_ATOMS_PER_ATOM};

use super::{AuctionResult, MarketSize, TickOrder, TradedVolume};
use crate::{LocalCommunity, Receipt};

/// Instructions in one transaction, of one order each: more fit its size, but not the log's.
const ORDERS_PER_TRANSACTION: usize = 16;
/// Orders that are allocated in one transaction, well within its compute units.
const ALLOCATION: u16 = 8192;

/// Holds an auction in the market program: places the orders one by one, in their sequence, clears, and
/// allocates. The compute units are those that the program itself took for all of that, as the virtual
/// machine logs them; setting up the market and its traders is not counted.
///
/// # Errors
/// A missing program, or what the chain refused.
pub fn clear_on_chain(orders: &[TickOrder], size: MarketSize) -> Result<(AuctionResult, u64)> {
    let mut community = LocalCommunity::new(size.parameters()).map_err(Error::msg)?;
    let start = community.next_start();
    community.open_window(start).context("opening the window")?;
    lift_connections(&mut community, start)?;
    let mut units = 0;
    for orders in orders.chunks(size.orders_per_trader.into()) {
        units += place(&mut community, start, orders)?;
    }
    community.chain.set_time(start);
    units += auction(&mut community, start)?;
    Ok((result_of(&community.book(start)), units))
}

/// The traders of an exchange have no connections that bound what they order: writes that into the book, as no instruction could.
fn lift_connections(community: &mut LocalCommunity, start: i64) -> Result<()> {
    let address = community.addresses.book(start);
    let svm = &mut community.chain.svm;
    let mut account = svm.get_account(&address).context("there is no book")?;
    let book = BookRows::cut(&mut account.data).context("the book is cut off")?;
    for seat in book.seats {
        (seat.may_buy, seat.may_sell) = (u32::MAX, u32::MAX);
    }
    svm.set_account(address, account)
        .map_err(|error| anyhow!("{error:?}"))
}

/// Gives a new trader money and places its orders; returns the program's compute units.
fn place(community: &mut LocalCommunity, start: i64, orders: &[TickOrder]) -> Result<u64> {
    let name = format!("trader {}", community.households.len() + 1);
    let index = community.take_seat(&name).context("taking a seat")?;
    let atoms = stake(orders).div_ceil(MILLI_ATOMS_PER_ATOM);
    if atoms > 0 {
        community.deposit(index, atoms).context("depositing")?;
    }
    let mut units = 0;
    for batch in orders.chunks(ORDERS_PER_TRANSACTION) {
        let trader = &community.households[index];
        let instructions: Vec<_> = batch
            .iter()
            .map(|order| community.orders_of(trader, start, vec![new_order(order)]))
            .collect();
        let receipt = community
            .chain
            .send(&instructions, &[&trader.wallet])
            .context("placing orders")?;
        units += program_units(&receipt, batch.len())?;
    }
    Ok(units)
}

fn auction(community: &mut LocalCommunity, start: i64) -> Result<u64> {
    let clear = community.addresses.clear(start);
    let receipt = community
        .send_with_full_budget(&[clear])
        .context("clearing")?;
    let mut units = program_units(&receipt, 1)?;
    while community.book(start).phase() == Some(Phase::Cleared) {
        let allocate = community.addresses.allocate(start, ALLOCATION, None);
        let receipt = community
            .send_with_full_budget(&[allocate])
            .context("allocating")?;
        units += program_units(&receipt, 1)?;
    }
    Ok(units)
}

/// Milli-atoms that the orders lock: the market has no fees, its buys their limit, its sells the least.
fn stake(orders: &[TickOrder]) -> u64 {
    let cost = |order: &TickOrder| match order.side {
        Side::Buy => order.tick.0.max(1),
        Side::Sell => 1,
    };
    let locks = orders
        .iter()
        .map(|order| u64::from(order.quantity.0) * u64::from(cost(order)));
    locks.sum()
}

pub fn new_order(order: &TickOrder) -> NewOrder {
    NewOrder {
        quantity: order.quantity.0,
        tick: order.tick.0,
        side: match order.side {
            Side::Buy => market::Side::Buy as u8,
            Side::Sell => market::Side::Sell as u8,
        },
        ..NewOrder::default()
    }
}

/// The program's part of a transaction with so many instructions of it.
fn program_units(receipt: &Receipt, instructions: usize) -> Result<u64> {
    let units = receipt.units_of(&MARKET_ID);
    ensure!(
        units.len() == instructions,
        "the log of a transaction was cut off, so its compute units can't be told"
    );
    Ok(units.iter().sum())
}

/// What an allocated book says of its auction. Nothing was cancelled in it, so its orders stand in the
/// sequence in which they were placed.
pub fn result_of(book: &BookTable) -> AuctionResult {
    let node = book.nodes.first().copied().unwrap_or_default();
    AuctionResult {
        traded: (node.volume > 0).then_some(TradedVolume {
            volume: node.volume,
            low: Tick(node.low),
            high: Tick(node.high),
        }),
        fills: book
            .live_orders()
            .map(|(_, order)| Wh(order.filled))
            .collect(),
    }
}
