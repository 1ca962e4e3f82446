use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_auction::Clearing;
use joulebook_common::{accounts, clock::now, emit_unnumbered, hot::Hot, stored::pubkey};
use joulebook_layout::market::{NodeState, Transition};
use joulebook_units::Price;

use crate::{
    book::depth_of,
    errors::MarketError,
    events::WindowCleared,
    state::{is_due, load_book, Book},
};

#[accounts]
pub struct Clear<'info> {
    #[account(mut)]
    pub book: AccountLoader<'info, Book>,
}

#[inline(always)]
pub fn clear(mut ctx: Hot<Clear>) -> anchor_lang::Result<()> {
    clear_book(ctx.accounts.book.data())?;
    Ok(())
}

fn clear_book(book: &mut [u8]) -> Result<(), MarketError> {
    let book = load_book(book)?;
    let header = book.header;
    if !is_due(header, Transition::Clear)? {
        return Ok(());
    }
    let now = now().map_err(|_| MarketError::Broken)?;
    if now.0 < header.gate {
        return Err(MarketError::GateOpen);
    }
    let node = book.nodes.first_mut().ok_or(MarketError::NoSuchNode)?;
    let clearing = depth_of(book.levels, book.blocks)?
        .clear()
        .map_err(|_| MarketError::Overflow)?;
    if let Some(clearing) = clearing {
        let price = Price::middle(header.price(clearing.low), header.price(clearing.high));
        *node = outcome(&clearing, price);
    }
    header.finish(Transition::Clear);
    emit_unnumbered!(WindowCleared {
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
