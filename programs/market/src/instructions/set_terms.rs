use anchor_lang::prelude::*;
use registry::state::Community;

use super::require_authority;
use crate::{
    events::TermsChanged,
    state::{Market, MarketTerms},
};

#[derive(Accounts)]
pub struct SetTerms<'info> {
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
}

pub fn set_terms(ctx: Context<SetTerms>, terms: MarketTerms) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    terms.validate(market.window_seconds, market.ring, market.ticks)?;
    terms.validate_intervals(market.window_seconds, market.interval_ring)?;

    market.terms = terms;
    emit!(TermsChanged {
        market: accounts.market.key(),
        terms,
    });
    Ok(())
}
