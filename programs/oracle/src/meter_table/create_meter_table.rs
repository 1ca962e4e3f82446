use anchor_lang::prelude::*;
use joulebook_common::{accounts, first_len, Addressed};
use joulebook_layout::oracle::{
    self,
    limits::{MAX_INTERVAL_RING, MAX_METERS, MIN_INTERVAL_RING, MIN_INTERVAL_SECONDS},
    seeds,
};
use joulebook_units::SECONDS_PER_DAY;

use crate::{
    errors::OracleError,
    events::MeterTableCreated,
    state::{Community, MeterTable},
};

#[accounts]
#[instruction(interval_seconds: u32, capacity: u16)]
pub struct CreateMeterTable<'info> {
    /// Pays the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        init,
        payer = authority,
        space = first_len(oracle::MeterTable::full_len(capacity)),
        seeds = [seeds::METER_TABLE, community.key().as_ref()],
        bump,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    pub system_program: Program<'info, System>,
}

pub fn create_meter_table(
    ctx: Context<CreateMeterTable>,
    interval_seconds: u32,
    capacity: u16,
    ring: u16,
    violation_limit: u8,
) -> Result<()> {
    require!(
        interval_seconds >= MIN_INTERVAL_SECONDS
            && SECONDS_PER_DAY.checked_rem(i64::from(interval_seconds)) == Some(0),
        OracleError::IntervalLengthInvalid
    );
    require!(
        (1..=MAX_METERS).contains(&capacity),
        OracleError::CapacityInvalid
    );
    require!(
        (MIN_INTERVAL_RING..=MAX_INTERVAL_RING).contains(&ring),
        OracleError::RingInvalid
    );
    let mut table = ctx.accounts.meter_table.load_init()?;
    table.community = ctx.accounts.community.address();
    table.interval_seconds = interval_seconds;
    table.capacity = capacity;
    table.ring = ring;
    table.violation_limit = violation_limit;
    table.version = MeterTable::VERSION;
    table.bump = ctx.bumps.meter_table;
    emit!(MeterTableCreated {
        meter_table: ctx.accounts.meter_table.key(),
        community: ctx.accounts.community.key(),
        interval_seconds,
        capacity,
        ring,
        violation_limit,
    });
    Ok(())
}
