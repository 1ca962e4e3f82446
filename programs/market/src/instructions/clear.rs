use anchor_lang::prelude::*;
use joulebook_units::Price;

use super::book_of;
use crate::{
    errors::MarketError,
    events::WindowCleared,
    state::{borrow_table, NodeState, Phase, Window, WindowView},
};

#[derive(Accounts)]
pub struct Clear<'info> {
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub window: UncheckedAccount<'info>,
}

pub fn clear(ctx: Context<Clear>) -> Result<()> {
    let mut data = borrow_table::<Window>(&ctx.accounts.window)?;
    let window = WindowView::load(&mut data)?;
    let header = window.header;
    if header.phase > Phase::Open as u8 {
        return Ok(());
    }
    require!(header.is(Phase::Open), MarketError::WrongPhase);
    require!(
        Clock::get()?.unix_timestamp >= header.gate,
        MarketError::GateOpen
    );
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
