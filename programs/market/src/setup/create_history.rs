use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::market::{self, seeds};

use crate::{
    errors::MarketError,
    state::{Community, History, Market},
};

#[accounts]
pub struct CreateHistory<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(market::History::full_len(market.load()?.history)),
        seeds = [seeds::HISTORY, market.key().as_ref()],
        bump
    )]
    pub history: AccountLoader<'info, History>,
    pub system_program: Program<'info, System>,
}

pub fn create_history(ctx: Context<CreateHistory>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(market.has_history == 0, MarketError::StillInUse);

    market.has_history = 1;
    let mut history = accounts.history.load_init()?;
    history.market = accounts.market.address();
    history.capacity = market.history;
    history.version = History::VERSION;
    history.bump = ctx.bumps.history;
    Ok(())
}
