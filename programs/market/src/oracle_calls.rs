//! Calls of the oracle that the market signs.

use anchor_lang::prelude::*;
use joulebook_layout::market::seeds;
use oracle::{cpi::accounts::OpenPage, program::Oracle};

use crate::state::{IntervalPage, Market, MeterTable};

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
    let (community, bump) = {
        let market = market.load()?;
        (market.community, market.bump)
    };
    let accounts = OpenPage {
        settlement: market.to_account_info(),
        meter_table: meter_table.to_account_info(),
        page: page.to_account_info(),
    };
    let signer: &[&[&[u8]]] = &[&[seeds::MARKET, &community.0, &[bump]]];
    let context = CpiContext::new_with_signer(oracle_program.key(), accounts, signer);
    oracle::cpi::open_page(context)
}
