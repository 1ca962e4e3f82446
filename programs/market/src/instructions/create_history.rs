use anchor_lang::prelude::*;
use joulebook_tables::first_len;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    seeds,
    state::{History, Market},
};

#[derive(Accounts)]
pub struct CreateHistory<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(History::full_len(market.load()?.history)),
        seeds = [seeds::HISTORY, market.key().as_ref()],
        bump
    )]
    pub history: AccountLoader<'info, History>,
    pub system_program: Program<'info, System>,
}

pub fn create_history(ctx: Context<CreateHistory>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    require!(market.has_history == 0, MarketError::StillInUse);

    market.has_history = 1;
    let mut history = accounts.history.load_init()?;
    history.market = accounts.market.key();
    history.capacity = market.history;
    history.version = History::VERSION;
    history.bump = ctx.bumps.history;
    Ok(())
}
