use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    events::TermsChanged,
    rules::{validate_terms, Sizes},
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
    validate_terms(&terms, &Sizes::from(&**market))?;

    market.terms = *terms;
    emit!(TermsChanged {
        market: accounts.market.key(),
        terms,
    });
    Ok(())
}
