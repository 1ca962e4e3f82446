use anchor_lang::prelude::*;
use joulebook_auction::Side;
use joulebook_units::{Price, Wh};

use super::reward;
use crate::{
    errors::MarketError,
    events::OrdersAllocated,
    state::{Ledger, LedgerView, Phase, Window, WindowView},
};

/// A step that goes through the window's orders or seats against the ledger.
#[derive(Accounts)]
pub struct Allocate<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

pub fn allocate(ctx: Context<Allocate>, limit: u16, reward_seat: Option<u16>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(limit > 0, MarketError::ZeroLimit);
    let mut ledger_data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = accounts.window.as_ref().try_borrow_mut_data()?;
    let mut window = WindowView::load(&mut window_data)?;
    require!(
        window.header.market == ledger.header.market,
        MarketError::OtherMarket
    );
    if window.header.phase > Phase::Cleared as u8 {
        return Ok(());
    }
    require!(window.header.is(Phase::Cleared), MarketError::WrongPhase);

    let from = window.header.order_cursor;
    let to = from.saturating_add(limit).min(window.header.used_orders);
    fill_orders(&mut window, &mut ledger, from, to)?;
    let header = window.header;
    header.order_cursor = to;
    let done = to == header.used_orders;
    if done {
        header.phase = Phase::Allocated as u8;
        reward(&mut ledger, header, reward_seat)?;
    }
    emit!(OrdersAllocated {
        market: header.market,
        window: header.start,
        from,
        to,
        done,
    });
    Ok(())
}

/// Gives the orders `from..to` their fills: buyers pay into the escrow, sellers go on locking what a
/// failed delivery can cost at the price now known, the rest of the locks is free again.
fn fill_orders(window: &mut WindowView, ledger: &mut LedgerView, from: u16, to: u16) -> Result<()> {
    let grid = window.header.grid()?;
    let terms = window.header.terms();
    let node = window.nodes.first_mut().ok_or(MarketError::NoSuchNode)?;
    let mut clearing = node.clearing();
    let price = Price(node.price);
    let all_in = terms.all_in(price).ok_or(MarketError::Overflow)?;
    let shortfall = terms.shortfall(price);
    let orders = window
        .orders
        .get_mut(usize::from(from)..usize::from(to))
        .ok_or(MarketError::Broken)?;
    let mut escrow = ledger.header.escrow;
    for order in orders {
        let Some(side) = order.side() else { continue };
        let (tick, quantity) = (order.tick(), order.quantity());
        let fill = match &mut clearing {
            Some(clearing) => clearing.fill(side, tick, quantity),
            None => Wh(0),
        };
        let limit = grid.price(tick).ok_or(MarketError::Broken)?;
        let seat = ledger
            .seats
            .get_mut(usize::from(order.seat))
            .ok_or(MarketError::Broken)?;
        let position = window
            .positions
            .get_mut(usize::from(order.seat))
            .ok_or(MarketError::Broken)?;
        let (lock, still_locked, paid) = match side {
            Side::Buy => {
                position.bought = position
                    .bought
                    .checked_add(fill.0)
                    .ok_or(MarketError::Broken)?;
                let lock = terms.buy_lock(quantity, limit).ok_or(MarketError::Broken)?;
                (lock.0, 0, (fill * all_in).0)
            }
            Side::Sell => {
                position.sold = position
                    .sold
                    .checked_add(fill.0)
                    .ok_or(MarketError::Broken)?;
                let lock = terms.sell_lock(quantity, limit);
                (lock.0, (fill * shortfall).0, 0)
            }
        };
        order.filled = fill.0;
        let unlocked = lock.checked_sub(still_locked).ok_or(MarketError::Broken)?;
        let released = unlocked.checked_sub(paid).ok_or(MarketError::Broken)?;
        seat.locked = seat.locked.checked_sub(unlocked).ok_or(MarketError::Broken)?;
        seat.free = seat.free.checked_add(released).ok_or(MarketError::Broken)?;
        escrow = escrow.checked_add(paid).ok_or(MarketError::Broken)?;
    }
    ledger.header.escrow = escrow;
    if let Some(clearing) = &clearing {
        node.store(clearing);
    }
    Ok(())
}
