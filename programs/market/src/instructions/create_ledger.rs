use anchor_lang::prelude::*;
use joulebook_tables::first_len;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    seeds,
    state::{Ledger, Market},
};

#[derive(Accounts)]
pub struct CreateLedger<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(
        init,
        payer = authority,
        space = first_len(Ledger::full_len(market.load()?.seats)),
        seeds = [seeds::LEDGER, market.key().as_ref()],
        bump
    )]
    pub ledger: AccountLoader<'info, Ledger>,
    pub system_program: Program<'info, System>,
}

pub fn create_ledger(ctx: Context<CreateLedger>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    require!(market.has_ledger == 0, MarketError::StillInUse);

    market.has_ledger = 1;
    let mut ledger = accounts.ledger.load_init()?;
    ledger.market = accounts.market.key();
    ledger.capacity = market.seats;
    ledger.version = Ledger::VERSION;
    ledger.bump = ctx.bumps.ledger;
    Ok(())
}
