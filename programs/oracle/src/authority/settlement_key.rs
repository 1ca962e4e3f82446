use anchor_lang::prelude::*;
use joulebook_layout::Address;

use crate::errors::OracleError;

/// Whether the signer may open pages: the settlement key, or anybody while none is set.
pub fn opens_pages(settlement: Address, signer: Address) -> bool {
    settlement == Address::NOBODY || settlement == signer
}

/// # Errors
/// [`OracleError::SettlementInUse`] if the account at the settlement key is still there.
pub fn check_settlement_gone(settlement: &AccountInfo) -> Result<()> {
    let unset = *settlement.key == Pubkey::default();
    let gone = *settlement.owner == System::id() && settlement.data_is_empty();
    require!(unset || gone, OracleError::SettlementInUse);
    Ok(())
}
