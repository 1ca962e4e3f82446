use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    state::{Community, Market, StandingOrders},
};

#[accounts]
pub struct CloseStandingOrders<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        mut,
        constraint = standing_orders.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub standing_orders: AccountLoader<'info, StandingOrders>,
}

pub fn close_standing_orders(ctx: Context<CloseStandingOrders>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(
        market.book_accounts == 0 && market.page_accounts == 0,
        MarketError::StillInUse
    );

    market.has_standing_orders = 0;
    Ok(())
}
