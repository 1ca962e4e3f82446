use core::cell::RefMut;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::market::seeds;

use crate::{
    errors::MarketError,
    events::Held,
    rules::take_free,
    state::{Admission, Ledger, LedgerView, Market, SeatHold},
};

#[accounts]
#[instruction(seat: u16)]
pub struct Hold<'info> {
    /// Pays the rent of the seat's first hold for the program, which comes back when the hold is closed.
    #[account(mut)]
    pub owner: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    #[account(
        mut,
        constraint = admission.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = !admission.load()?.is_retired() @ MarketError::ProgramRetired
    )]
    pub admission: AccountLoader<'info, Admission>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(
        init_if_needed,
        payer = owner,
        space = SeatHold::LEN,
        seeds = [seeds::HOLD, admission.key().as_ref(), &seat.to_le_bytes()],
        bump
    )]
    pub hold: AccountLoader<'info, SeatHold>,
    pub system_program: Program<'info, System>,
}

pub fn hold(ctx: Context<Hold>, seat: u16, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    let now = now()?.0;
    require!(
        !accounts.market.load()?.is_over(now),
        MarketError::MarketEnded
    );
    let owner = accounts.owner.address();
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    require!(
        ledger.owned_seat(seat, owner)?.debt() == 0,
        MarketError::InDebt
    );
    let market = accounts.market.load()?;
    let row = take_free(&mut ledger, &market, seat, owner, amount)?;
    row.held = row.held.checked_add(amount).ok_or(MarketError::Overflow)?;

    let (mut hold, is_new) = new_or_old(&accounts.hold)?;
    let mut admission = accounts.admission.load_mut()?;
    if is_new {
        hold.admission = accounts.admission.address();
        hold.owner = owner;
        hold.seat = seat;
        hold.version = SeatHold::VERSION;
        hold.bump = ctx.bumps.hold;
        admission.holds = admission
            .holds
            .checked_add(1)
            .ok_or(MarketError::Overflow)?;
    }
    // An empty one that a former owner of the seat left behind: the rent in it is not this owner's.
    require!(hold.owner == owner, MarketError::FormerOwner);
    hold.amount = hold
        .amount
        .checked_add(amount)
        .ok_or(MarketError::Overflow)?;
    emit_numbered!(
        ledger.header,
        Held {
            market: accounts.market.key(),
            program: pubkey(admission.program),
            seat,
            amount,
        }
    );
    Ok(())
}

/// The hold, and whether it was created a moment ago: it has no discriminator then.
fn new_or_old<'a>(hold: &'a AccountLoader<SeatHold>) -> Result<(RefMut<'a, SeatHold>, bool)> {
    match hold.load_init() {
        Ok(new) => Ok((new, true)),
        Err(_) => Ok((hold.load_mut()?, false)),
    }
}
