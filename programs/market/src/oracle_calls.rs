//! Calls of the oracle that the market signs.

use anchor_lang::prelude::*;
use oracle::{
    cpi::accounts::{OpenPage, ReleaseSettlement},
    program::Oracle,
};

use crate::{
    signing::signed,
    state::{IntervalPage, Market, MeterTable},
};

/// Opens the oracle's next page: whoever settles its energy says when, so that no slot is used again before what it
/// holds is final. None of the accounts may be borrowed.
///
/// # Errors
/// Those of the oracle.
pub fn open_page<'info>(
    market: &AccountLoader<'info, Market>,
    meter_table: &AccountLoader<'info, MeterTable>,
    page: &AccountLoader<'info, IntervalPage>,
    oracle_program: &Program<'info, Oracle>,
) -> Result<()> {
    let accounts = OpenPage {
        settlement: market.to_account_info(),
        meter_table: meter_table.to_account_info(),
        page: page.to_account_info(),
    };
    signed(market, |signer| {
        let context = CpiContext::new_with_signer(oracle_program.key(), accounts, signer);
        oracle::cpi::open_page(context)
    })
}

/// Lets another market settle the meters. None of the accounts may be borrowed.
///
/// # Errors
/// Those of the oracle.
pub fn release_meter_table<'info>(
    market: &AccountLoader<'info, Market>,
    meter_table: &AccountLoader<'info, MeterTable>,
    oracle_program: &Program<'info, Oracle>,
) -> Result<()> {
    let accounts = ReleaseSettlement {
        settlement: market.to_account_info(),
        meter_table: meter_table.to_account_info(),
    };
    signed(market, |signer| {
        let context = CpiContext::new_with_signer(oracle_program.key(), accounts, signer);
        oracle::cpi::release_settlement(context)
    })
}
