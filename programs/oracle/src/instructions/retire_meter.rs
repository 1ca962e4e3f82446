use anchor_lang::prelude::*;
use registry::state::Roles;

use super::{meter_in_use, ManageMeter};
use crate::{
    events::MeterRetired,
    state::{MeterStatus, MeterTableView},
};

pub fn retire_meter(ctx: Context<ManageMeter>, meter: u32) -> Result<()> {
    ctx.accounts.authorize(Roles::VERIFIER)?;
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let record = meter_in_use(&mut table, meter)?;
    record.status = MeterStatus::Retired as u8;
    emit!(MeterRetired {
        meter_table: meter_table.key(),
        meter,
        participant: record.participant,
        actor: ctx.accounts.actor.key(),
    });
    Ok(())
}
