use anchor_lang::prelude::*;
use joulebook_layout::{
    oracle::{limits::REASON_VIOLATIONS, MeterStatus},
    registry::Roles,
};

use crate::authority::ManageMeter;
use crate::{errors::OracleError, events::MeterQuarantined, state::MeterTableView};

const MAY_QUARANTINE: Roles = Roles::VERIFIER.union(Roles::EMERGENCY);

pub fn quarantine_meter(ctx: Context<ManageMeter>, meter: u32, reason: u16) -> Result<()> {
    ctx.accounts.authorize(MAY_QUARANTINE)?;
    require!(reason != REASON_VIOLATIONS, OracleError::ReasonInvalid);
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let record = table.meter_in_use(meter)?;
    require!(record.is(MeterStatus::Active), OracleError::MeterNotActive);
    record.status = MeterStatus::Quarantined as u8;
    emit!(MeterQuarantined {
        meter_table: meter_table.key(),
        meter,
        participant: record.participant,
        reason,
        actor: Some(ctx.accounts.actor.key()),
    });
    Ok(())
}
