use core::result::Result;

use anchor_lang::{prelude::*, Discriminator};
use joulebook_common::{accounts, hot::Hot, numbered::next_number, Addressed};
use joulebook_layout::{market, Address};
use joulebook_settlement::Terms;

use crate::{
    book::{depth_of, BookOrders},
    errors::MarketError,
    events::OrdersCancelled,
    state::{load_book, require_open, Book, Ledger, LedgerView, OrderRef},
};

#[accounts]
pub struct CancelOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = book.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub book: AccountLoader<'info, Book>,
}

#[inline(always)]
pub fn cancel_orders(
    mut ctx: Hot<CancelOrders>,
    start: i64,
    seat: u16,
    orders: &[OrderRef],
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    cancel(
        &accounts.trader.address(),
        accounts.ledger.data(),
        accounts.book.data(),
        start,
        seat,
        orders,
    )?;
    Ok(())
}

#[inline(always)]
fn cancel(
    trader: &Address,
    ledger: &mut [u8],
    book: &mut [u8],
    start: i64,
    index: u16,
    orders: &[OrderRef],
) -> Result<(), MarketError> {
    if orders.is_empty() {
        return Err(MarketError::NoOrders);
    }
    let mut ledger = LedgerView::load(ledger)?;
    let book = load_book(book)?;
    let header = book.header;
    require_open(header, start)?;
    let seat = ledger.open_seat(index)?;
    if !seat.trades_for(trader) {
        return Err(MarketError::NotTrader);
    }
    let standing = book
        .seats
        .get_mut(usize::from(index))
        .ok_or(MarketError::NoSuchSeat)?;

    // A delegate could have an owner's standing order placed, and its caps used up, for nothing.
    if seat.owner != *trader {
        for named in orders {
            let order = book.orders.get(usize::from(named.index));
            let order = order
                .filter(|order| (order.seat, order.sequence) == (index, named.sequence))
                .filter(|order| order.side().is_some());
            if order.is_some_and(|order| order.is_owners != 0) {
                return Err(MarketError::NotOwner);
            }
        }
    }

    let used = usize::from(header.used_orders);
    let locks = Terms::from(&*header).locks();
    let mut left = BookOrders {
        depth: depth_of(book.levels, book.blocks)?,
        orders: book.orders.get_mut(..used).ok_or(MarketError::Broken)?,
        header,
    };
    let unlock = left.remove_all(index, standing, &locks, orders)?;
    let header = left.header;

    let count = orders.len() as u16;
    seat.locked = seat.locked.checked_sub(unlock).ok_or(MarketError::Broken)?;
    seat.credit(unlock).ok_or(MarketError::Overflow)?;
    standing.locked = standing
        .locked
        .checked_sub(unlock)
        .ok_or(MarketError::Broken)?;
    let gone = header.beyond(standing.orders).min(count);
    header.beyond_room = header.beyond_room.saturating_sub(gone);
    standing.orders = standing
        .orders
        .checked_sub(count)
        .ok_or(MarketError::Broken)?;
    if standing.orders == 0 {
        seat.engaged = seat.engaged.checked_sub(1).ok_or(MarketError::Broken)?;
    }
    header.live_orders = header
        .live_orders
        .checked_sub(count)
        .ok_or(MarketError::Broken)?;
    let number = next_number::<OrdersCancelled>(ledger.header);
    log_cancelled(number, header, index, orders);
    Ok(())
}

/// The event, put together by hand: borsh would write every order by itself.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "the list is in memory, so there is room to count it"
)]
fn log_cancelled(number: u64, book: &market::Book, seat: u16, orders: &[OrderRef]) {
    let mut event = Vec::with_capacity(8 + 32 + 2 * 8 + 2 + 4 + size_of_val(orders));
    event.extend_from_slice(OrdersCancelled::DISCRIMINATOR);
    event.extend_from_slice(&book.market.0);
    event.extend_from_slice(&number.to_le_bytes());
    event.extend_from_slice(&book.start.to_le_bytes());
    event.extend_from_slice(&seat.to_le_bytes());
    event.extend_from_slice(&(orders.len() as u32).to_le_bytes());
    event.extend_from_slice(bytemuck::cast_slice(orders));
    anchor_lang::solana_program::log::sol_log_data(&[&event]);
}
