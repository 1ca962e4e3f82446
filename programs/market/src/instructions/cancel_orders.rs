use anchor_lang::prelude::*;
use joulebook_auction::Side;

use super::book_of;
use crate::{
    errors::MarketError,
    events::{OrderRef, OrdersCancelled},
    state::{Ledger, LedgerView, OrderState, Phase, Window, WindowView, MAX_SEQUENCE},
};

#[derive(Accounts)]
pub struct CancelOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

pub fn cancel_orders(ctx: Context<CancelOrders>, seat: u16, orders: Vec<OrderRef>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(!orders.is_empty(), MarketError::NoOrders);
    let mut ledger_data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = accounts.window.as_ref().try_borrow_mut_data()?;
    let window = WindowView::load(&mut window_data)?;
    let header = window.header;
    require!(
        header.market == ledger.header.market,
        MarketError::OtherMarket
    );
    require!(header.is(Phase::Open), MarketError::NotOpen);
    require!(
        Clock::get()?.unix_timestamp < header.gate,
        MarketError::GateClosed
    );
    let record = ledger.open_seat(seat)?;
    require!(
        record.trades_for(accounts.trader.key),
        MarketError::NotTrader
    );
    let position = window
        .positions
        .get_mut(usize::from(seat))
        .ok_or(MarketError::NoSuchSeat)?;

    let grid = header.grid()?;
    let terms = header.terms();
    let used = usize::from(header.used_orders);
    let mut book = book_of(window.levels, window.blocks)?;
    let mut unlock = 0u64;
    for cancelled in &orders {
        let order = window
            .orders
            .get_mut(..used)
            .and_then(|orders| orders.get_mut(usize::from(cancelled.index)))
            .filter(|order| order.sequence == cancelled.sequence)
            .ok_or(MarketError::NoSuchOrder)?;
        let side = order.side().ok_or(MarketError::NoSuchOrder)?;
        require!(order.seat == seat, MarketError::NotYourOrder);
        let (tick, quantity) = (order.tick(), order.quantity());
        let price = grid.price(tick).ok_or(MarketError::OffGrid)?;
        let cost = match side {
            Side::Buy => terms.buy_lock(quantity, price).ok_or(MarketError::Overflow)?,
            Side::Sell => terms.sell_lock(quantity, price),
        };
        unlock = unlock.checked_add(cost.0).ok_or(MarketError::Overflow)?;
        book.remove(side, tick, quantity).map_err(|_| MarketError::Broken)?;

        order.state = OrderState::Free as u8;
        // A worn-out slot stays out of the list.
        if order.sequence < MAX_SEQUENCE {
            order.quantity = u32::from(header.free_order);
            header.free_order = cancelled.index;
        }
    }

    let count = orders.len() as u16;
    record.locked = record.locked.checked_sub(unlock).ok_or(MarketError::Broken)?;
    record.credit(unlock)?;
    position.orders = position.orders.checked_sub(count).ok_or(MarketError::Broken)?;
    if position.orders == 0 {
        record.engaged = record.engaged.checked_sub(1).ok_or(MarketError::Broken)?;
    }
    header.live_orders = header
        .live_orders
        .checked_sub(count)
        .ok_or(MarketError::Broken)?;
    emit!(OrdersCancelled {
        market: header.market,
        window: header.start,
        seat,
        orders,
    });
    Ok(())
}
