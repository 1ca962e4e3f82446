//! Two messages of one key that can't both be true.

use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::{limits::REASON_KEY_COPIED, Meter};
use joulebook_metering::message::Stamp;

use crate::{
    errors::OracleError,
    events::MeterQuarantined,
    state::{MeterTable, MeterTableView},
};

/// Quarantines the meter of two messages that differ and have one sequence; `messages` gives their bytes for the table with that
/// binding, `are_signed` says whether the meter's key has signed both. Does nothing if that was proven before.
///
/// # Errors
/// [`OracleError::NoContradiction`], [`OracleError::BeforeDevice`], [`OracleError::NotSignedByDevice`], and those of finding the
/// meter.
pub fn quarantine_copied(
    meter_table: &AccountLoader<MeterTable>,
    messages: impl Fn(&[u8; 32]) -> [Vec<u8>; 2],
    are_signed: impl Fn(&Meter, &[Vec<u8>; 2]) -> bool,
) -> Result<()> {
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let binding = table.header.binding;
    let messages = messages(&binding);
    let stamps = messages
        .each_ref()
        .map(|message| Stamp::parse(message, &binding));
    let [Some(first), Some(second)] = stamps else {
        return Err(OracleError::NotSignedByDevice.into());
    };
    // An honest device uses no sequence twice, and what it sends twice it has signed once.
    let is_same_place = first.meter == second.meter && first.sequence == second.sequence;
    let [one, other] = &messages;
    require!(is_same_place && one != other, OracleError::NoContradiction);
    // Nothing is to be kept from one that is retired with final registers: they are read off the device.
    let row = table.meter_that_signs(first.meter)?;
    if row.key_copied != 0 {
        return Ok(());
    }
    // A device that comes back counts its sequences anew, and one that is not recorded yet may be reset.
    let from = row.device_from;
    require!(
        first.boundary.0 > from && second.boundary.0 > from,
        OracleError::BeforeDevice
    );
    require!(are_signed(row, &messages), OracleError::NotSignedByDevice);
    // Whatever it was quarantined for: a verifier can't restore it now.
    row.key_copied = 1;
    row.silence();
    let participant = row.participant;
    emit_numbered!(
        table.header,
        MeterQuarantined {
            meter_table: meter_table.key(),
            meter: first.meter,
            participant,
            reason: REASON_KEY_COPIED,
            actor: None,
        }
    );
    Ok(())
}
