use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    rules::require_ended,
    state::{Community, Ledger, Market, Page},
};

#[accounts]
pub struct ClosePage<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(
        mut,
        constraint = page.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub page: AccountLoader<'info, Page>,
}

pub fn close_page(ctx: Context<ClosePage>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_ended(&market, &*accounts.ledger.load()?)?;
    require!(accounts.page.load()?.is_final(), MarketError::StillInUse);

    market.page_accounts = market.page_accounts.saturating_sub(1);
    Ok(())
}
