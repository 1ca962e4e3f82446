use anchor_lang::prelude::*;
use joulebook_layout::Address;

use crate::{errors::MarketError, state::LedgerView};

/// Whether `signer` owns the seat of the supplier that prices are for which are signed now.
///
/// # Errors
/// [`MarketError::SupplierChanges`] while another supplier is named and has no page yet;
/// [`MarketError::NoSuchSeat`], [`MarketError::NotSupplier`].
pub fn require_supplier(ledger: &mut LedgerView, signer: Address) -> Result<()> {
    let header = &*ledger.header;
    // When the one that is named begins can still move: neither of the two may sign for the other.
    require!(!header.awaits_supplier(), MarketError::SupplierChanges);
    let supplier = header.supplier(header.supplying).seat;
    let seat = ledger.open_seat(supplier)?;
    require!(seat.owner == signer, MarketError::NotSupplier);
    Ok(())
}
