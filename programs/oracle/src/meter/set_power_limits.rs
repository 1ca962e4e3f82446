use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_metering::page::PageRing;

use super::details::check_power_limits;
use crate::{
    authority::ManageOwnedMeter,
    clock::{next_page, now},
    errors::OracleError,
    events::PowerLimitsChanged,
    state::MeterTableView,
};

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
    let ring = PageRing::from(&*table.header);
    let now = now()?;
    let from = next_page(now, &ring)?.0;
    let row = table.meter_in_use(meter)?;
    // Lower ones cost it as well: what it signs is refused then.
    let changes = max_import != row.max_import || max_export != row.max_export;
    ctx.accounts.check_owner(row, changes)?;
    if !changes {
        return Ok(());
    }
    let is_planned = now.0 < row.limits_from;
    // Of two times before, one would be forgotten: values still come for pages of then.
    let settled_at = row.limits_from.saturating_add(ring.correction.0);
    let may_change = is_planned || now.0 >= settled_at;
    require!(may_change, OracleError::LimitsChanged);

    if !is_planned {
        row.former_max_import = row.max_import;
        row.former_max_export = row.max_export;
    }
    row.max_import = max_import;
    row.max_export = max_export;
    row.limits_from = from;
    emit_numbered!(
        table.header,
        PowerLimitsChanged {
            meter_table: meter_table.key(),
            meter,
            max_import,
            max_export,
            from,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
