use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, wipe, Addressed};
use joulebook_layout::{oracle, Address};
use joulebook_metering::page::PageRing;
use joulebook_units::{Seconds, UnixTime};

use crate::{
    authority::opens_pages,
    clock::now,
    errors::OracleError,
    events::PageOpened,
    state::{load_page, IntervalPage, MeterTable, MeterTableView},
};

#[accounts]
pub struct OpenPage<'info> {
    /// The meter table's settlement key: the market, signing for itself. Anybody while none is set.
    pub settlement: Signer<'info>,
    #[account(mut, constraint = opens_pages(meter_table.load()?.settlement, settlement.address()) @ OracleError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = page.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
}

pub fn open_page(ctx: Context<OpenPage>) -> Result<()> {
    let now = now()?;
    let mut table = ctx.accounts.meter_table.as_ref().try_borrow_mut_data()?;
    let view = MeterTableView::load(&mut table)?;
    let mut page = ctx.accounts.page.as_ref().try_borrow_mut_data()?;
    let page = load_page(&mut page)?;
    let (table, header) = (&*view.header, &mut *page.header);
    let ring = PageRing::from(table);
    let start = next_start(table, &ring, now)?;
    let slot = ring.slot(start).ok_or(OracleError::Broken)?;
    require!(slot == header.slot, OracleError::WrongSlot);
    require!(header.is_finished(), OracleError::SlotBusy);
    let until = |seconds: u32| {
        let end = start.checked_add(ring.length);
        end.and_then(|end| end.checked_add(Seconds(seconds.into())))
            .ok_or(OracleError::Overflow)
    };
    let readings_until = until(table.reading_seconds)?;
    let corrections_until = until(table.correction_seconds)?;

    header.start = start.0;
    header.previous = table.last_opened;
    header.readings_until = readings_until.0;
    header.corrections_until = corrections_until.0;
    header.finished_meters = 0;
    wipe(page.registers);
    wipe(page.entries);
    let table = view.header;
    table.last_opened = start.0;
    let has_settlement = table.settlement != Address::NOBODY;
    if has_settlement && table.settled_from == oracle::IntervalPage::NEVER {
        table.settled_from = start.0;
    }
    emit_numbered!(
        table,
        PageOpened {
            meter_table: pubkey(page.header.meter_table),
            start: start.0,
            slot,
        }
    );
    Ok(())
}

/// The start of the page to be opened; nobody can choose it.
fn next_start(table: &oracle::MeterTable, ring: &PageRing, now: UnixTime) -> Result<UnixTime> {
    let start = ring.next(table, now);
    let start = start.ok_or(OracleError::Overflow)?;
    // Anybody could otherwise open the whole ring ahead, and the next market would have to wait for its end.
    require!(
        table.settlement != Address::NOBODY || start <= now,
        OracleError::TooEarlyToOpen
    );
    Ok(start)
}
