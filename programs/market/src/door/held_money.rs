use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    settlement::report_set_off,
    state::{Admission, Ledger, LedgerView, Market, SeatHold},
};

/// The accounts that moving money out of a hold needs.
#[accounts]
pub struct HeldMoney<'info> {
    pub market: AccountLoader<'info, Market>,
    #[account(constraint = admission.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub admission: AccountLoader<'info, Admission>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = hold.load()?.admission == admission.address() @ MarketError::WrongAdmission)]
    pub hold: AccountLoader<'info, SeatHold>,
}

impl HeldMoney<'_> {
    /// Moves `amount` milli-atoms out of the hold into the free money of `seat`, whose debt is paid first; returns
    /// what that was, milli-atoms.
    pub fn move_to(&self, seat: u16, amount: u64) -> Result<u64> {
        let mut hold = self.hold.load_mut()?;
        hold.amount = hold
            .amount
            .checked_sub(amount)
            .ok_or(MarketError::NotEnoughHeld)?;
        let mut data = self.ledger.as_ref().try_borrow_mut_data()?;
        let mut ledger = LedgerView::load(&mut data)?;
        // It can't have been closed: something is held.
        let from = ledger.open_seat(hold.seat)?;
        from.held = from.held.checked_sub(amount).ok_or(MarketError::Broken)?;
        let to = ledger.open_seat(seat)?;
        to.credit(amount).ok_or(MarketError::Overflow)?;
        let set_off = ledger.set_off_for(seat)?;
        report_set_off(ledger.header, self.market.key(), set_off);
        Ok(ledger.pay_debt(seat)?)
    }
}
