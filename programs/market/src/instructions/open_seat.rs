use anchor_lang::prelude::*;
use registry::state::Participant;

use crate::{
    errors::MarketError,
    events::SeatOpened,
    state::{Ledger, LedgerView, Market, Seat, SeatStatus},
};

#[derive(Accounts)]
pub struct OpenSeat<'info> {
    pub owner: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
}

impl OpenSeat<'_> {
    fn validate(&self) -> Result<u16> {
        let participant = self.participant.load()?;
        require_keys_eq!(
            participant.community,
            self.market.load()?.community,
            MarketError::OtherCommunity
        );
        require_keys_eq!(participant.wallet, self.owner.key(), MarketError::NotOwner);
        require!(participant.is_active(), MarketError::NotActive);
        require_keys_eq!(
            self.ledger.load()?.market,
            self.market.key(),
            MarketError::OtherMarket
        );
        Ok(participant.index)
    }
}

pub fn open_seat(ctx: Context<OpenSeat>) -> Result<()> {
    let accounts = ctx.accounts;
    let index = accounts.validate()?;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let ledger = LedgerView::load(&mut data)?;
    let seat = ledger
        .seats
        .get_mut(usize::from(index))
        .ok_or(MarketError::LedgerFull)?;
    require!(!seat.is_open(), MarketError::SeatTaken);

    *seat = Seat {
        owner: accounts.owner.key(),
        status: SeatStatus::Open as u8,
        ..bytemuck::Zeroable::zeroed()
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
