use anchor_lang::prelude::*;

use crate::{
    errors::MarketError,
    state::{LedgerView, Seat},
};

/// The seat at `index`, if `owner` owns it.
///
/// # Errors
/// [`MarketError::NoSuchSeat`], [`MarketError::NotOwner`].
pub fn owned_seat<'a>(
    ledger: &'a mut LedgerView,
    index: u16,
    owner: &Signer,
) -> Result<&'a mut Seat> {
    let seat = ledger.open_seat(index)?;
    require_keys_eq!(seat.owner, owner.key(), MarketError::NotOwner);
    Ok(seat)
}
