use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_auction::{Clearing, Side};
use joulebook_common::{accounts, hot::Hot, stored::pubkey};
use joulebook_layout::market::{NodeState, Order, Position, Seat, Transition, WindowRows};
use joulebook_settlement::Terms;
use joulebook_units::{bounded_sum, Price, Tick, Wh};

use crate::{
    errors::MarketError,
    events::OrdersAllocated,
    settlement::reward,
    state::{is_due, load_window, Ledger, LedgerView, Window},
};

#[accounts]
pub struct Allocate<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = window.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
}

#[inline(always)]
pub fn allocate(
    mut ctx: Hot<Allocate>,
    limit: u16,
    reward_seat: Option<u16>,
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    let (ledger, window) = (accounts.ledger.data(), accounts.window.data());
    allocate_window(ledger, window, limit, reward_seat)?;
    Ok(())
}

fn allocate_window(
    ledger: &mut [u8],
    window: &mut [u8],
    limit: u16,
    reward_seat: Option<u16>,
) -> Result<(), MarketError> {
    if limit == 0 {
        return Err(MarketError::ZeroLimit);
    }
    let mut ledger = LedgerView::load(ledger)?;
    let mut window = load_window(window)?;
    if !is_due(window.header, Transition::Allocate)? {
        return Ok(());
    }

    let from = window.header.order_cursor;
    let to = from.saturating_add(limit).min(window.header.used_orders);
    fill_orders(&mut window, from, to)?;
    window.header.order_cursor = to;
    let limit = limit.saturating_sub(to.saturating_sub(from));
    if to == window.header.used_orders && limit > 0 {
        let from = window.header.seat_cursor;
        let to = from.saturating_add(limit).min(window.header.seats);
        allocate_seats(&mut window, &mut ledger, from, to)?;
        window.header.seat_cursor = to;
    }
    let header = window.header;
    let done = header.order_cursor == header.used_orders && header.seat_cursor == header.seats;
    if done {
        header.finish(Transition::Allocate);
        header.previous = ledger.append(header.start);
        header.seat_cursor = 0;
        reward(&mut ledger, header, reward_seat)?;
    }
    emit!(OrdersAllocated {
        market: pubkey(header.market),
        window: header.start,
        from,
        to,
        done,
    });
    Ok(())
}

/// Gives the orders `from..to` their fills.
fn fill_orders(window: &mut WindowRows, from: u16, to: u16) -> Result<(), MarketError> {
    let node = window.nodes.first_mut().ok_or(MarketError::NoSuchNode)?;
    // Fills are zero from the start.
    let Some(mut clearing) = clearing_of(node) else {
        return Ok(());
    };
    let orders = window
        .orders
        .get_mut(usize::from(from)..usize::from(to))
        .ok_or(MarketError::Broken)?;
    fill_each(&mut clearing, orders, window.positions)?;
    (node.buys, node.sells) = (clearing.buys, clearing.sells);
    Ok(())
}

/// The clearing to go on filling orders with; `None` if nothing traded.
fn clearing_of(node: &NodeState) -> Option<Clearing> {
    (node.volume > 0).then_some(Clearing {
        volume: node.volume,
        low: Tick(node.low),
        high: Tick(node.high),
        buys: node.buys,
        sells: node.sells,
    })
}

/// In a function of its own, and the two sides apart: so the compiler finds a register for nearly
/// everything.
#[inline(never)]
fn fill_each(
    clearing: &mut Clearing,
    orders: &mut [Order],
    positions: &mut [Position],
) -> Result<(), MarketError> {
    for order in orders {
        match order.side() {
            Some(Side::Buy) => fill(clearing, Side::Buy, order, positions)?,
            Some(Side::Sell) => fill(clearing, Side::Sell, order, positions)?,
            None => {}
        }
    }
    Ok(())
}

#[inline(always)]
fn fill(
    clearing: &mut Clearing,
    side: Side,
    order: &mut Order,
    positions: &mut [Position],
) -> Result<(), MarketError> {
    let fill = clearing.fill(side, order.tick(), order.quantity());
    if fill == Wh(0) {
        return Ok(());
    }
    order.filled = fill.0;
    let position = positions
        .get_mut(usize::from(order.seat))
        .ok_or(MarketError::Broken)?;
    let sum = match side {
        Side::Buy => &mut position.bought,
        Side::Sell => &mut position.sold,
    };
    // Fits: `max_quantity` times the orders a seat may have.
    *sum = sum.wrapping_add(fill.0);
    Ok(())
}

/// Settles accounts for the contracts of the seats `from..to`: buyers pay into the escrow, sellers go on
/// locking what a failed delivery can cost at the price now known, the rest of the locks is free again.
#[inline(never)]
fn allocate_seats(
    window: &mut WindowRows,
    ledger: &mut LedgerView,
    from: u16,
    to: u16,
) -> Result<(), MarketError> {
    let terms = Terms::from(&*window.header);
    let node = window.nodes.first().ok_or(MarketError::NoSuchNode)?;
    let price = Price(node.price);
    let costs = Costs::of(&terms, price).ok_or(MarketError::Overflow)?;
    let range = usize::from(from)..usize::from(to);
    let positions = window
        .positions
        .get(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    let mut escrow = ledger.header.escrow;
    for (position, seat) in positions.iter().zip(seats) {
        if position.orders == 0 {
            continue;
        }
        let (paid, still_locked) = costs.of_position(position).ok_or(MarketError::Broken)?;
        escrow = release_locks(seat, position.locked, still_locked, paid)
            .and_then(|()| bounded_sum(escrow, paid))
            .ok_or(MarketError::Broken)?;
    }
    ledger.header.escrow = escrow;
    Ok(())
}

/// What a kWh of a contract costs once the price is known.
struct Costs {
    /// What a buyer pays.
    bought: Price,
    /// What a seller pays: at a price below zero.
    sold: Price,
    /// What goes on being locked of a buy.
    surplus: Price,
    /// What goes on being locked of a sell.
    shortfall: Price,
}

impl Costs {
    fn of(terms: &Terms, price: Price) -> Option<Costs> {
        Some(Costs {
            bought: terms.all_in(price)?,
            sold: Price(price.0.min(0).checked_neg()?),
            surplus: terms.surplus(price)?,
            shortfall: terms.shortfall(price)?,
        })
    }

    /// What a seat pays for its contracts, and what they go on locking, milli-atoms.
    #[inline(always)]
    fn of_position(&self, position: &Position) -> Option<(u64, u64)> {
        let (bought, sold) = (Wh(position.bought), Wh(position.sold));
        let sum = |buys: Price, sells: Price| {
            bounded_sum((bought * buys).paid().0, (sold * sells).paid().0)
        };
        Some((
            sum(self.bought, self.sold)?,
            sum(self.surplus, self.shortfall)?,
        ))
    }
}

/// `None` if the locks do not cover what they must.
#[inline(always)]
fn release_locks(seat: &mut Seat, locked: u64, still_locked: u64, paid: u64) -> Option<()> {
    let unlocked = locked.checked_sub(still_locked)?;
    let released = unlocked.checked_sub(paid)?;
    seat.locked = seat.locked.checked_sub(unlocked)?;
    seat.free = bounded_sum(seat.free, released)?;
    Some(())
}
