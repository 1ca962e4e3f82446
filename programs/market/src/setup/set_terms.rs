use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    events::TermsChanged,
    rules::{validate_intervals, validate_terms},
    state::{Community, Market, MarketTerms},
};

#[accounts]
pub struct SetTerms<'info> {
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
}

pub fn set_terms(ctx: Context<SetTerms>, terms: MarketTerms) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    validate_terms(
        &terms,
        market.window_seconds,
        market.ring,
        market.ticks,
        market.max_orders_per_seat,
    )?;
    validate_intervals(&terms, market.window_seconds, market.interval_ring)?;

    market.terms = *terms;
    emit!(TermsChanged {
        market: accounts.market.key(),
        terms,
    });
    Ok(())
}
