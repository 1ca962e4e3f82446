use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_units::Price;

use super::{book_of, Arguments};
use crate::{
    errors::MarketError,
    events::WindowCleared,
    state::{NodeState, Phase, Window, WindowView},
    views::Accounts,
};

/// The accounts, for the interface description: [`clear`] takes and checks them.
#[derive(Accounts)]
pub struct Clear<'info> {
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

pub fn clear(mut accounts: Accounts, _: Arguments) -> anchor_lang::Result<()> {
    let mut window = accounts.table::<Window>()?;
    clear_window(window.data())?;
    Ok(())
}

fn clear_window(window: &mut [u8]) -> Result<(), MarketError> {
    let window = WindowView::load(window)?;
    let header = window.header;
    if header.phase > Phase::Open as u8 {
        return Ok(());
    }
    if !header.is(Phase::Open) {
        return Err(MarketError::WrongPhase);
    }
    let now = Clock::get().map_err(|_| MarketError::Broken)?;
    if now.unix_timestamp < header.gate {
        return Err(MarketError::GateOpen);
    }
    let node = window.nodes.first_mut().ok_or(MarketError::NoSuchNode)?;
    let clearing = book_of(window.levels, window.blocks)?
        .clear()
        .map_err(|_| MarketError::Overflow)?;
    if let Some(clearing) = clearing {
        let price = Price::middle(header.price(clearing.low), header.price(clearing.high));
        *node = NodeState::cleared(&clearing, price);
    }
    header.phase = Phase::Cleared as u8;
    emit!(WindowCleared {
        market: header.market,
        window: header.start,
        volume: node.volume,
        price: node.price,
        low: node.low,
        high: node.high,
    });
    Ok(())
}
