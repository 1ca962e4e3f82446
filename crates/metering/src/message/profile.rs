//! The message that a meter signs with a load profile, [`ProfileMessage`] and packed energies behind it.

use joulebook_layout::oracle::ProfileMessage;
use joulebook_units::{UnixTime, WhSum};

use super::Reading;
use crate::register::Registers;

/// Bytes of a profile before its energies.
pub const PROFILE_HEAD_LEN: usize = size_of::<ProfileMessage>();

/// What a profile says beside the energies of its intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    pub meter: u32,
    /// The end of its last interval.
    pub boundary: UnixTime,
    pub sequence: u64,
    /// There.
    pub registers: Registers,
    /// Whose energies it tells.
    pub intervals: u16,
    /// Bits of [`MeterFlags`](joulebook_layout::oracle::MeterFlags).
    pub flags: u16,
}

/// Without intervals.
impl From<Reading> for Profile {
    fn from(reading: Reading) -> Profile {
        Profile {
            meter: reading.meter,
            boundary: reading.boundary,
            sequence: reading.sequence,
            registers: reading.registers,
            intervals: 0,
            flags: reading.flags,
        }
    }
}

impl Profile {
    /// The bytes to sign before the packed energies, for a meter of the table with this [`binding`](super::binding).
    pub fn head(&self, binding: &[u8; 32]) -> [u8; PROFILE_HEAD_LEN] {
        bytemuck::cast(ProfileMessage {
            domain: ProfileMessage::DOMAIN,
            version: ProfileMessage::VERSION,
            flags: self.flags,
            meter: self.meter,
            binding: *binding,
            boundary: self.boundary.0,
            sequence: self.sequence,
            import: self.registers.import.0,
            export: self.registers.export.0,
            intervals: self.intervals,
            reserved: [0; 6],
        })
    }

    /// Reads what comes before the energies back; `None` if it is not one of this domain, version and binding.
    pub fn parse(bytes: &[u8; PROFILE_HEAD_LEN], binding: &[u8; 32]) -> Option<Profile> {
        let message: ProfileMessage = bytemuck::pod_read_unaligned(bytes);
        let profile = Profile {
            meter: message.meter,
            boundary: UnixTime(message.boundary),
            sequence: message.sequence,
            registers: Registers {
                import: WhSum(message.import),
                export: WhSum(message.export),
            },
            intervals: message.intervals,
            flags: message.flags,
        };
        (profile.head(binding) == *bytes).then_some(profile)
    }
}
