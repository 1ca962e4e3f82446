//! Calls of the oracle that the market signs.

use anchor_lang::prelude::*;
use joulebook_layout::market::seeds;
use oracle::{
    cpi::accounts::{ReleaseInterval, ReturnInterval},
    program::Oracle,
};

use crate::state::{Interval, Market, MeterTable};

/// Tells the oracle that an interval's energy has been taken over, so that its slot can be used again
/// and later readings for it are carried on to the next one. None of the accounts may be borrowed.
///
/// # Errors
/// Those of the oracle.
pub fn release_interval<'info>(
    market: &AccountLoader<'info, Market>,
    meter_table: &AccountLoader<'info, MeterTable>,
    interval: &AccountLoader<'info, Interval>,
    oracle_program: &Program<'info, Oracle>,
) -> Result<()> {
    let accounts = ReleaseInterval {
        settlement: market.to_account_info(),
        meter_table: meter_table.to_account_info(),
        interval: interval.to_account_info(),
    };
    signed(market, |signer| {
        let context = CpiContext::new_with_signer(oracle_program.key(), accounts, signer);
        oracle::cpi::release_interval(context)
    })
}

/// Tells the oracle that an interval's energy will never be taken over, so that it is carried on to the
/// meters' next intervals. None of the accounts may be borrowed.
///
/// # Errors
/// Those of the oracle.
pub fn return_interval<'info>(
    market: &AccountLoader<'info, Market>,
    meter_table: &AccountLoader<'info, MeterTable>,
    interval: &AccountLoader<'info, Interval>,
    oracle_program: &Program<'info, Oracle>,
) -> Result<()> {
    let accounts = ReturnInterval {
        settlement: market.to_account_info(),
        meter_table: meter_table.to_account_info(),
        interval: interval.to_account_info(),
    };
    signed(market, |signer| {
        let context = CpiContext::new_with_signer(oracle_program.key(), accounts, signer);
        oracle::cpi::return_interval(context)
    })
}

/// Makes a call that the market signs.
fn signed(
    market: &AccountLoader<Market>,
    call: impl FnOnce(&[&[&[u8]]]) -> Result<()>,
) -> Result<()> {
    let (community, bump) = {
        let market = market.load()?;
        (market.community, market.bump)
    };
    call(&[&[seeds::MARKET, &community.0, &[bump]]])
}
