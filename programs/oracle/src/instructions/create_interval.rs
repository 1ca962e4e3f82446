use anchor_lang::prelude::*;
use joulebook_tables::first_len;
use registry::state::Community;

use crate::{
    errors::OracleError,
    seeds,
    state::{Interval, MeterTable, Phase},
};

#[derive(Accounts)]
#[instruction(slot: u16)]
pub struct CreateInterval<'info> {
    #[account(has_one = authority @ OracleError::AuthorityOnly)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, has_one = community @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(
        init,
        payer = authority,
        space = first_len(Interval::full_len(meter_table.load()?.capacity)),
        seeds = [seeds::INTERVAL, meter_table.key().as_ref(), &slot.to_le_bytes()],
        bump,
    )]
    pub interval: AccountLoader<'info, Interval>,
    /// Pays the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub system_program: Program<'info, System>,
}

pub fn create_interval(ctx: Context<CreateInterval>, slot: u16) -> Result<()> {
    let mut table = ctx.accounts.meter_table.load_mut()?;
    require!(slot < table.ring, OracleError::SlotOutOfRing);
    table.intervals = table
        .intervals
        .checked_add(1)
        .ok_or(OracleError::Overflow)?;
    let mut interval = ctx.accounts.interval.load_init()?;
    interval.meter_table = ctx.accounts.meter_table.key();
    interval.start = Interval::NEVER;
    interval.capacity = table.capacity;
    interval.slot = slot;
    interval.phase = Phase::Free as u8;
    interval.version = Interval::VERSION;
    interval.bump = ctx.bumps.interval;
    Ok(())
}
