use anchor_lang::prelude::*;
use joulebook_metering::{
    message::Reading,
    register::{Registers, Rejection},
};
use joulebook_units::{UnixTime, WhSum};

/// A reading with the device's signature over the 80-byte meter message (crates/metering): 102 bytes.
#[derive(Clone, AnchorSerialize, AnchorDeserialize)]
pub struct SignedReading {
    pub signature: [u8; 64],
    /// Number of the meter in the table.
    pub meter: u32,
    /// Unix time of the boundary the registers were read at, seconds.
    pub boundary: i64,
    pub sequence: u64,
    /// Registers, Wh.
    pub import: u64,
    pub export: u64,
    /// Status the meter reports: 1 tampered, 2 clock unsure, 4 power failed.
    pub flags: u16,
}

#[derive(Clone, AnchorSerialize, AnchorDeserialize)]
pub struct ReadingOutcome {
    pub meter: u32,
    pub result: ReadingResult,
}

/// What became of one reading; one byte, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
#[repr(u8)]
pub enum ReadingResult {
    /// Written to its interval.
    Counted,
    /// Its interval was already settled: the energy counts in the meter's next one.
    CountedLate,
    /// No meter has this number.
    UnknownMeter,
    /// The meter is quarantined: a verifier must restore it first.
    Quarantined,
    /// The meter is retired.
    Retired,
    /// The sequence is not above the last one.
    StaleSequence,
    /// The boundary is not after the last one.
    StaleBoundary,
    /// The boundary is not a multiple of the interval length.
    OffBoundary,
    /// The boundary is in the future: send it then.
    FutureBoundary,
    /// A status flag this version does not know.
    UnknownFlags,
    /// The device's key did not sign this for this community and meter.
    BadSignature,
    /// The meter says it was tampered with: a violation.
    Tampered,
    /// A register is lower than before: a violation.
    RegisterFell,
    /// More energy than the connection can carry in that time: a violation.
    PowerLimit,
    /// It belongs in another slot's account: send it with that one.
    WrongInterval,
    /// The slot does not hold its interval yet: open it first.
    IntervalNotOpen,
    /// The energy that waits for the meter's next interval does not fit 64 bits.
    Overflow,
}

impl SignedReading {
    pub fn reading(&self) -> Reading {
        Reading {
            meter: self.meter,
            boundary: UnixTime(self.boundary),
            sequence: self.sequence,
            registers: Registers {
                import: WhSum(self.import),
                export: WhSum(self.export),
            },
            flags: self.flags,
        }
    }
}

impl From<Rejection> for ReadingResult {
    fn from(rejection: Rejection) -> ReadingResult {
        match rejection {
            Rejection::StaleSequence => ReadingResult::StaleSequence,
            Rejection::StaleBoundary => ReadingResult::StaleBoundary,
            Rejection::OffBoundary => ReadingResult::OffBoundary,
            Rejection::Future => ReadingResult::FutureBoundary,
            Rejection::UnknownFlags => ReadingResult::UnknownFlags,
            Rejection::Tampered => ReadingResult::Tampered,
            Rejection::RegisterFell => ReadingResult::RegisterFell,
            Rejection::PowerLimit => ReadingResult::PowerLimit,
        }
    }
}
