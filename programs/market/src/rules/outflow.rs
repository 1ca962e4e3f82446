use anchor_lang::prelude::*;
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
/// others; [`MarketError::NotEnoughFree`].
pub fn take_free<'a>(
    ledger: &'a mut LedgerView,
    market: &market::Market,
    seat: u16,
    owner: Address,
    amount: u64,
) -> Result<&'a mut Seat> {
    let owes_others = seat == market.supplier && ledger.header.claims > 0;
    let row = ledger.owned_seat(seat, owner)?;
    require!(!owes_others, MarketError::ClaimsUnpaid);
    row.free = row
        .free
        .checked_sub(amount)
        .ok_or(MarketError::NotEnoughFree)?;
    Ok(row)
}
