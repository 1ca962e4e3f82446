use anchor_lang::prelude::*;
use joulebook_layout::{market, Address};

use super::notice_over;
use crate::{errors::MarketError, state::LedgerView};

/// Whether `signer` owns the seat of the supplier that prices are for which are signed now.
///
/// # Errors
/// [`MarketError::SupplierChanges`] while they would hold for two suppliers, who would both have to agree;
/// [`MarketError::NoSuchSeat`], [`MarketError::NotSupplier`].
pub fn require_supplier(
    ledger: &mut LedgerView,
    market: &market::Market,
    now: i64,
    signer: Address,
) -> Result<()> {
    let header = &*ledger.header;
    let is_for_both = header.awaits_supplier() && notice_over(market, now) < header.supplier_from;
    require!(!is_for_both, MarketError::SupplierChanges);
    let supplier = header.supplier(header.supplying).seat;
    let seat = ledger.open_seat(supplier)?;
    require!(seat.owner == signer, MarketError::NotSupplier);
    Ok(())
}
