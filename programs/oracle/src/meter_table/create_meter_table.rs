use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, first_len, Addressed};
use joulebook_layout::oracle::{self, seeds, IntervalPage};
use joulebook_metering::message::binding;

use super::MeterTableParams;
use crate::{
    errors::OracleError,
    events::MeterTableCreated,
    state::{Community, MeterTable},
};

#[accounts]
#[instruction(params: MeterTableParams)]
pub struct CreateMeterTable<'info> {
    /// Pays the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        init,
        payer = authority,
        space = first_len(oracle::MeterTable::full_len(params.capacity)),
        seeds = [seeds::METER_TABLE, community.key().as_ref()],
        bump,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    pub system_program: Program<'info, System>,
}

pub fn create_meter_table(ctx: Context<CreateMeterTable>, params: MeterTableParams) -> Result<()> {
    params.check()?;
    let mut table = ctx.accounts.meter_table.load_init()?;
    table.0 = oracle::MeterTable {
        community: ctx.accounts.community.address(),
        cluster: params.cluster,
        binding: binding(&params.cluster, &ctx.accounts.meter_table.address().0),
        last_opened: IntervalPage::NEVER,
        last_finished: IntervalPage::NEVER,
        settled_from: IntervalPage::NEVER,
        interval_seconds: params.interval_seconds,
        reading_seconds: params.reading_seconds,
        correction_seconds: params.correction_seconds,
        power_cap: params.power_cap,
        capacity: params.capacity,
        page_intervals: params.page_intervals,
        ring: params.ring,
        violation_limit: params.violation_limit,
        version: MeterTable::VERSION,
        bump: ctx.bumps.meter_table,
        ..Default::default()
    };
    emit_numbered!(
        &mut table,
        MeterTableCreated {
            meter_table: ctx.accounts.meter_table.key(),
            community: ctx.accounts.community.key(),
            params,
        }
    );
    Ok(())
}
