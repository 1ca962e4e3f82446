use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::market::{self, seeds};

use crate::{
    errors::MarketError,
    state::{Community, Market, Window},
};

#[accounts]
#[instruction(slot: u16)]
pub struct CreateWindow<'info> {
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
        seeds = [seeds::WINDOW, market.key().as_ref(), &slot.to_le_bytes()],
        bump
    )]
    pub window: AccountLoader<'info, Window>,
    pub system_program: Program<'info, System>,
}

fn full_len(market: &market::Market) -> usize {
    market::Window::full_len(market.nodes, market.ticks, market.seats, market.orders)
}

pub fn create_window(ctx: Context<CreateWindow>, slot: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(market.ended == 0, MarketError::MarketEnded);
    require!(slot < market.ring, MarketError::NoSuchSlot);

    market.windows = market.windows.checked_add(1).ok_or(MarketError::Overflow)?;
    let mut window = accounts.window.load_init()?;
    window.market = accounts.market.address();
    window.community = market.community;
    window.meter_table = market.meter_table;
    window.start = market::Window::NEVER;
    window.ticks = market.ticks;
    window.seats = market.seats;
    window.orders = market.orders;
    window.nodes = market.nodes;
    window.slot = slot;
    window.version = Window::VERSION;
    window.bump = ctx.bumps.window;
    Ok(())
}
