//! Calls that the market signs.

use anchor_lang::prelude::*;
use joulebook_layout::market::seeds;

use crate::state::Market;

/// Makes a call with the market's signature. The market must not be borrowed.
///
/// # Errors
/// Those of the call.
pub fn signed<T>(
    market: &AccountLoader<Market>,
    call: impl FnOnce(&[&[&[u8]]]) -> Result<T>,
) -> Result<T> {
    let (community, number, bump) = {
        let market = market.load()?;
        (market.community, market.number, market.bump)
    };
    let number = number.to_le_bytes();
    call(&[&[seeds::MARKET, &community.0, &number, &[bump]]])
}
