use std::io::{self, Read};

use anchor_lang::prelude::*;
use joulebook_metering::{
    message::{Profile, Reading},
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

/// A load profile with the device's signature over its message (crates/metering): 106 bytes, and those of its energies.
#[derive(Clone, AnchorSerialize)]
pub struct SignedProfile {
    pub signature: [u8; 64],
    /// The meter's number: generation times 2^16, and row.
    pub meter: u32,
    /// Unix time of its last boundary, seconds.
    pub boundary: i64,
    pub sequence: u64,
    /// Registers there, Wh.
    pub import: u64,
    pub export: u64,
    /// Intervals that end there, whose energies `values` has.
    pub intervals: u16,
    /// Status the meter reports: 1 tampered, 2 clock unsure, 4 power failed.
    pub flags: u16,
    /// Packed, as they were signed.
    pub values: Vec<u8>,
}

/// By hand: for bytes, borsh takes as much memory as their length asks for before it reads them, and there is no more than 32 KiB.
impl AnchorDeserialize for SignedProfile {
    fn deserialize_reader<R: Read>(reader: &mut R) -> io::Result<SignedProfile> {
        Ok(SignedProfile {
            signature: AnchorDeserialize::deserialize_reader(reader)?,
            meter: AnchorDeserialize::deserialize_reader(reader)?,
            boundary: AnchorDeserialize::deserialize_reader(reader)?,
            sequence: AnchorDeserialize::deserialize_reader(reader)?,
            import: AnchorDeserialize::deserialize_reader(reader)?,
            export: AnchorDeserialize::deserialize_reader(reader)?,
            intervals: AnchorDeserialize::deserialize_reader(reader)?,
            flags: AnchorDeserialize::deserialize_reader(reader)?,
            values: packed(reader)?,
        })
    }
}

/// More than a transaction holds.
const MAX_PACKED: u32 = 4096;

fn packed<R: Read>(reader: &mut R) -> io::Result<Vec<u8>> {
    let len = u32::deserialize_reader(reader)?;
    if len > MAX_PACKED {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; len as usize];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// What a device has signed with Ed25519.
#[derive(Clone, AnchorSerialize, AnchorDeserialize)]
pub enum SignedMessage {
    Reading(SignedReading),
    Profile(SignedProfile),
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
    /// The boundary, of a profile its first, is not after the one at which the meter's device was recorded: nothing to do, its
    /// registers there are in the meter's row. A profile begins behind it.
    BeforeDevice,
    /// The boundary is not a multiple of the interval length.
    OffBoundary,
    /// The boundary is in the future: send it then.
    FutureBoundary,
    /// A status flag this version does not know.
    UnknownFlags,
    /// The meter says it was tampered with: a violation.
    Tampered,
    /// The boundary is none of the page's: send it with the page that holds it, once that one is open. A profile that ends
    /// or begins where another page does: send it with its own page first.
    OutsidePage,
    /// The page takes no readings any more: its gaps are a verifier's to fill.
    ReadingsClosed,
    /// The boundary is newer than the meter's last one, and the sequence is not.
    StaleSequence,
    /// The energies of a profile can't be read: cut short, too long, or not packed as they should be.
    Malformed,
    /// The device's key did not sign this for this meter of this table, on this cluster.
    BadSignature,
    /// A register is lower than at a boundary before, or higher than at one behind: a violation. Or lower than the device showed
    /// when it was recorded: likewise, but at the first boundary behind that, as the clock may have been behind.
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

impl SignedProfile {
    pub fn profile(&self) -> Profile {
        Profile {
            meter: self.meter,
            boundary: UnixTime(self.boundary),
            sequence: self.sequence,
            registers: Registers {
                import: WhSum(self.import),
                export: WhSum(self.export),
            },
            intervals: self.intervals,
            flags: self.flags,
        }
    }
}

impl SignedMessage {
    /// The bytes that were signed.
    pub fn message(&self, binding: &[u8; 32]) -> Vec<u8> {
        match self {
            SignedMessage::Reading(signed) => signed.reading().message(binding).to_vec(),
            SignedMessage::Profile(signed) => {
                let head = signed.profile().head(binding);
                [&head, signed.values.as_slice()].concat()
            }
        }
    }

    pub fn signature(&self) -> &[u8; 64] {
        match self {
            SignedMessage::Reading(signed) => &signed.signature,
            SignedMessage::Profile(signed) => &signed.signature,
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
            Rejection::RegisterFell | Rejection::BelowFirst => ReadingResult::RegisterFell,
            Rejection::PowerLimit => ReadingResult::PowerLimit,
            Rejection::Replaced => ReadingResult::Replaced,
            Rejection::Broken => ReadingResult::Broken,
        }
    }
}
