use anchor_lang::prelude::*;
use joulebook_metering::{
    message::Reading,
    page::{Rejection, Taken},
    register::Registers,
};
use joulebook_units::{UnixTime, WhSum};

/// A reading with the device's signature over the 80-byte meter message (crates/metering): 102 bytes.
#[derive(Clone, AnchorSerialize, AnchorDeserialize)]
pub struct SignedReading {
    pub signature: [u8; 64],
    /// The meter's number: generation times 2^16, and row.
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
    /// Newer than all that was known of the meter: the meter moved on to it.
    Counted,
    /// Not newer than the meter's last reading, and new to the page.
    Filled,
    /// The page knows these registers at this boundary.
    AlreadyKnown,
    /// No meter has this number, or its row has another one by now.
    UnknownMeter,
    /// The meter is quarantined: a verifier must restore it first. Or it was when it was retired: nothing to do.
    Quarantined,
    /// The boundary is before the meter's service or after it.
    NotInService,
    /// The boundary is not after the one at which the meter's device was recorded: nothing to do, its registers there
    /// are in the meter's row.
    BeforeDevice,
    /// The boundary is not a multiple of the interval length.
    OffBoundary,
    /// The boundary is in the future: send it then.
    FutureBoundary,
    /// A status flag this version does not know.
    UnknownFlags,
    /// The meter says it was tampered with: a violation.
    Tampered,
    /// The boundary is none of the page's: send it with the page that holds it, once that one is open.
    OutsidePage,
    /// The page takes no readings any more: its gaps are a verifier's to fill.
    ReadingsClosed,
    /// The boundary is newer than the meter's last one, and the sequence is not.
    StaleSequence,
    /// The device's key did not sign this for this meter of this table, on this cluster.
    BadSignature,
    /// A register is lower than at a boundary before, or higher than at one behind: a violation.
    RegisterFell,
    /// More energy than the connection can carry in that time: a violation if it is above the community's cap, too.
    PowerLimit,
    /// Other registers are known at this boundary: a violation.
    Contradicts,
    /// A verifier's value stands between this boundary and the registers known: nothing to do.
    Replaced,
    /// A fault of the program: report it.
    Broken,
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

impl From<Taken> for ReadingResult {
    fn from(taken: Taken) -> ReadingResult {
        match taken {
            Taken::Newest => ReadingResult::Counted,
            Taken::Filled => ReadingResult::Filled,
            Taken::AlreadyKnown => ReadingResult::AlreadyKnown,
        }
    }
}

impl From<Rejection> for ReadingResult {
    fn from(rejection: Rejection) -> ReadingResult {
        match rejection {
            Rejection::OutsidePage => ReadingResult::OutsidePage,
            Rejection::StaleSequence => ReadingResult::StaleSequence,
            Rejection::Contradicts => ReadingResult::Contradicts,
            Rejection::RegisterFell => ReadingResult::RegisterFell,
            Rejection::PowerLimit => ReadingResult::PowerLimit,
            Rejection::Replaced => ReadingResult::Replaced,
            Rejection::Broken => ReadingResult::Broken,
        }
    }
}
