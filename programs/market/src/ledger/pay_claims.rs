use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::market::limits::MAX_PAYMENTS;

use crate::{
    errors::MarketError,
    settlement::report_paid,
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
    let paid = ledger.pay_owing(&mut { MAX_PAYMENTS })?;
    report_paid(ledger.header, accounts.market.key(), &paid);
    Ok(())
}
