use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, first_len, Addressed};
use joulebook_layout::market::{self, seeds};

use crate::{
    errors::MarketError,
    state::{Book, Community, Market},
};

#[accounts]
#[instruction(slot: u16)]
pub struct CreateBook<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(full_len(&*market.load()?)),
        seeds = [seeds::BOOK, market.key().as_ref(), &slot.to_le_bytes()],
        bump
    )]
    pub book: AccountLoader<'info, Book>,
    pub system_program: Program<'info, System>,
}

fn full_len(market: &market::Market) -> usize {
    market::Book::full_len(market.nodes, market.ticks, market.seats, market.orders)
}

pub fn create_book(ctx: Context<CreateBook>, slot: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let now = now()?.0;
    require!(!market.is_over(now), MarketError::MarketEnded);
    require!(slot < market.books, MarketError::NoSuchSlot);

    market.book_accounts = market
        .book_accounts
        .checked_add(1)
        .ok_or(MarketError::Overflow)?;
    let mut book = accounts.book.load_init()?;
    book.market = accounts.market.address();
    book.community = market.community;
    book.start = market::Book::NEVER;
    book.ticks = market.ticks;
    book.seats = market.seats;
    book.orders = market.orders;
    book.nodes = market.nodes;
    book.slot = slot;
    book.version = Book::VERSION;
    book.bump = ctx.bumps.book;
    Ok(())
}
