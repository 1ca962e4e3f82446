use anchor_lang::prelude::*;

use super::owned_seat;
use crate::{
    events::DelegateChanged,
    state::{Ledger, LedgerView},
};

#[derive(Accounts)]
pub struct SetDelegate<'info> {
    pub owner: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn set_delegate(ctx: Context<SetDelegate>, seat: u16, delegate: Option<Pubkey>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let delegate = delegate.unwrap_or_default();
    owned_seat(&mut ledger, seat, &accounts.owner)?.delegate = delegate;
    emit!(DelegateChanged {
        market: ledger.header.market,
        seat,
        delegate,
    });
    Ok(())
}
