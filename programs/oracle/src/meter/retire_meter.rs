use anchor_lang::prelude::*;
use joulebook_layout::oracle::MeterStatus;

use crate::authority::ManageMeter;
use crate::{events::MeterRetired, state::MeterTableView};

pub fn retire_meter(ctx: Context<ManageMeter>, meter: u32) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let row = table.meter_in_use(meter)?;
    row.status = MeterStatus::Retired as u8;
    emit!(MeterRetired {
        meter_table: meter_table.key(),
        meter,
        participant: row.participant,
        actor: ctx.accounts.actor.key(),
    });
    Ok(())
}
