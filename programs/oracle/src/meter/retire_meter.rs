use anchor_lang::prelude::*;
use joulebook_layout::{oracle::MeterStatus, registry::Roles};

use crate::authority::ManageMeter;
use crate::{events::MeterRetired, state::MeterTableView};

pub fn retire_meter(ctx: Context<ManageMeter>, meter: u32) -> Result<()> {
    ctx.accounts.authorize(Roles::VERIFIER)?;
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let record = table.meter_in_use(meter)?;
    record.status = MeterStatus::Retired as u8;
    emit!(MeterRetired {
        meter_table: meter_table.key(),
        meter,
        participant: record.participant,
        actor: ctx.accounts.actor.key(),
    });
    Ok(())
}
