use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::oracle::{IntervalEntry, IntervalPhase, Meter};

use crate::{
    errors::OracleError,
    state::{Interval, IntervalView, MeterTable, MeterTableView},
};

#[accounts]
pub struct ReturnInterval<'info> {
    /// The meter table's settlement key: the market, signing for itself.
    pub settlement: Signer<'info>,
    #[account(mut, constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn return_interval(ctx: Context<ReturnInterval>) -> Result<()> {
    let mut table = ctx.accounts.meter_table.as_ref().try_borrow_mut_data()?;
    let table = MeterTableView::load(&mut table)?;
    let mut interval = ctx.accounts.interval.as_ref().try_borrow_mut_data()?;
    let interval = IntervalView::load(&mut interval)?;
    require!(interval.header.is_open(), OracleError::NotOpen);
    for (meter, entry) in table.meters.iter_mut().zip(interval.entries) {
        carry(meter, entry).ok_or(OracleError::Overflow)?;
    }
    interval.header.phase = IntervalPhase::Free as u8;
    Ok(())
}

/// Gives an entry's energy back to its meter, for the next interval in which it is heard.
fn carry(meter: &mut Meter, entry: &mut IntervalEntry) -> Option<()> {
    if entry.import | entry.export == 0 {
        return Some(());
    }
    meter.carried_import = meter.carried_import.checked_add(entry.import.into())?;
    meter.carried_export = meter.carried_export.checked_add(entry.export.into())?;
    meter.behind = 1;
    (entry.import, entry.export) = (0, 0);
    Some(())
}
