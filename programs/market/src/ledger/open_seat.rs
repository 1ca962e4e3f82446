use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};
use joulebook_layout::{
    market::SeatStatus,
    registry::{self, limits::SUCCESSION_NOTICE, ParticipantStatus},
    Address,
};

use crate::{
    errors::MarketError,
    events::SeatOpened,
    state::{Ledger, LedgerView, Market, Participant},
};

#[accounts]
pub struct OpenSeat<'info> {
    pub owner: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    #[account(
        constraint = participant.load()?.community == market.load()?.community @ MarketError::WrongCommunity,
        constraint = participant.load()?.wallet == owner.address() @ MarketError::NotOwner,
    )]
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

/// Whoever was approved once: money may wait in the seat for one that is suspended, too. Who has left, whether it has applied again
/// or not, only until somebody else may succeed it: the authority looks whether its seat is closed.
fn may_open(participant: &registry::Participant, now: i64) -> bool {
    let is_member = participant.is_active() || participant.is(ParticipantStatus::Suspended);
    let may_succeed = participant.left_at.saturating_add(SUCCESSION_NOTICE.into());
    participant.has_index() && (is_member || now < may_succeed)
}

pub fn open_seat(ctx: Context<OpenSeat>) -> Result<()> {
    let accounts = ctx.accounts;
    let participant = *accounts.participant.load()?;
    let now = now()?.0;
    require!(may_open(&participant, now), MarketError::NotActive);
    let index = participant.index;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let ledger = LedgerView::load(&mut data)?;
    let seat = ledger
        .seats
        .get_mut(usize::from(index))
        .ok_or(MarketError::TableFull)?;
    require!(!seat.is_open(), MarketError::SeatTaken);

    // What it owes or earned before, its energy settled with nobody there, is its owner's now. A successor takes the row as it
    // is: nobody else has the index any more.
    seat.owner = accounts.owner.address();
    seat.delegate = Address::NOBODY;
    seat.status = SeatStatus::Open as u8;
    ledger.header.open_seats = ledger
        .header
        .open_seats
        .checked_add(1)
        .ok_or(MarketError::Overflow)?;
    emit_numbered!(
        ledger.header,
        SeatOpened {
            market: accounts.market.key(),
            seat: index,
            owner: accounts.owner.key(),
        }
    );
    Ok(())
}
