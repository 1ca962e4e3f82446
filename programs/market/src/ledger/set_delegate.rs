use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, Addressed};

use crate::{
    events::DelegateChanged,
    state::{DelegateBounds, Ledger, LedgerView},
};

#[accounts]
pub struct SetDelegate<'info> {
    pub owner: Signer<'info>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn set_delegate(
    ctx: Context<SetDelegate>,
    seat: u16,
    delegate: Option<Pubkey>,
    bounds: DelegateBounds,
) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let delegate = delegate.unwrap_or_default();
    let row = ledger.owned_seat(seat, accounts.owner.address())?;
    // Another limit for the same one is for all of the day, with what it has locked already.
    if row.delegate != delegate.address() {
        row.delegate_locked = 0;
    }
    row.delegate = delegate.address();
    row.delegate_bounds = bounds.0;
    emit_numbered!(
        ledger.header,
        DelegateChanged {
            market: pubkey(ledger.header.market),
            seat,
            delegate,
            bounds,
        }
    );
    Ok(())
}
