use anchor_lang::prelude::*;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    state::{Market, Phase, Window},
};

#[derive(Accounts)]
pub struct CloseWindow<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, has_one = market @ MarketError::OtherMarket, close = authority)]
    pub window: AccountLoader<'info, Window>,
}

pub fn close_window(ctx: Context<CloseWindow>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    let is_idle = {
        let window = accounts.window.load()?;
        window.is(Phase::Free) || window.is(Phase::Settled)
    };
    require!(is_idle, MarketError::StillInUse);

    market.windows = market.windows.saturating_sub(1);
    market.ended = u8::from(market.windows == 0);
    Ok(())
}
