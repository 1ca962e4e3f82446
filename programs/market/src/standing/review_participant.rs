use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::{market::StandingSeat, registry};

use crate::{
    errors::MarketError,
    state::{Market, Participant, StandingOrders, StandingView},
};

#[accounts]
pub struct ReviewParticipant<'info> {
    #[account(constraint = participant.load()?.community == market.load()?.community @ MarketError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = standing_orders.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub standing_orders: AccountLoader<'info, StandingOrders>,
}

pub fn review_participant(ctx: Context<ReviewParticipant>) -> Result<()> {
    let accounts = &ctx.accounts;
    let participant = accounts.participant.load()?;
    let mut data = accounts.standing_orders.as_ref().try_borrow_mut_data()?;
    let mut standing = StandingView::load(&mut data)?;
    review(standing.row(participant.index)?, &participant);
    Ok(())
}

/// Notes what the registry says of a seat's participant: nobody passes the accounts of all of them when orders are placed.
pub fn review(row: &mut StandingSeat, participant: &registry::Participant) {
    row.roles = participant.roles().0;
    row.is_active = u8::from(participant.is_active() && participant.wallet == row.owner);
}
