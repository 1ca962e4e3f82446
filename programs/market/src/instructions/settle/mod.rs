mod record;
mod seats;

use core::result::Result;

use anchor_lang::prelude::*;

use super::{reward, Arguments};
use crate::{
    errors::MarketError,
    events::SeatsSettled,
    state::{History, HistoryView, Ledger, LedgerView, Phase, Window, WindowView},
    views::Accounts,
};
use record::finish;
use seats::settle_seats;

/// The accounts, for the interface description: [`settle`] takes and checks them.
#[derive(Accounts)]
pub struct Settle<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
    #[account(mut)]
    pub history: AccountLoader<'info, History>,
}

pub fn settle(mut accounts: Accounts, mut arguments: Arguments) -> anchor_lang::Result<()> {
    let mut ledger = accounts.table::<Ledger>()?;
    let mut window = accounts.table::<Window>()?;
    let mut history = accounts.table::<History>()?;
    let settling = Settling {
        limit: arguments.u16()?,
        reward_seat: arguments.option_u16()?,
    };
    settling.settle(ledger.data(), window.data(), history.data())?;
    Ok(())
}

struct Settling {
    /// Seats to settle at most.
    limit: u16,
    reward_seat: Option<u16>,
}

impl Settling {
    fn settle(
        &self,
        ledger: &mut [u8],
        window: &mut [u8],
        history: &mut [u8],
    ) -> Result<(), MarketError> {
        if self.limit == 0 {
            return Err(MarketError::ZeroLimit);
        }
        let mut ledger = LedgerView::load(ledger)?;
        let mut window = WindowView::load(window)?;
        let history = HistoryView::load(history)?;
        let market = window.header.market;
        if market != ledger.header.market || market != history.header.market {
            return Err(MarketError::OtherMarket);
        }
        if window.header.phase > Phase::Metered as u8 {
            return Ok(());
        }
        if !window.header.is(Phase::Metered) {
            return Err(MarketError::WrongPhase);
        }

        ledger.require_turn(window.header)?;

        let from = window.header.seat_cursor;
        let limit = from.saturating_add(self.limit).min(window.header.seats);
        let to = settle_seats(&mut window, &mut ledger, from, limit)?;
        window.header.seat_cursor = to;
        let done = to == window.header.seats;
        emit!(SeatsSettled {
            market,
            window: window.header.start,
            from,
            to,
            done,
        });
        if done {
            finish(&mut window, &mut ledger, history)?;
            ledger.advance(window.header);
            reward(&mut ledger, window.header, self.reward_seat)?;
        }
        Ok(())
    }
}
