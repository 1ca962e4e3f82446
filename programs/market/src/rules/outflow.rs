use anchor_lang::prelude::*;
use joulebook_common::clock::now;
use joulebook_layout::{
    market::{self, Seat},
    Address,
};

use crate::{errors::MarketError, state::LedgerView};

/// Takes `amount` milli-atoms of a seat's free money for its owner, who may carry it out of the market or let it leave
/// through another seat: what others may yet have a right to stays.
///
/// # Errors
/// [`MarketError::NoSuchSeat`], [`MarketError::NotOwner`]; [`MarketError::ClaimsUnpaid`] for a supplier that owes
/// others; [`MarketError::NotEnoughFree`], for a supplier [`MarketError::MarginKept`].
pub fn take_free<'a>(
    ledger: &'a mut LedgerView,
    market: &market::Market,
    seat: u16,
    owner: Address,
    amount: u64,
) -> Result<&'a mut Seat> {
    let owes_others = ledger.header.owes_others(seat);
    let now = now()?.0;
    let margin = if market.has_ended(ledger.header.last_final, now) {
        0
    } else {
        ledger.header.margin_of(seat)
    };
    let row = ledger.owned_seat(seat, owner)?;
    require!(!owes_others, MarketError::ClaimsUnpaid);
    let left = row.free.checked_sub(amount);
    let left = left.filter(|left| *left >= margin);
    row.free = left.ok_or(too_little(margin))?;
    Ok(row)
}

/// What is wrong where free money does not suffice beside the margin, milli-atoms.
pub fn too_little(margin: u64) -> MarketError {
    if margin > 0 {
        MarketError::MarginKept
    } else {
        MarketError::NotEnoughFree
    }
}
