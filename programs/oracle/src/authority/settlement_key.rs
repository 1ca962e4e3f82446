use anchor_lang::prelude::*;

use crate::errors::OracleError;

/// # Errors
/// [`OracleError::SettlementInUse`] if the account at the settlement key is still there.
pub fn check_settlement_gone(settlement: &AccountInfo) -> Result<()> {
    let unset = *settlement.key == Pubkey::default();
    let gone = *settlement.owner == System::id() && settlement.data_is_empty();
    require!(unset || gone, OracleError::SettlementInUse);
    Ok(())
}
