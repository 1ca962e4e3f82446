use anchor_lang::prelude::*;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    state::{History, Market},
};

#[derive(Accounts)]
pub struct CloseHistory<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, has_one = market @ MarketError::OtherMarket, close = authority)]
    pub history: AccountLoader<'info, History>,
}

pub fn close_history(ctx: Context<CloseHistory>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    require!(market.windows == 0, MarketError::StillInUse);

    market.has_history = 0;
    Ok(())
}
