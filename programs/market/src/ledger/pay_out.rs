use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey};
use joulebook_layout::{
    market::{limits::MAX_PAYMENTS, Seat},
    registry, Address,
};
use joulebook_units::MilliAtoms;

use crate::{
    errors::MarketError,
    events::PaidOut,
    payout::*,
    settlement::report_paid,
    state::{LedgerView, Participant},
};

#[accounts]
pub struct PayOut<'info> {
    /// Of the seat; only looked at if nobody has opened that.
    #[account(constraint = participant.load()?.community == payout.market.load()?.community @ MarketError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    pub payout: Payout<'info>,
}

pub fn pay_out(ctx: Context<PayOut>, seat: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let (amount, owner) = {
        let market = accounts.payout.market.load()?;
        let mut data = accounts.payout.ledger.as_ref().try_borrow_mut_data()?;
        let mut ledger = LedgerView::load(&mut data)?;
        let now = now()?.0;
        let has_ended = market.has_ended(ledger.header.last_final, now);
        require!(has_ended, MarketError::NotEnded);
        let paid = ledger.pay_all_owing(MAX_PAYMENTS)?;
        report_paid(ledger.header, accounts.payout.market.key(), &paid);
        let owes_others = ledger.header.owes_others(seat);
        require!(!owes_others, MarketError::ClaimsUnpaid);
        let row = ledger.row(seat)?;
        let owner = owner_of(row, &*accounts.participant.load()?, seat)?;
        let destination = accounts.payout.destination.owner;
        require!(owner == destination, MarketError::NotOwner);
        let row = ledger.row(seat)?;
        let amount = MilliAtoms(row.free).whole_atoms();
        require!(amount.0 > 0, MarketError::ZeroAmount);
        let money = amount.to_milli().ok_or(MarketError::Overflow)?.0;
        row.free = row.free.checked_sub(money).ok_or(MarketError::Broken)?;
        let left = ledger.header.money.checked_sub(money);
        ledger.header.money = left.ok_or(MarketError::Broken)?;
        (amount.0, owner)
    };
    accounts.payout.send(amount)?;
    emit_numbered!(
        &mut *accounts.payout.ledger.load_mut()?,
        PaidOut {
            market: accounts.payout.market.key(),
            seat,
            owner: pubkey(owner),
            amount,
        }
    );
    Ok(())
}

/// Whose money is in the row: of the seat's owner, or of the participant with its index.
fn owner_of(seat: &Seat, participant: &registry::Participant, index: u16) -> Result<Address> {
    if seat.is_open() {
        return Ok(seat.owner);
    }
    require!(participant.index == index, MarketError::NoSuchSeat);
    Ok(participant.wallet)
}
