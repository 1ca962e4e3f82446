use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::MeterStatus;
use joulebook_metering::page::PageRing;

use super::final_registers::final_registers;
use crate::{
    authority::ManageOwnedMeter,
    clock::{next_page, now},
    events::MeterRetired,
    state::MeterTableView,
};

pub fn retire_meter(
    ctx: Context<ManageOwnedMeter>,
    meter: u32,
    final_import: u64,
    final_export: u64,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let now = now()?;
    let service_until = next_page(now, &PageRing::from(&*table.header))?.0;
    let row = table.meter_in_use(meter)?;
    let counted = final_registers(row, final_import, final_export, now)?;
    // What no device has signed is billed at the worst prices, and a meter that is retired never comes back: not on a
    // verifier's word alone.
    let is_more = counted.import.0 > row.import || counted.export.0 > row.export;
    let must_agree = is_more || !ctx.accounts.is_by_authority()?;
    ctx.accounts.check_owner(row, must_agree)?;
    ctx.accounts.require_other_actor()?;

    // As if read when its service ends, so that its last page takes them.
    row.boundary = service_until;
    row.service_until = service_until;
    row.import = counted.import.0;
    row.export = counted.export.0;
    row.is_silenced = u8::from(row.is(MeterStatus::Quarantined));
    row.status = MeterStatus::Retired as u8;
    let row = *row;
    emit_numbered!(
        table.header,
        MeterRetired {
            meter_table: meter_table.key(),
            meter,
            participant: row.participant,
            import: row.import,
            export: row.export,
            service_until,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
