use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_units::Atoms;

use crate::{
    errors::MarketError, events::Withdrawn, payout::*, rules::take_free,
    settlement::report_set_off, state::LedgerView,
};

#[accounts]
pub struct Withdraw<'info> {
    pub owner: Signer<'info>,
    pub payout: Payout<'info>,
}

pub fn withdraw(ctx: Context<Withdraw>, seat: u16, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    let money = Atoms(amount).to_milli().ok_or(MarketError::Overflow)?;
    let owner = accounts.owner.address();
    let debt_paid = {
        let market = accounts.payout.market.load()?;
        let mut data = accounts.payout.ledger.as_ref().try_borrow_mut_data()?;
        let mut ledger = LedgerView::load(&mut data)?;
        ledger.owned_seat(seat, owner)?;
        let set_off = ledger.set_off_for(seat)?;
        report_set_off(ledger.header, accounts.payout.market.key(), set_off);
        let debt_paid = ledger.pay_debt(seat)?;
        take_free(&mut ledger, &market, seat, owner, money.0)?;
        ledger.header.money = ledger
            .header
            .money
            .checked_sub(money.0)
            .ok_or(MarketError::Broken)?;
        debt_paid
    };
    accounts.payout.send(amount)?;
    emit_numbered!(
        &mut *accounts.payout.ledger.load_mut()?,
        Withdrawn {
            market: accounts.payout.market.key(),
            seat,
            amount,
            debt_paid,
        }
    );
    Ok(())
}
