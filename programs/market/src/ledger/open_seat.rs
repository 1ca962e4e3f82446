use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::market::{Seat, SeatStatus};

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
        constraint = participant.load()?.is_active() @ MarketError::NotActive
    )]
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn open_seat(ctx: Context<OpenSeat>) -> Result<()> {
    let accounts = ctx.accounts;
    let index = accounts.participant.load()?.index;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let ledger = LedgerView::load(&mut data)?;
    let seat = ledger
        .seats
        .get_mut(usize::from(index))
        .ok_or(MarketError::TableFull)?;
    require!(!seat.is_open(), MarketError::SeatTaken);

    *seat = Seat {
        owner: accounts.owner.address(),
        status: SeatStatus::Open as u8,
        ..Seat::default()
    };
    ledger.header.open_seats = ledger
        .header
        .open_seats
        .checked_add(1)
        .ok_or(MarketError::Overflow)?;
    emit!(SeatOpened {
        market: accounts.market.key(),
        seat: index,
        owner: accounts.owner.key(),
    });
    Ok(())
}
