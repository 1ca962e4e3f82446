use anchor_lang::prelude::*;
use joulebook_common::clock::now;
use joulebook_layout::market::{Ledger, Market, Page};

use crate::errors::MarketError;

/// Whether nothing happens in a market now: it has ended, or no page was opened yet.
///
/// # Errors
/// None but the runtime's, if it shows no clock.
pub fn is_idle(market: &Market, ledger: &Ledger) -> Result<bool> {
    let now = now()?.0;
    Ok(market.last_page == Page::NEVER || market.has_ended(ledger.last_final, now))
}

/// # Errors
/// [`MarketError::NotEnded`] while windows may still need what is to be closed.
pub fn require_ended(market: &Market, ledger: &Ledger) -> Result<()> {
    require!(is_idle(market, ledger)?, MarketError::NotEnded);
    Ok(())
}
