use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::oracle::{self, seeds};

use crate::{
    errors::OracleError,
    state::{Community, IntervalPage, MeterTable},
};

#[accounts]
#[instruction(slot: u16)]
pub struct CreatePage<'info> {
    /// Pays the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(
        init,
        payer = authority,
        space = first_len(page_len(&*meter_table.load()?)),
        seeds = [seeds::INTERVAL_PAGE, meter_table.key().as_ref(), &slot.to_le_bytes()],
        bump,
    )]
    pub page: AccountLoader<'info, IntervalPage>,
    pub system_program: Program<'info, System>,
}

pub fn create_page(ctx: Context<CreatePage>, slot: u16) -> Result<()> {
    let mut table = ctx.accounts.meter_table.load_mut()?;
    require!(slot < table.ring, OracleError::NoSuchSlot);
    table.pages = table.pages.checked_add(1).ok_or(OracleError::Overflow)?;
    let mut page = ctx.accounts.page.load_init()?;
    page.0 = oracle::IntervalPage {
        meter_table: ctx.accounts.meter_table.address(),
        start: oracle::IntervalPage::NEVER,
        previous: oracle::IntervalPage::NEVER,
        capacity: table.capacity,
        intervals: table.page_intervals,
        slot,
        version: IntervalPage::VERSION,
        bump: ctx.bumps.page,
        ..Default::default()
    };
    Ok(())
}

fn page_len(table: &oracle::MeterTable) -> usize {
    oracle::IntervalPage::full_len(table.capacity, table.page_intervals)
}
