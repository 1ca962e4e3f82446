use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::market::{Standing, Transition};

use crate::{
    errors::MarketError,
    rules::require_ended,
    state::{Book, Community, Ledger, Market},
};

#[accounts]
pub struct CloseBook<'info> {
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
        constraint = book.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub book: AccountLoader<'info, Book>,
}

pub fn close_book(ctx: Context<CloseBook>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_ended(&market, &*accounts.ledger.load()?)?;
    let is_idle = {
        let book = accounts.book.load()?;
        book.standing(Transition::Open) == Standing::Due
    };
    require!(is_idle, MarketError::StillInUse);

    market.book_accounts = market.book_accounts.saturating_sub(1);
    Ok(())
}
