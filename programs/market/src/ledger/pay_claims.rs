use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};

use crate::{
    errors::MarketError,
    events::ClaimsPaid,
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
    let supplier = accounts.market.load()?.supplier;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let amount = ledger.pay_claims(supplier)?;
    if amount > 0 {
        emit_numbered!(
            ledger.header,
            ClaimsPaid {
                market: accounts.market.key(),
                amount,
                left: ledger.header.claims,
            }
        );
    }
    Ok(())
}
