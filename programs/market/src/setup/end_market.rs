use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};
use joulebook_layout::market::{self, Page};
use joulebook_units::UnixTime;

use crate::{
    errors::MarketError,
    events::MarketEnds,
    rules::notice_over,
    state::{Community, Market},
};

#[accounts]
pub struct EndMarket<'info> {
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
}

pub fn end_market(ctx: Context<EndMarket>, ends_at: i64) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let now = now()?.0;
    require!(!market.is_over(now), MarketError::MarketEnded);
    let is_page_start = UnixTime(ends_at).boundary(market.page_length()) == Some(UnixTime(ends_at));
    let is_noticed = ends_at >= notice_over(&market, now);
    let fits = is_page_start && is_noticed && is_behind_opened(&market, ends_at);
    require!(fits, MarketError::EndInvalid);
    market.ends_at = ends_at;
    emit_numbered!(
        &mut market,
        MarketEnds {
            market: accounts.market.key(),
            ends_at,
        }
    );
    Ok(())
}

fn is_behind_opened(market: &market::Market, ends_at: i64) -> bool {
    market.last_page == Page::NEVER || market.last_page < ends_at
}
