use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::oracle::{Meter, PageEntry, PageRegisters};
use joulebook_metering::{
    page::{Energy, MeterPage, ReplaceError},
    register::PowerLimits,
};
use joulebook_units::{UnixTime, Wh};

use crate::{
    authority::*,
    clock::now,
    errors::OracleError,
    events::ValuesReplaced,
    state::{load_page, IntervalPage, MeterTableView},
};

/// What a meter moved in an interval, as a verifier has it.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct ReplacedValue {
    /// Wh.
    pub import: u32,
    /// Wh.
    pub export: u32,
}

/// What stood in a value's place.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct PreviousValue {
    /// Wh.
    pub import: u32,
    /// Wh.
    pub export: u32,
    /// 0 missing, 1 gap, 2 measured, 3 replaced.
    pub quality: u8,
}

#[accounts]
pub struct ReplaceValues<'info> {
    pub managed: ManageOwnedMeter<'info>,
    #[account(mut, constraint = page.load()?.meter_table == managed.meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
}

pub fn replace_values(
    ctx: Context<ReplaceValues>,
    meter: u32,
    first: u16,
    values: Vec<ReplacedValue>,
    reason: u16,
) -> Result<()> {
    require!(!values.is_empty(), OracleError::NoValues);
    let now = now()?.0;
    let mut table = ctx
        .accounts
        .managed
        .meter_table
        .as_ref()
        .try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut table)?;
    let mut page = ctx.accounts.page.as_ref().try_borrow_mut_data()?;
    let mut page = load_page(&mut page)?;
    // A value ends the way back to earlier registers, so readings come first.
    require!(now >= page.header.readings_until, OracleError::ReadingsOpen);
    require!(
        now < page.header.corrections_until,
        OracleError::CorrectionsClosed
    );
    let length = table.header.interval_length();
    let start = page.header.start;
    let row = table.meter_mut(meter).ok_or(OracleError::NoSuchMeter)?;
    require!(row.serves(start), OracleError::NotInService);
    let places = page.meter(Meter::row(meter));
    let (registers, entries) = places.ok_or(OracleError::Broken)?;

    let previous = previous_values(entries, first, values.len());
    // What a device has signed is not a verifier's alone to change, not even once its owner has agreed to a value.
    let mut places = (first..=u16::MAX).take(values.len());
    let must_agree = places.any(|place| is_signed(registers, entries, place));
    ctx.accounts.managed.check_owner(row, must_agree)?;
    ctx.accounts.managed.require_other_actor()?;
    let energies: Vec<Energy> = values.iter().map(Energy::from).collect();
    MeterPage::new(registers, entries, UnixTime(start), length)
        .ok_or(OracleError::Broken)?
        .replace(first, &energies, &PowerLimits::at(row, UnixTime(start)))
        .map_err(OracleError::from)?;
    emit_numbered!(
        table.header,
        ValuesReplaced {
            meter_table: ctx.accounts.managed.meter_table.key(),
            meter,
            start,
            first,
            values,
            previous,
            reason,
            actor: ctx.accounts.managed.actor.key(),
        }
    );
    Ok(())
}

/// Whether the registers are known at both ends of an interval: what it was measured by, before any value.
fn is_signed(registers: &PageRegisters, entries: &[PageEntry], place: u16) -> bool {
    let is_known = |place: u16| {
        let entry = entries.get(usize::from(place));
        entry.is_some_and(PageEntry::is_boundary_known)
    };
    let is_start_known = match place.checked_sub(1) {
        Some(before) => is_known(before),
        None => registers.is_base_known(),
    };
    is_start_known && is_known(place)
}

fn previous_values(entries: &[PageEntry], first: u16, count: usize) -> Vec<PreviousValue> {
    let places = entries.iter().skip(usize::from(first)).take(count);
    places.map(PreviousValue::from).collect()
}

impl From<&PageEntry> for PreviousValue {
    fn from(entry: &PageEntry) -> PreviousValue {
        PreviousValue {
            import: entry.import().0,
            export: entry.export().0,
            quality: entry.quality() as u8,
        }
    }
}

impl From<&ReplacedValue> for Energy {
    fn from(value: &ReplacedValue) -> Energy {
        Energy {
            import: Wh(value.import),
            export: Wh(value.export),
        }
    }
}

impl From<ReplaceError> for OracleError {
    fn from(error: ReplaceError) -> OracleError {
        match error {
            ReplaceError::OutsidePage => OracleError::OutsidePage,
            ReplaceError::PowerLimit => OracleError::PowerLimitExceeded,
        }
    }
}
