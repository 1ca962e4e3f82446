use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::oracle::{self, seeds, IntervalPhase};

use crate::{
    errors::OracleError,
    state::{Community, Interval, MeterTable},
};

#[accounts]
#[instruction(slot: u16)]
pub struct CreateInterval<'info> {
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
        space = first_len(oracle::Interval::full_len(meter_table.load()?.capacity)),
        seeds = [seeds::INTERVAL, meter_table.key().as_ref(), &slot.to_le_bytes()],
        bump,
    )]
    pub interval: AccountLoader<'info, Interval>,
    pub system_program: Program<'info, System>,
}

pub fn create_interval(ctx: Context<CreateInterval>, slot: u16) -> Result<()> {
    let mut table = ctx.accounts.meter_table.load_mut()?;
    require!(slot < table.ring, OracleError::NoSuchSlot);
    table.intervals = table
        .intervals
        .checked_add(1)
        .ok_or(OracleError::Overflow)?;
    let mut interval = ctx.accounts.interval.load_init()?;
    interval.meter_table = ctx.accounts.meter_table.address();
    interval.start = oracle::Interval::NEVER;
    interval.capacity = table.capacity;
    interval.slot = slot;
    interval.phase = IntervalPhase::Free as u8;
    interval.version = Interval::VERSION;
    interval.bump = ctx.bumps.interval;
    Ok(())
}
