use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    state::{Community, History, Market},
};

#[accounts]
pub struct CloseHistory<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        mut,
        constraint = history.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub history: AccountLoader<'info, History>,
}

pub fn close_history(ctx: Context<CloseHistory>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(
        market.book_accounts == 0 && market.page_accounts == 0,
        MarketError::StillInUse
    );

    market.has_history = 0;
    Ok(())
}
