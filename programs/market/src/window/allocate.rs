use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_auction::{Clearing, Side};
use joulebook_common::{accounts, emit_numbered, hot::Hot, stored::pubkey};
use joulebook_layout::market::{
    self, BookRows, BookSeat, NodeState, Order, PageRows, PageWindow, Position, Seat, Transition,
    WindowStatus,
};
use joulebook_settlement::Terms;
use joulebook_units::{bounded_sum, Price, Seconds, Tick, UnixTime, Wh, WhSum};

use crate::{
    errors::MarketError,
    events::{KeeperRewarded, OrdersAllocated, WindowAllocated},
    state::{is_due, load_book, load_page, Book, Ledger, LedgerView, Page},
};

#[accounts]
pub struct Allocate<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    /// That of the window.
    #[account(mut, constraint = page.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub page: AccountLoader<'info, Page>,
    #[account(mut, constraint = book.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub book: AccountLoader<'info, Book>,
}

#[inline(always)]
pub fn allocate(
    mut ctx: Hot<Allocate>,
    limit: u16,
    reward_seat: Option<u16>,
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    allocate_book(
        accounts.ledger.data(),
        accounts.page.data(),
        accounts.book.data(),
        limit,
        reward_seat,
    )?;
    Ok(())
}

fn allocate_book(
    ledger: &mut [u8],
    page: &mut [u8],
    book: &mut [u8],
    limit: u16,
    reward_seat: Option<u16>,
) -> Result<(), MarketError> {
    if limit == 0 {
        return Err(MarketError::ZeroLimit);
    }
    let mut ledger = LedgerView::load(ledger)?;
    let mut page = load_page(page)?;
    let mut book = load_book(book)?;
    if !is_due(book.header, Transition::Allocate)? {
        return Ok(());
    }
    let (window, positions) = window_of(&mut page, book.header).ok_or(MarketError::WrongPage)?;

    let from = book.header.order_cursor;
    let to = from.saturating_add(limit).min(book.header.used_orders);
    fill_orders(&mut book, from, to)?;
    book.header.order_cursor = to;
    let limit = limit.saturating_sub(to.saturating_sub(from));
    if to == book.header.used_orders && limit > 0 {
        let from = book.header.seat_cursor;
        let to = from.saturating_add(limit).min(book.header.seats);
        allocate_seats(&mut book, positions, &mut ledger, from, to)?;
        book.header.seat_cursor = to;
    }
    let header = &mut *book.header;
    let done = header.order_cursor == header.used_orders && header.seat_cursor == header.seats;
    emit_numbered!(
        ledger.header,
        OrdersAllocated {
            market: pubkey(header.market),
            window: header.start,
            from,
            to,
            done,
        }
    );
    if done {
        header.finish(Transition::Allocate);
        let node = book.nodes.first().ok_or(MarketError::NoSuchNode)?;
        record(&mut ledger, window, header, node)?;
        reward(&mut ledger, window, header, reward_seat)?;
    }
    Ok(())
}

/// The window of a book, with its positions. `None` if the page is another one, or the window has its contracts.
#[inline(always)]
fn window_of<'p>(
    page: &'p mut PageRows,
    book: &market::Book,
) -> Option<(&'p mut PageWindow, &'p mut [Position])> {
    let length = book.end.checked_sub(book.start)?;
    let number =
        UnixTime(book.start).lengths_since(UnixTime(page.header.start), Seconds(length))?;
    page.window(u16::try_from(number).ok()?)
        .filter(|(window, _)| window.is(WindowStatus::Open))
}

/// The outcome into the page; what buyers paid beside the price to whom it belongs.
fn record(
    ledger: &mut LedgerView,
    window: &mut PageWindow,
    book: &market::Book,
    node: &NodeState,
) -> Result<(), MarketError> {
    let terms = Terms::from(book);
    let volume = WhSum(node.volume);
    let value = |price: Price| volume.value(price).ok_or(MarketError::Overflow);
    let grid_fees = value(terms.grid_fee)?.paid().0;
    let market_fees = value(terms.market_fee(Price(node.price)))?.paid().0;
    let rest = ledger.header.escrow.checked_sub(grid_fees);
    let rest = rest.and_then(|rest| rest.checked_sub(market_fees));
    ledger.header.escrow = rest.ok_or(MarketError::Broken)?;
    ledger.credit(window.grid_operator, grid_fees)?;
    let fees = ledger.header.fees.checked_add(market_fees);
    ledger.header.fees = fees.ok_or(MarketError::Overflow)?;

    window.volume = node.volume;
    window.price = node.price;
    window.low = node.low;
    window.high = node.high;
    window.orders = book.live_orders;
    window.market_fees = market_fees;
    window.status = WindowStatus::Allocated as u8;
    emit_numbered!(
        ledger.header,
        WindowAllocated {
            market: pubkey(book.market),
            window: book.start,
            volume: node.volume,
            price: node.price,
            grid_fees,
            market_fees,
        }
    );
    Ok(())
}

/// Pays the keeper that finished the allocation, if it names a seat, out of what the window itself brought in: nobody
/// is paid for windows without orders.
fn reward(
    ledger: &mut LedgerView,
    window: &PageWindow,
    book: &market::Book,
    seat: Option<u16>,
) -> Result<(), MarketError> {
    let Some(seat) = seat else { return Ok(()) };
    let amount = book.keeper_reward.min(window.market_fees);
    let amount = ledger.reward_keeper(seat, amount)?;
    if amount > 0 {
        emit_numbered!(
            ledger.header,
            KeeperRewarded {
                market: pubkey(book.market),
                window: book.start,
                seat,
                amount,
            }
        );
    }
    Ok(())
}

/// Gives the orders `from..to` their fills.
fn fill_orders(book: &mut BookRows, from: u16, to: u16) -> Result<(), MarketError> {
    let node = book.nodes.first_mut().ok_or(MarketError::NoSuchNode)?;
    // Fills are zero from the start.
    let Some(mut clearing) = clearing_of(node) else {
        return Ok(());
    };
    let orders = book
        .orders
        .get_mut(usize::from(from)..usize::from(to))
        .ok_or(MarketError::Broken)?;
    fill_each(&mut clearing, orders, book.seats)?;
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
    seats: &mut [BookSeat],
) -> Result<(), MarketError> {
    for order in orders {
        match order.side() {
            Some(Side::Buy) => fill(clearing, Side::Buy, order, seats)?,
            Some(Side::Sell) => fill(clearing, Side::Sell, order, seats)?,
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
    seats: &mut [BookSeat],
) -> Result<(), MarketError> {
    let fill = clearing.fill(side, order.tick(), order.quantity());
    if fill == Wh(0) {
        return Ok(());
    }
    order.filled = fill.0;
    let seat = seats
        .get_mut(usize::from(order.seat))
        .ok_or(MarketError::Broken)?;
    let sum = match side {
        Side::Buy => &mut seat.bought,
        Side::Sell => &mut seat.sold,
    };
    // Fits: at most what the seat could order in all.
    *sum = sum.wrapping_add(fill.0);
    Ok(())
}

/// Moves the contracts of the seats `from..to` into their positions: whoever pays for them pays into the escrow, what not
/// keeping them can cost at the price now known goes on being locked, the rest of the locks is free again.
#[inline(never)]
fn allocate_seats(
    book: &mut BookRows,
    positions: &mut [Position],
    ledger: &mut LedgerView,
    from: u16,
    to: u16,
) -> Result<(), MarketError> {
    let terms = Terms::from(&*book.header);
    let node = book.nodes.first().ok_or(MarketError::NoSuchNode)?;
    let price = Price(node.price);
    let costs = Costs::of(&terms, price).ok_or(MarketError::Overflow)?;
    let range = usize::from(from)..usize::from(to);
    let broken = MarketError::Broken;
    let standings = book.seats.get(range.clone()).ok_or(broken)?;
    let positions = positions
        .get_mut(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    let mut escrow = ledger.header.escrow;
    for ((standing, position), seat) in standings.iter().zip(positions).zip(seats) {
        if standing.orders > 0 {
            let paid = costs.contract(standing, position, seat);
            let paid = paid.ok_or(MarketError::Broken)?;
            escrow = bounded_sum(escrow, paid).ok_or(MarketError::Broken)?;
        }
    }
    ledger.header.escrow = escrow;
    Ok(())
}

/// What a kWh of a contract costs and earns once the price is known.
struct Costs {
    /// What a buyer pays.
    bought: Price,
    /// What a seller pays: at a price below zero.
    sold: Price,
    /// What goes on being locked of a buy.
    surplus: Price,
    /// What goes on being locked of a sell.
    shortfall: Price,
    /// The clearing price.
    price: Price,
}

impl Costs {
    fn of(terms: &Terms, price: Price) -> Option<Costs> {
        Some(Costs {
            bought: terms.all_in(price)?,
            sold: Price(price.0.min(0).checked_neg()?),
            surplus: terms.surplus(price)?,
            shortfall: terms.shortfall(price)?,
            price,
        })
    }

    /// Turns a seat's fills into its position; what it pays for them, milli-atoms. `None` if its locks do not cover what
    /// they must.
    #[inline(never)]
    fn contract(
        &self,
        standing: &BookSeat,
        position: &mut Position,
        seat: &mut Seat,
    ) -> Option<u64> {
        let (bought, sold) = (Wh(standing.bought), Wh(standing.sold));
        let sum = |buys: Price, sells: Price| {
            bounded_sum((bought * buys).paid().0, (sold * sells).paid().0)
        };
        let paid = sum(self.bought, self.sold)?;
        let kept = sum(self.surplus, self.shortfall)?;
        let unlocked = standing.locked.checked_sub(kept)?;
        let released = unlocked.checked_sub(paid)?;
        seat.locked = seat.locked.checked_sub(unlocked)?;
        seat.free = bounded_sum(seat.free, released)?;
        if bought.0 | sold.0 == 0 {
            seat.engaged = seat.engaged.checked_sub(1)?;
            return Some(paid);
        }
        // A sell earns at a price above zero, a buy below.
        let earning = if self.price > Price::ZERO {
            sold
        } else {
            bought
        };
        position.bought = bought.0;
        position.sold = sold.0;
        position.earns = (earning * self.price).magnitude().0;
        position.locked = kept;
        // Sums of 32-bit numbers.
        seat.bought = seat.bought.wrapping_add(bought.0.into());
        seat.sold = seat.sold.wrapping_add(sold.0.into());
        Some(paid)
    }
}
