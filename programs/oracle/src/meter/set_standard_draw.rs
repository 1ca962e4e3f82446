use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;

use crate::authority::ManageOwnedMeter;
use crate::{errors::OracleError, events::StandardDrawChanged, state::MeterTableView};

pub fn set_standard_draw(
    ctx: Context<ManageOwnedMeter>,
    meter: u32,
    standard_draw: u32,
) -> Result<()> {
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let row = table.meter_in_use(meter)?;
    let rises = standard_draw > row.standard_draw;
    ctx.accounts.check_owner(row, rises)?;
    ctx.accounts.require_other_actor()?;
    // Owner and verifier are not enough: who owns a silent meter gains by a lower one, at the supplier's cost.
    let falls = standard_draw < row.standard_draw;
    let may_fall = ctx.accounts.is_by_authority()?;
    require!(may_fall || !falls, OracleError::NotAuthority);
    row.standard_draw = standard_draw;
    emit_numbered!(
        table.header,
        StandardDrawChanged {
            meter_table: meter_table.key(),
            meter,
            standard_draw,
            actor: ctx.accounts.actor.key(),
        }
    );
    Ok(())
}
