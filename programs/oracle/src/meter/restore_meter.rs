use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::MeterStatus;

use crate::{
    authority::ManageOwnedMeter, errors::OracleError, events::MeterRestored, state::MeterTableView,
};

pub fn restore_meter(ctx: Context<ManageOwnedMeter>, meter: u32) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let row = table.meter_in_use(meter)?;
    ctx.accounts.check_owner(row, false)?;
    ctx.accounts.require_other_actor()?;
    require!(
        row.is(MeterStatus::Quarantined),
        OracleError::MeterNotQuarantined
    );
    require!(row.key_copied == 0, OracleError::KeyCopied);
    row.violations = 0;
    row.status = MeterStatus::Active as u8;
    let participant = row.participant;
    emit_numbered!(
        table.header,
        MeterRestored {
            meter_table: meter_table.key(),
            meter,
            participant,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
