use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_auction::Clearing;
use joulebook_common::{accounts, hot::Hot, stored::pubkey};
use joulebook_layout::market::{NodeState, Transition};
use joulebook_units::Price;

use crate::{
    book::book_of,
    errors::MarketError,
    events::WindowCleared,
    state::{is_due, load_window, Window},
};

#[accounts]
pub struct Clear<'info> {
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

#[inline(always)]
pub fn clear(mut ctx: Hot<Clear>) -> anchor_lang::Result<()> {
    clear_window(ctx.accounts.window.data())?;
    Ok(())
}

fn clear_window(window: &mut [u8]) -> Result<(), MarketError> {
    let window = load_window(window)?;
    let header = window.header;
    if !is_due(header, Transition::Clear)? {
        return Ok(());
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
        *node = outcome(&clearing, price);
    }
    header.finish(Transition::Clear);
    emit!(WindowCleared {
        market: pubkey(header.market),
        window: header.start,
        volume: node.volume,
        price: node.price,
        low: node.low,
        high: node.high,
    });
    Ok(())
}

fn outcome(clearing: &Clearing, price: Price) -> NodeState {
    NodeState {
        volume: clearing.volume,
        buys: clearing.buys,
        sells: clearing.sells,
        price: price.0,
        low: clearing.low.0,
        high: clearing.high.0,
    }
}
