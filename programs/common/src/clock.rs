//! The chain's clock.

use anchor_lang::solana_program::program_error::ProgramError;
use joulebook_units::UnixTime;
use pinocchio::sysvars::{clock::CLOCK_ID, get_sysvar};

/// Where the sysvar has its time: behind four numbers of slots and epochs.
const TIME_OFFSET: usize = 32;

/// Of these eight bytes alone: all 40 take 30 compute units more.
///
/// # Errors
/// That of reading the sysvar. None on chain; elsewhere there is none to read.
#[inline(always)]
pub fn now() -> Result<UnixTime, ProgramError> {
    if cfg!(not(target_os = "solana")) {
        return Err(ProgramError::UnsupportedSysvar);
    }
    let mut time = [0; size_of::<i64>()];
    get_sysvar(&mut time, &CLOCK_ID, TIME_OFFSET)?;
    Ok(UnixTime(i64::from_le_bytes(time)))
}
