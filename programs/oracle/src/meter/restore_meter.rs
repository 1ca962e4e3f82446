use anchor_lang::prelude::*;
use joulebook_layout::oracle::{Meter, MeterStatus};

use crate::authority::{last_boundary, ManageMeter};
use crate::{errors::OracleError, events::MeterRestored, state::MeterTableView};

pub fn restore_meter(
    ctx: Context<ManageMeter>,
    meter: u32,
    sequence: u64,
    import: u64,
    export: u64,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let boundary = last_boundary(table.header.interval_length())?.0;
    let row = table.meter_in_use(meter)?;
    require!(
        row.is(MeterStatus::Quarantined),
        OracleError::MeterNotQuarantined
    );
    require!(sequence >= row.sequence, OracleError::SequenceWentBack);
    let (carried_import, carried_export) = carry(row, import, export)?;

    row.carried_import = carried_import;
    row.carried_export = carried_export;
    row.boundary = boundary.max(row.boundary);
    row.sequence = sequence;
    row.import = import;
    row.export = export;
    row.violations = 0;
    row.behind = 1;
    row.status = MeterStatus::Active as u8;
    emit!(MeterRestored {
        meter_table: meter_table.key(),
        meter,
        participant: row.participant,
        boundary: row.boundary,
        sequence,
        import,
        export,
        carried_import,
        carried_export,
        actor: ctx.accounts.actor.key(),
    });
    Ok(())
}

/// What waits for the next interval: the energy since the last reading too, unless a register fell, as
/// when the device was replaced.
fn carry(meter: &Meter, import: u64, export: u64) -> Result<(u64, u64)> {
    let moved = import
        .checked_sub(meter.import)
        .zip(export.checked_sub(meter.export));
    let (more_import, more_export) = moved.unwrap_or((0, 0));
    let import = meter.carried_import.checked_add(more_import);
    let export = meter.carried_export.checked_add(more_export);
    Ok(import.zip(export).ok_or(OracleError::Overflow)?)
}
