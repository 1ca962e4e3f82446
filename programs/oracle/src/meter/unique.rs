use anchor_lang::prelude::*;
use joulebook_layout::oracle::MeterStatus;

use crate::{errors::OracleError, state::MeterTableView};

/// One key signs for one meter.
///
/// # Errors
/// [`OracleError::DeviceAlreadyRegistered`] if a meter in use has this one.
pub fn check_unique(table: &MeterTableView, device: &[u8; 32]) -> Result<()> {
    let mut in_use = table
        .registered()
        .filter(|meter| !meter.is(MeterStatus::Retired));
    require!(
        !in_use.any(|meter| meter.device == *device),
        OracleError::DeviceAlreadyRegistered
    );
    Ok(())
}
