use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::stored::pubkey;
use joulebook_layout::market::Window;

use crate::{errors::MarketError, events::KeeperRewarded, state::LedgerView};

/// Pays the keeper that finished a step of `window`, if it names a seat and there are fees.
///
/// # Errors
/// [`MarketError::NoSuchSeat`].
pub fn reward(
    ledger: &mut LedgerView,
    window: &Window,
    seat: Option<u16>,
) -> Result<(), MarketError> {
    let amount = ledger.reward_keeper(seat, window.keeper_reward)?;
    if let (Some(seat), true) = (seat, amount > 0) {
        emit!(KeeperRewarded {
            market: pubkey(window.market),
            window: window.start,
            seat,
            amount,
        });
    }
    Ok(())
}
