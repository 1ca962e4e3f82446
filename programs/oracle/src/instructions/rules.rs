use anchor_lang::prelude::*;
use joulebook_units::{Seconds, UnixTime};

use crate::errors::OracleError;

/// The last interval boundary that is not after the Clock.
///
/// # Errors
/// [`OracleError::Overflow`] for a Clock no chain shows.
pub fn last_boundary(length: Seconds) -> Result<UnixTime> {
    let now = UnixTime(Clock::get()?.unix_timestamp);
    Ok(now.boundary(length).ok_or(OracleError::Overflow)?)
}

/// # Errors
/// [`OracleError::SettlementInUse`] if the account at the settlement key is still there.
pub fn check_settlement_gone(settlement: &AccountInfo) -> Result<()> {
    let unset = *settlement.key == Pubkey::default();
    let gone = *settlement.owner == System::id() && settlement.data_is_empty();
    require!(unset || gone, OracleError::SettlementInUse);
    Ok(())
}
