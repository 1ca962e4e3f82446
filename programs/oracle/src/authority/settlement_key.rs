use anchor_lang::prelude::*;
use joulebook_common::Addressed;
use joulebook_layout::{account::read_header, market::Market, programs, Address};

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

/// Whether a market is there that settles this meter table.
///
/// # Errors
/// That of borrowing the account's data.
pub fn is_market_of(settlement: &AccountInfo, meter_table: Address) -> Result<bool> {
    if settlement.owner.address() != programs::MARKET {
        return Ok(false);
    }
    let data = settlement.try_borrow_data()?;
    let market = read_header::<Market>(&data);
    Ok(market.is_some_and(|market| market.meter_table == meter_table))
}
