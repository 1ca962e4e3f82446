use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::MeterStatus;
use joulebook_metering::page::PageRing;
use joulebook_units::UnixTime;

use super::final_registers::{final_registers, FinalRegisters};
use crate::{
    authority::ManageOwnedMeter,
    clock::{next_page, now},
    events::MeterRetired,
    state::MeterTableView,
};

pub fn retire_meter(
    ctx: Context<ManageOwnedMeter>,
    meter: u32,
    registers: Option<FinalRegisters>,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let now = now()?;
    let next = next_page(now, &PageRing::from(&*table.header))?;
    let mut service_until = next.0;
    if ctx.accounts.owner_wallet.is_none() {
        // What it has sold in windows of pages that are open it can still deliver.
        let opened = UnixTime(table.header.last_opened).checked_add(table.header.page_length());
        service_until = opened.unwrap_or(next).0.max(next.0);
    }
    let row = table.meter_in_use(meter)?;
    // What no device has signed is billed at the worst prices, and would make untrue what the device has signed and nobody has
    // sent yet; and a meter that is retired never comes back: not on a verifier's word alone.
    let must_agree = registers.is_some() || !ctx.accounts.is_by_authority()?;
    ctx.accounts.check_owner(row, must_agree)?;
    ctx.accounts.require_other_actor()?;
    let counted = registers
        .map(|shown| final_registers(row, shown.import, shown.export, now))
        .transpose()?;

    row.service_until = service_until;
    if let Some(counted) = counted {
        // As if read when its service ends, so that its last page takes them.
        row.boundary = service_until;
        row.import = counted.import.0;
        row.export = counted.export.0;
    }
    row.is_silenced = u8::from(row.is(MeterStatus::Quarantined));
    row.status = MeterStatus::Retired as u8;
    let row = *row;
    emit_numbered!(
        table.header,
        MeterRetired {
            meter_table: meter_table.key(),
            meter,
            participant: row.participant,
            registers,
            service_until,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
