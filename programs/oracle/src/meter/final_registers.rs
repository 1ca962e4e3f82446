use anchor_lang::prelude::*;
use joulebook_layout::oracle::Meter;
use joulebook_metering::{
    page::Rejection,
    register::{LastReading, Offsets, PowerLimits, Registers},
};
use joulebook_units::UnixTime;

use super::details::device_registers;
use crate::errors::OracleError;

/// What a device shows when it is taken away, Wh.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct FinalRegisters {
    pub import: u64,
    pub export: u64,
}

/// What a meter's row counts once its device, which is taken away now, shows `import` and `export`, Wh.
///
/// # Errors
/// [`OracleError::RegisterFell`], [`OracleError::PowerLimitExceeded`] if these can't follow the meter's last reading,
/// [`OracleError::RegisterInvalid`].
pub fn final_registers(
    meter: &Meter,
    import: u64,
    export: u64,
    now: UnixTime,
) -> Result<Registers> {
    let device = device_registers(import, export)?;
    let counted = Offsets::from(meter)
        .count(&device)
        .map_err(OracleError::from)?;
    LastReading::from(meter)
        .check_follower(now, &counted, &PowerLimits::to_last(meter, now))
        .map_err(OracleError::from)?;
    Ok(counted)
}

impl From<Rejection> for OracleError {
    fn from(rejection: Rejection) -> OracleError {
        match rejection {
            Rejection::RegisterFell | Rejection::BelowFirst => OracleError::RegisterFell,
            Rejection::PowerLimit => OracleError::PowerLimitExceeded,
            _ => OracleError::Broken,
        }
    }
}
