use anchor_lang::prelude::*;
use joulebook_common::{accounts, stored::pubkey, Addressed};
use joulebook_layout::{
    oracle::{self, IntervalEntry, IntervalPhase, MeterStatus, Quality},
    Address,
};
use joulebook_units::UnixTime;

use crate::{
    errors::OracleError,
    events::IntervalOpened,
    state::{Interval, IntervalView, MeterTable, MeterTableView},
};

#[accounts]
pub struct OpenInterval<'info> {
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn open_interval(ctx: Context<OpenInterval>, start: i64) -> Result<()> {
    let now = UnixTime(Clock::get()?.unix_timestamp);
    let mut table = ctx.accounts.meter_table.as_ref().try_borrow_mut_data()?;
    let table = MeterTableView::load(&mut table)?;
    let mut interval = ctx.accounts.interval.as_ref().try_borrow_mut_data()?;
    let interval = IntervalView::load(&mut interval)?;
    let header = interval.header;
    check_start(table.header, header, UnixTime(start), now)?;
    check_reusable(table.header, header, now)?;

    header.expected = expect_meters(&table, interval.entries, start)?;
    header.heard = 0;
    header.start = start;
    header.phase = IntervalPhase::Open as u8;
    emit!(IntervalOpened {
        meter_table: pubkey(header.meter_table),
        start,
        slot: header.slot,
        expected: header.expected,
    });
    Ok(())
}

fn check_start(
    table: &oracle::MeterTable,
    interval: &oracle::Interval,
    start: UnixTime,
    now: UnixTime,
) -> Result<()> {
    let length = table.interval_length();
    let slot = start.ring_slot(length, table.ring);
    let slot = slot.ok_or(OracleError::OffBoundary)?;
    require!(slot == interval.slot, OracleError::WrongSlot);
    require!(start <= now, OracleError::TooEarlyToOpen);
    require!(start.0 > interval.start, OracleError::StartPassed);
    if interval.start == oracle::Interval::NEVER {
        // Anybody could otherwise fill a fresh ring with starts that no window will ever settle.
        let age = now.since(start).ok_or(OracleError::StartTooOld)?;
        let round = length.0.checked_mul(i64::from(table.ring));
        let round = round.ok_or(OracleError::Overflow)?;
        require!(age.0 < round, OracleError::StartTooOld);
    }
    Ok(())
}

/// A slot is free once it was released. While no settlement is set nobody could release it: it may then
/// be used again one interval length after the interval's end.
fn check_reusable(
    table: &oracle::MeterTable,
    interval: &oracle::Interval,
    now: UnixTime,
) -> Result<()> {
    if !interval.is_open() {
        return Ok(());
    }
    require!(table.settlement == Address::NOBODY, OracleError::SlotBusy);
    let length = table.interval_length();
    let end = UnixTime(interval.start).checked_add(length);
    let reusable_at = end.and_then(|end| end.checked_add(length));
    require!(
        reusable_at.ok_or(OracleError::Overflow)? <= now,
        OracleError::SlotBusy
    );
    Ok(())
}

/// Makes an entry for every meter that was in service at `start`; returns how many are waited for. Not waited
/// for are one in quarantine, which is not heard, and one that was heard beyond `start` already: what they
/// moved is estimated.
fn expect_meters(table: &MeterTableView, entries: &mut [IntervalEntry], start: i64) -> Result<u16> {
    bytemuck::fill_zeroes(entries);
    let mut expected = 0_u16;
    for (meter, entry) in table.registered().zip(entries) {
        let in_service = meter.is(MeterStatus::Active) || meter.is(MeterStatus::Quarantined);
        let registered_since = meter.sequence == 0 && meter.boundary > start;
        if in_service && !registered_since {
            entry.participant = meter.participant;
            entry.quality = Quality::Missing as u8;
            if meter.is(MeterStatus::Active) && meter.boundary <= start {
                entry.awaited = 1;
                expected = expected.checked_add(1).ok_or(OracleError::Overflow)?;
            }
        }
    }
    Ok(expected)
}
