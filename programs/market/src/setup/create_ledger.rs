use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::market::{self, seeds, Supplier};

use crate::{
    errors::MarketError,
    state::{Community, Ledger, Market},
};

#[accounts]
pub struct CreateLedger<'info> {
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
        space = first_len(market::Ledger::full_len(market.load()?.seats)),
        seeds = [seeds::LEDGER, market.key().as_ref()],
        bump
    )]
    pub ledger: AccountLoader<'info, Ledger>,
    pub system_program: Program<'info, System>,
}

pub fn create_ledger(ctx: Context<CreateLedger>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require!(market.has_ledger == 0, MarketError::StillInUse);

    market.has_ledger = 1;
    let mut ledger = accounts.ledger.load_init()?;
    ledger.market = accounts.market.address();
    ledger.last_final = market::Page::NEVER;
    ledger.suppliers = [market.first_supplier, Supplier::NOBODY].map(Supplier::new);
    ledger.supplier_from = market::Page::NEVER;
    ledger.supplier_margin = market.supplier_margin;
    ledger.meter_table = market.meter_table;
    ledger.capacity = market.seats;
    ledger.version = Ledger::VERSION;
    ledger.bump = ctx.bumps.ledger;
    Ok(())
}
