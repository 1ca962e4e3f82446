use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::market::limits::MAX_PAYMENTS;

use crate::{
    errors::MarketError,
    events::{ClaimsPaid, DebtsPaid},
    state::{Ledger, LedgerView, Market},
};

#[accounts]
pub struct PayClaims<'info> {
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn pay_claims(ctx: Context<PayClaims>) -> Result<()> {
    let accounts = &ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    // First what suppliers have a right to themselves.
    ledger.set_off()?;
    let mut payments = MAX_PAYMENTS;
    let debts = ledger.pay_debts(&mut payments)?;
    if debts > 0 {
        emit_numbered!(
            ledger.header,
            DebtsPaid {
                market: accounts.market.key(),
                amount: debts,
            }
        );
    }
    let amount = ledger.pay_claims(&mut payments)?;
    if amount > 0 {
        let left = ledger.header.claims();
        emit_numbered!(
            ledger.header,
            ClaimsPaid {
                market: accounts.market.key(),
                amount,
                left,
            }
        );
    }
    Ok(())
}
