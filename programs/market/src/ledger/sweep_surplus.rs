use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use joulebook_common::{accounts, Addressed};
use joulebook_units::Atoms;

use crate::{
    errors::MarketError,
    events::SurplusSwept,
    state::{Ledger, LedgerView, Market},
};

#[accounts]
pub struct SweepSurplus<'info> {
    #[account(constraint = market.load()?.vault == vault.address() @ MarketError::WrongMarket)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    pub vault: InterfaceAccount<'info, TokenAccount>,
}

pub fn sweep_surplus(ctx: Context<SweepSurplus>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let ledger = LedgerView::load(&mut data)?;
    let vault = Atoms(accounts.vault.amount)
        .to_milli()
        .ok_or(MarketError::Overflow)?;
    let seats = ledger
        .seats
        .iter()
        .try_fold(0u64, |sum, seat| sum.checked_add(seat.money()?));
    let header = ledger.header;
    let surplus = seats
        .and_then(|seats| seats.checked_add(header.escrow)?.checked_add(header.fees))
        .and_then(|owned| vault.0.checked_sub(owned))
        .ok_or(MarketError::Broken)?;

    if surplus > 0 {
        header.fees = header
            .fees
            .checked_add(surplus)
            .ok_or(MarketError::Overflow)?;
        emit!(SurplusSwept {
            market: accounts.market.key(),
            amount: surplus,
        });
    }
    Ok(())
}
