use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, hot::Hot, numbered::next_number, Addressed};
use joulebook_layout::{
    market::{self, Side},
    registry::{self, Pause},
    Address,
};
use joulebook_settlement::{DelegatePrices, Terms};
use joulebook_units::Tick;

use crate::{
    book::{check_orders, depth_of, BookOrders, Means, PlacedEvent},
    errors::MarketError,
    events::OrdersPlaced,
    state::{load_book, require_open, Book, Community, Ledger, LedgerView, NewOrder, Participant},
};

#[accounts]
pub struct PlaceOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    /// The seat's participant.
    #[account(constraint = participant.load()?.community == community.address() @ MarketError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(
        mut,
        constraint = book.load()?.market == ledger.load()?.market @ MarketError::WrongMarket,
        constraint = book.load()?.community == community.address() @ MarketError::WrongCommunity,
    )]
    pub book: AccountLoader<'info, Book>,
}

#[inline(always)]
pub fn place_orders(
    mut ctx: Hot<PlaceOrders>,
    start: i64,
    orders: &[NewOrder],
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    let participant = accounts.participant.load()?;
    require_trading(accounts.community.load()?, participant)?;
    place(
        &accounts.trader.address(),
        participant,
        accounts.ledger.data(),
        accounts.book.data(),
        start,
        orders,
    )?;
    Ok(())
}

/// # Errors
/// [`MarketError::TradingPaused`], [`MarketError::NotActive`].
#[inline(always)]
fn require_trading(
    community: &registry::Community,
    participant: &registry::Participant,
) -> Result<(), MarketError> {
    if community.is_paused(Pause::TRADING) {
        return Err(MarketError::TradingPaused);
    }
    if !participant.is_active() {
        return Err(MarketError::NotActive);
    }
    Ok(())
}

#[inline(always)]
fn place(
    trader: &Address,
    member: &registry::Participant,
    ledger: &mut [u8],
    book: &mut [u8],
    start: i64,
    orders: &[NewOrder],
) -> Result<(), MarketError> {
    let mut ledger = LedgerView::load(ledger)?;
    let book = load_book(book)?;
    let header = book.header;
    require_open(header, start)?;
    // Nearly nobody is a supplier.
    let (owes_others, margin) = if ledger.header.has_place(member.index) {
        as_supplier(ledger.header, member.index)
    } else {
        (false, 0)
    };
    let number = next_number::<OrdersPlaced>(ledger.header);
    let seat = ledger.open_seat(member.index)?;
    if seat.owner != member.wallet {
        return Err(MarketError::NotOwner);
    }
    if !seat.trades_for(trader) {
        return Err(MarketError::NotTrader);
    }
    check_creditworthy(seat, header)?;
    if owes_others {
        return Err(MarketError::ClaimsUnpaid);
    }
    let standing = book
        .seats
        .get_mut(usize::from(member.index))
        .ok_or(MarketError::NoSuchSeat)?;
    let count = u16::try_from(orders.len()).map_err(|_| MarketError::TooManyOrders)?;
    if count == 0 {
        return Err(MarketError::NoOrders);
    }
    let live = standing
        .orders
        .checked_add(count)
        .filter(|live| *live <= header.max_orders_per_seat)
        .ok_or(MarketError::TooManyOrders)?;
    let beyond_room = header.room_for(live, count).ok_or(MarketError::BookFull)?;
    let available = seat.free.saturating_sub(margin);
    let mut means = Means {
        free: available,
        may_buy: standing.may_buy,
        may_sell: standing.may_sell,
    };
    check_orders(orders, header, member.roles(), &mut means, margin)?;
    let lock = available.wrapping_sub(means.free);
    if seat.owner != *trader {
        check_bounds(seat, orders, header)?;
        lock_as_delegate(seat, lock)?;
    }
    let mut event = PlacedEvent::new(number, header, member.index, count);
    let mut entered = BookOrders {
        depth: depth_of(book.levels, book.blocks)?,
        orders: book.orders,
        header,
    };
    entered.enter_all(member.index, orders, event.orders())?;
    let header = entered.header;
    seat.free = seat.free.wrapping_sub(lock);
    seat.locked = seat.locked.checked_add(lock).ok_or(MarketError::Overflow)?;
    if standing.orders == 0 {
        seat.engaged = seat.engaged.checked_add(1).ok_or(MarketError::Overflow)?;
    }
    standing.locked = standing
        .locked
        .checked_add(lock)
        .ok_or(MarketError::Overflow)?;
    (standing.may_buy, standing.may_sell) = (means.may_buy, means.may_sell);
    standing.orders = live;
    header.beyond_room = beyond_room;
    header.live_orders = header
        .live_orders
        .checked_add(count)
        .ok_or(MarketError::Overflow)?;
    // SAFETY: the event was made for `count` orders, and `enter_all` wrote each of them.
    unsafe { event.emit() };
    Ok(())
}

/// Whether a supplier owes others, and what it can't lock, milli-atoms.
#[cold]
#[inline(never)]
fn as_supplier(ledger: &market::Ledger, seat: u16) -> (bool, u64) {
    (ledger.owes_others(seat), ledger.margin_of(seat))
}

/// Whether a delegate may order at these prices.
///
/// # Errors
/// [`MarketError::DelegatePrice`].
#[inline(never)]
fn check_bounds(
    seat: &market::Seat,
    orders: &[NewOrder],
    book: &market::Book,
) -> Result<(), MarketError> {
    let prices = DelegatePrices::of(&seat.delegate_bounds, &Terms::from(book));
    for order in orders {
        let side = if order.side == 0 {
            Side::Buy
        } else {
            Side::Sell
        };
        if !prices.allow(side, book.price(Tick(order.tick))) {
            return Err(MarketError::DelegatePrice);
        }
    }
    Ok(())
}

/// # Errors
/// [`MarketError::DelegateLimit`].
#[inline(never)]
fn lock_as_delegate(seat: &mut market::Seat, lock: u64) -> Result<(), MarketError> {
    let now = now().map_err(|_| MarketError::Broken)?;
    let day = u32::try_from(now.day()).map_err(|_| MarketError::Broken)?;
    seat.lock_as_delegate(lock, day)
        .ok_or(MarketError::DelegateLimit)
}

/// # Errors
/// [`MarketError::InDebt`], [`MarketError::MetersSilent`].
fn check_creditworthy(seat: &market::Seat, book: &market::Book) -> Result<(), MarketError> {
    if seat.debt() > 0 {
        return Err(MarketError::InDebt);
    }
    if seat.is_silent(book.max_silent) {
        return Err(MarketError::MetersSilent);
    }
    Ok(())
}
