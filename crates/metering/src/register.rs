//! Register arithmetic: a device's registers and what its meter's row counts of them, and how much energy a connection can
//! carry from one reading to the next.

use joulebook_layout::oracle::Meter;
use joulebook_units::{Seconds, UnixTime, Watts, WhSum, SECONDS_PER_HOUR};

use crate::page::Rejection;

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

/// What a reading is held against: each page has the limits of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingLimits {
    /// Within its page.
    pub page: PowerLimits,
    /// Between it and the last reading of the meter's row, before or behind it.
    pub row: PowerLimits,
}

impl ReadingLimits {
    /// Of a meter in the page that starts at `page`.
    #[inline(always)]
    pub fn of(meter: &Meter, page: UnixTime) -> ReadingLimits {
        ReadingLimits {
            page: PowerLimits::at(meter, page),
            row: PowerLimits::to_last(meter, page),
        }
    }
}

/// What was last accepted of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastReading {
    pub boundary: UnixTime,
    pub sequence: u64,
    pub registers: Registers,
}

/// What a device's registers show less what its meter's row counts, modulo 2⁶⁴: the row counts from the registration on,
/// and goes on when the device is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offsets {
    pub import: u64,
    pub export: u64,
    /// What the row counted when the device was recorded: no boundary's reading, but none is below.
    pub least: Registers,
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

impl PowerLimits {
    /// Of a meter in the page that holds `time`.
    pub fn at(meter: &Meter, time: UnixTime) -> PowerLimits {
        let [import, export] = meter.limits_at(time.0);
        PowerLimits {
            import: Watts(import),
            export: Watts(export),
        }
    }

    /// Of a meter between its last reading and the page that holds `time`, whichever is first: the higher ones where they change
    /// between, so that nothing is refused that may have flowed under either.
    #[inline(always)]
    pub fn to_last(meter: &Meter, time: UnixTime) -> PowerLimits {
        let limits = PowerLimits::at(meter, time);
        let is_before = time.0 < meter.limits_from;
        let is_one_time = if is_before {
            meter.boundary <= meter.limits_from
        } else {
            meter.boundary >= meter.limits_from
        };
        if is_one_time {
            return limits;
        }
        PowerLimits {
            import: Watts(meter.max_import.max(meter.former_max_import)),
            export: Watts(meter.max_export.max(meter.former_max_export)),
        }
    }

    /// For a reading of a meter whose limits have never changed.
    pub fn everywhere(self) -> ReadingLimits {
        ReadingLimits {
            page: self,
            row: self,
        }
    }

    pub fn both(limit: Watts) -> PowerLimits {
        PowerLimits {
            import: limit,
            export: limit,
        }
    }
}

impl From<&Meter> for Offsets {
    fn from(meter: &Meter) -> Offsets {
        Offsets {
            import: meter.import_offset,
            export: meter.export_offset,
            least: Registers {
                import: WhSum(meter.device_import),
                export: WhSum(meter.device_export),
            },
        }
    }
}

impl Registers {
    #[inline(always)]
    pub(crate) fn are_at_least(&self, least: &Registers) -> bool {
        self.import >= least.import && self.export >= least.export
    }

    /// Whether a device can show these: less than 2⁶³ Wh each, so that the sign of an offset is known.
    pub fn are_plausible(&self) -> bool {
        let limit = i64::MAX.unsigned_abs();
        self.import.0 <= limit && self.export.0 <= limit
    }
}

impl Offsets {
    /// Of a device that shows `device` when its meter's row counts `counted`; both plausible.
    pub fn between(device: &Registers, counted: &Registers) -> Offsets {
        Offsets {
            import: device.import.0.wrapping_sub(counted.import.0),
            export: device.export.0.wrapping_sub(counted.export.0),
            least: *counted,
        }
    }

    /// What the row counts when the device shows `device`.
    ///
    /// # Errors
    /// [`Rejection::BelowFirst`] if the device shows less than it did at first.
    /// [`Rejection::PowerLimit`] if it is beyond 64 bits, more than any connection can carry.
    #[inline(always)]
    pub fn count(&self, device: &Registers) -> Result<Registers, Rejection> {
        let counted = Registers {
            import: counted(device.import, self.import)?,
            export: counted(device.export, self.export)?,
        };
        if counted.are_at_least(&self.least) {
            Ok(counted)
        } else {
            Err(Rejection::BelowFirst)
        }
    }
}

#[inline(always)]
fn counted(device: WhSum, offset: u64) -> Result<WhSum, Rejection> {
    // Of two numbers below 2⁶³, the difference modulo 2⁶⁴ has the sign of its upper bit.
    let offset = offset.cast_signed();
    match device.0.checked_add_signed(offset.wrapping_neg()) {
        Some(counted) => Ok(WhSum(counted)),
        None if offset > 0 => Err(Rejection::BelowFirst),
        None => Err(Rejection::PowerLimit),
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
