use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, first_len, Addressed};
use joulebook_layout::market::{self, seeds};

use crate::{
    errors::MarketError,
    state::{Community, Market, Page},
};

#[accounts]
#[instruction(slot: u16)]
pub struct CreatePage<'info> {
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
        seeds = [seeds::PAGE, market.key().as_ref(), &slot.to_le_bytes()],
        bump
    )]
    pub page: AccountLoader<'info, Page>,
    pub system_program: Program<'info, System>,
}

fn full_len(market: &market::Market) -> usize {
    market::Page::full_len(market.page_windows, market.seats)
}

pub fn create_page(ctx: Context<CreatePage>, slot: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    let now = now()?.0;
    require!(!market.is_over(now), MarketError::MarketEnded);
    require!(slot < market.pages, MarketError::NoSuchSlot);

    market.page_accounts = market
        .page_accounts
        .checked_add(1)
        .ok_or(MarketError::Overflow)?;
    let mut page = accounts.page.load_init()?;
    page.market = accounts.market.address();
    page.start = market::Page::NEVER;
    page.previous = market::Page::NEVER;
    page.window_seconds = market.window_seconds;
    page.windows = market.page_windows;
    page.seats = market.seats;
    page.slot = slot;
    page.version = Page::VERSION;
    page.bump = ctx.bumps.page;
    Ok(())
}
