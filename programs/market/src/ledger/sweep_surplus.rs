use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_units::{Atoms, MILLI_ATOMS_PER_ATOM};

use crate::{
    errors::MarketError,
    events::SurplusSwept,
    ledger::MOST_MONEY,
    state::{Ledger, Market},
};

#[accounts]
pub struct SweepSurplus<'info> {
    #[account(constraint = market.load()?.vault == vault.address() @ MarketError::WrongMarket)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    pub vault: InterfaceAccount<'info, TokenAccount>,
}

/// Up to where a gift counts, milli-atoms. The room above it is for deposits, which a gift must not keep out.
const MOST_SWEPT: u64 = MOST_MONEY / 2;

pub fn sweep_surplus(ctx: Context<SweepSurplus>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut ledger = accounts.ledger.load_mut()?;
    let money = Atoms(ledger.money / MILLI_ATOMS_PER_ATOM);
    let surplus = accounts.vault.amount.checked_sub(money.0);
    let surplus = surplus.ok_or(MarketError::Broken)?;
    // The rest another time, once fees were withdrawn.
    let room = Atoms(MOST_SWEPT.saturating_sub(ledger.money) / MILLI_ATOMS_PER_ATOM);
    let surplus = Atoms(surplus.min(room.0))
        .to_milli()
        .ok_or(MarketError::Overflow)?
        .0;

    if surplus > 0 {
        let fees = ledger.fees.checked_add(surplus);
        let money = ledger.money.checked_add(surplus);
        (ledger.fees, ledger.money) = fees.zip(money).ok_or(MarketError::Overflow)?;
        emit_numbered!(
            &mut ledger,
            SurplusSwept {
                market: accounts.market.key(),
                amount: surplus,
            }
        );
    }
    Ok(())
}
