use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered};
use joulebook_layout::oracle::{limits::REASON_KEY_COPIED, Meter};

use super::{signature::is_signed, SignedReading};
use crate::{
    errors::OracleError,
    events::MeterQuarantined,
    state::{MeterTable, MeterTableView},
};

#[accounts]
pub struct ProveKeyCopied<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
}

pub fn prove_key_copied(
    ctx: Context<ProveKeyCopied>,
    first: SignedReading,
    second: SignedReading,
) -> Result<()> {
    check_contradiction(&first, &second)?;
    let meter_table = &ctx.accounts.meter_table;
    let mut data = meter_table.as_ref().try_borrow_mut_data()?;
    let mut table = MeterTableView::load(&mut data)?;
    let binding = table.header.binding;
    // Nothing is to be kept from one that is retired with final registers: they are read off the device.
    let row = table.meter_that_signs(first.meter)?;
    if row.key_copied != 0 {
        return Ok(());
    }
    // A device that comes back counts its sequences anew, and one that is not recorded yet may be reset.
    let is_later = |reading: &SignedReading| reading.boundary > row.device_from;
    require!(
        is_later(&first) && is_later(&second),
        OracleError::BeforeDevice
    );
    check_signed(row, &binding, &first)?;
    check_signed(row, &binding, &second)?;
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

/// An honest device uses no sequence twice, and what it sends twice it has signed once.
///
/// # Errors
/// [`OracleError::NoContradiction`].
fn check_contradiction(first: &SignedReading, second: &SignedReading) -> Result<()> {
    let is_same_place = first.meter == second.meter && first.sequence == second.sequence;
    let differs = first.reading() != second.reading();
    require!(is_same_place && differs, OracleError::NoContradiction);
    Ok(())
}

/// # Errors
/// [`OracleError::NotSignedByDevice`].
fn check_signed(meter: &Meter, binding: &[u8; 32], signed: &SignedReading) -> Result<()> {
    let message = signed.reading().message(binding);
    require!(
        is_signed(&meter.device, &signed.signature, &message),
        OracleError::NotSignedByDevice
    );
    Ok(())
}
