use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};

use crate::{
    errors::MarketError,
    events::TermsChanged,
    rules::{begin_terms, validate_terms, Sizes},
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

    let now = Clock::get()?.unix_timestamp;
    begin_terms(&mut market, now);
    market.planned_terms = *terms;
    emit_numbered!(
        &mut market,
        TermsChanged {
            market: accounts.market.key(),
            from: market.planned_terms_from,
            terms,
        }
    );
    Ok(())
}
