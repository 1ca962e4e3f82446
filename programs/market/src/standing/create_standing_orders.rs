use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::market::{self, seeds};

use crate::{
    errors::MarketError,
    setup::MAX_ACCOUNT_LEN,
    state::{Community, Market, StandingOrders},
};

#[accounts]
pub struct CreateStandingOrders<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = market::StandingOrders::full_len(market.load()?.seats) <= MAX_ACCOUNT_LEN @ MarketError::SizeInvalid
    )]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(market::StandingOrders::full_len(market.load()?.seats)),
        seeds = [seeds::STANDING, market.key().as_ref()],
        bump
    )]
    pub standing_orders: AccountLoader<'info, StandingOrders>,
    pub system_program: Program<'info, System>,
}

pub fn create_standing_orders(ctx: Context<CreateStandingOrders>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(market.has_standing_orders == 0, MarketError::StillInUse);

    market.has_standing_orders = 1;
    let mut standing_orders = accounts.standing_orders.load_init()?;
    standing_orders.market = accounts.market.address();
    standing_orders.capacity = market.seats;
    standing_orders.version = StandingOrders::VERSION;
    standing_orders.bump = ctx.bumps.standing_orders;
    Ok(())
}
