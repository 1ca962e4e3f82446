use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    state::{Community, Ledger, Market},
};

#[accounts]
pub struct CloseLedger<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        mut,
        constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn close_ledger(ctx: Context<CloseLedger>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let is_empty = {
        let ledger = accounts.ledger.load()?;
        // All money: what waits for a participant who never opened its seat is its own, too.
        ledger.open_seats == 0 && ledger.money == 0
    };
    require!(
        market.book_accounts == 0 && market.page_accounts == 0 && is_empty,
        MarketError::StillInUse
    );

    market.has_ledger = 0;
    Ok(())
}
