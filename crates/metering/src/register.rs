//! Register arithmetic: what a new reading adds to the last one, or why it can't be.

use joulebook_layout::oracle::{Meter, MeterFlags};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum, SECONDS_PER_HOUR};

use crate::message::Reading;

const WATT_SECONDS_PER_WH: u64 = SECONDS_PER_HOUR as u64;

/// A meter's two cumulative registers, in Wh; neither ever decreases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    pub import: WhSum,
    pub export: WhSum,
}

/// The most a meter's connection can carry each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerLimits {
    pub import: Watts,
    pub export: Watts,
}

/// What was last accepted of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastReading {
    pub boundary: UnixTime,
    pub sequence: u64,
    pub registers: Registers,
}

/// Why a reading is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The sequence is not above the last one: a replay, or an older message.
    StaleSequence,
    /// The boundary is not after the last one.
    StaleBoundary,
    /// The boundary is not a multiple of the interval length.
    OffBoundary,
    /// The boundary is in the future.
    Future,
    /// A flag that this version does not know.
    UnknownFlags,
    /// The meter says it was tampered with.
    Tampered,
    /// A register is lower than before.
    RegisterFell,
    /// More energy than the connection can carry in the time since the last reading.
    PowerLimit,
}

impl Rejection {
    /// Whether an honest, working meter can't have signed this: counted against the meter, once its
    /// signature has been verified. The others may be a relay's doing.
    pub fn is_violation(self) -> bool {
        matches!(
            self,
            Rejection::Tampered | Rejection::RegisterFell | Rejection::PowerLimit
        )
    }
}

/// Energy between two readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    pub import: WhSum,
    pub export: WhSum,
    /// Whole intervals between the readings; 1 for a meter heard every time.
    pub intervals: u64,
}

impl From<&Meter> for LastReading {
    fn from(meter: &Meter) -> LastReading {
        LastReading {
            boundary: UnixTime(meter.boundary),
            sequence: meter.sequence,
            registers: Registers {
                import: WhSum(meter.import),
                export: WhSum(meter.export),
            },
        }
    }
}

impl From<&Meter> for PowerLimits {
    fn from(meter: &Meter) -> PowerLimits {
        PowerLimits {
            import: Watts(meter.max_import),
            export: Watts(meter.max_export),
        }
    }
}

impl LastReading {
    /// What `reading` adds, for intervals of `length` and a clock that shows `now`.
    ///
    /// A register counts whole Wh, so a difference may be up to 1 Wh above what flowed: the power
    /// limit allows that much more.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies, in the order of the enum.
    pub fn advance(
        &self,
        reading: &Reading,
        limits: &PowerLimits,
        length: Seconds,
        now: UnixTime,
    ) -> Result<Advance, Rejection> {
        if reading.sequence <= self.sequence {
            return Err(Rejection::StaleSequence);
        }
        if reading.boundary <= self.boundary {
            return Err(Rejection::StaleBoundary);
        }
        if reading.boundary.boundary(length) != Some(reading.boundary) {
            return Err(Rejection::OffBoundary);
        }
        if reading.boundary > now {
            return Err(Rejection::Future);
        }
        let flags = MeterFlags(reading.flags);
        if !flags.is_known() {
            return Err(Rejection::UnknownFlags);
        }
        if flags.intersects(MeterFlags::TAMPERED) {
            return Err(Rejection::Tampered);
        }
        let fell = Rejection::RegisterFell;
        let new = &reading.registers;
        let import = new.import.checked_sub(self.registers.import).ok_or(fell)?;
        let export = new.export.checked_sub(self.registers.export).ok_or(fell)?;
        let elapsed = reading
            .boundary
            .since(self.boundary)
            .ok_or(Rejection::Future)?;
        if exceeds(import, limits.import, elapsed) || exceeds(export, limits.export, elapsed) {
            return Err(Rejection::PowerLimit);
        }
        let intervals = elapsed.0.checked_div(length.0).unwrap_or(0);
        Ok(Advance {
            import,
            export,
            intervals: u64::try_from(intervals).unwrap_or(0),
        })
    }
}

/// Whether a difference of registers is more than `limit` can move in `elapsed`, with the 1 Wh by which whole registers
/// may be off.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "products of two numbers of 32 bits"
)]
pub(crate) fn exceeds(energy: WhSum, limit: Watts, elapsed: Seconds) -> bool {
    let energy = energy.0.saturating_sub(1);
    match (u32::try_from(energy), u32::try_from(elapsed.0)) {
        // Watt-seconds, without a division: nearly every difference is this small.
        (Ok(energy), Ok(seconds)) => {
            u64::from(energy) * WATT_SECONDS_PER_WH > u64::from(limit.0) * u64::from(seconds)
        }
        _ => is_above(energy, limit, elapsed),
    }
}

#[cold]
#[inline(never)]
fn is_above(energy: u64, limit: Watts, elapsed: Seconds) -> bool {
    energy > limit.over(elapsed).0
}
