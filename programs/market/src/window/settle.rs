use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, hot::Hot, stored::pubkey};
use joulebook_layout::market::Transition;

use crate::{
    errors::MarketError,
    events::SeatsSettled,
    settlement::{finish, reward, settle_seats},
    state::{is_due, load_window, History, HistoryView, Ledger, LedgerView, Window},
};

#[accounts]
pub struct Settle<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = window.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
    #[account(mut, constraint = history.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub history: AccountLoader<'info, History>,
}

#[inline(always)]
pub fn settle(
    mut ctx: Hot<Settle>,
    limit: u16,
    reward_seat: Option<u16>,
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    settle_window(
        accounts.ledger.data(),
        accounts.window.data(),
        accounts.history.data(),
        limit,
        reward_seat,
    )?;
    Ok(())
}

fn settle_window(
    ledger: &mut [u8],
    window: &mut [u8],
    history: &mut [u8],
    limit: u16,
    reward_seat: Option<u16>,
) -> Result<(), MarketError> {
    if limit == 0 {
        return Err(MarketError::ZeroLimit);
    }
    let mut ledger = LedgerView::load(ledger)?;
    let mut window = load_window(window)?;
    let history = HistoryView::load(history)?;
    let market = window.header.market;
    if !is_due(window.header, Transition::Settle)? {
        return Ok(());
    }
    ledger.require_turn(window.header)?;

    let from = window.header.seat_cursor;
    let to = from.saturating_add(limit).min(window.header.seats);
    settle_seats(&mut window, &mut ledger, from, to)?;
    window.header.seat_cursor = to;
    let done = to == window.header.seats;
    emit!(SeatsSettled {
        market: pubkey(market),
        window: window.header.start,
        from,
        to,
        done,
    });
    if done {
        finish(&mut window, &mut ledger, history)?;
        ledger.advance(window.header);
        reward(&mut ledger, window.header, reward_seat)?;
    }
    Ok(())
}
