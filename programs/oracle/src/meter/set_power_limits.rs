use anchor_lang::prelude::*;

use crate::{authority::ManageMeter, meter_details::check_power_limits};
use crate::{events::PowerLimitsChanged, state::MeterTableView};

pub fn set_power_limits(
    ctx: Context<ManageMeter>,
    meter: u32,
    max_import: u32,
    max_export: u32,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    check_power_limits(max_import, max_export, table.header.interval_length())?;
    let row = table.meter_in_use(meter)?;
    row.max_import = max_import;
    row.max_export = max_export;
    emit!(PowerLimitsChanged {
        meter_table: meter_table.key(),
        meter,
        max_import,
        max_export,
        actor: ctx.accounts.actor.key(),
    });
    Ok(())
}
