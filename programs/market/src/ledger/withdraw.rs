use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_units::Atoms;

use crate::{
    errors::MarketError, events::Withdrawn, payout::*, rules::highest_short, state::LedgerView,
};

#[accounts]
pub struct Withdraw<'info> {
    pub owner: Signer<'info>,
    pub payout: Payout<'info>,
}

pub fn withdraw(ctx: Context<Withdraw>, seat: u16, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    let (supplier, short) = {
        let market = accounts.payout.market.load()?;
        // Without windows, nothing will be confirmed any more.
        let has_windows = market.windows > 0;
        (market.supplier, has_windows.then(|| highest_short(&market)))
    };
    let money = Atoms(amount).to_milli().ok_or(MarketError::Overflow)?;
    let debt_paid = {
        let mut data = accounts.payout.ledger.as_ref().try_borrow_mut_data()?;
        let mut ledger = LedgerView::load(&mut data)?;
        require!(
            seat != supplier || ledger.header.claims == 0,
            MarketError::ClaimsUnpaid
        );
        let record = ledger.owned_seat(seat, accounts.owner.address())?;
        let debt_paid = record.pay_debt();
        record.free = record
            .free
            .checked_sub(money.0)
            .ok_or(MarketError::NotEnoughFree)?;
        let unconfirmed = short.map_or(0, |short| record.unconfirmed(short));
        require!(record.free >= unconfirmed, MarketError::Unconfirmed);
        ledger.header.money = ledger
            .header
            .money
            .checked_sub(money.0)
            .ok_or(MarketError::Broken)?;
        if debt_paid > 0 {
            ledger.credit(supplier, debt_paid)?;
        }
        debt_paid
    };
    accounts.payout.send(amount)?;
    emit!(Withdrawn {
        market: accounts.payout.market.key(),
        seat,
        amount,
        debt_paid,
    });
    Ok(())
}
