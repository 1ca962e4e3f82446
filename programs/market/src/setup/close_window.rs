use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::market::{Standing, Transition};

use crate::{
    errors::MarketError,
    state::{Community, Market, Window},
};

#[accounts]
pub struct CloseWindow<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        mut,
        constraint = window.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub window: AccountLoader<'info, Window>,
}

pub fn close_window(ctx: Context<CloseWindow>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let is_idle = {
        let window = accounts.window.load()?;
        window.standing(Transition::Open) == Standing::Due
    };
    require!(is_idle, MarketError::StillInUse);

    market.windows = market.windows.saturating_sub(1);
    market.ended = u8::from(market.windows == 0);
    Ok(())
}
