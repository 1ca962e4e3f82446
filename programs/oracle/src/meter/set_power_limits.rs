use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;

use super::details::check_power_limits;
use crate::authority::ManageOwnedMeter;
use crate::{events::PowerLimitsChanged, state::MeterTableView};

pub fn set_power_limits(
    ctx: Context<ManageOwnedMeter>,
    meter: u32,
    max_import: u32,
    max_export: u32,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    check_power_limits(max_import, max_export, table.header)?;
    let row = table.meter_in_use(meter)?;
    // Lower ones cost it as well: what it signs is refused then.
    let changes = max_import != row.max_import || max_export != row.max_export;
    ctx.accounts.check_owner(row, changes)?;
    row.max_import = max_import;
    row.max_export = max_export;
    emit_numbered!(
        table.header,
        PowerLimitsChanged {
            meter_table: meter_table.key(),
            meter,
            max_import,
            max_export,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
