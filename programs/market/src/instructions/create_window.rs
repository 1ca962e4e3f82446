use anchor_lang::prelude::*;
use joulebook_tables::first_len;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    seeds,
    state::{Market, Window},
};

#[derive(Accounts)]
#[instruction(slot: u16)]
pub struct CreateWindow<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(Window::full_len(&*market.load()?)),
        seeds = [seeds::WINDOW, market.key().as_ref(), &slot.to_le_bytes()],
        bump
    )]
    pub window: AccountLoader<'info, Window>,
    pub system_program: Program<'info, System>,
}

pub fn create_window(ctx: Context<CreateWindow>, slot: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    require!(market.ended == 0, MarketError::MarketEnded);
    require!(slot < market.ring, MarketError::NoSuchSlot);

    market.windows = market.windows.checked_add(1).ok_or(MarketError::Overflow)?;
    let mut window = accounts.window.load_init()?;
    window.market = accounts.market.key();
    window.community = market.community;
    window.meter_table = market.meter_table;
    window.start = Window::NEVER;
    window.ticks = market.ticks;
    window.seats = market.seats;
    window.orders = market.orders;
    window.nodes = market.nodes;
    window.slot = slot;
    window.version = Window::VERSION;
    window.bump = ctx.bumps.window;
    Ok(())
}
