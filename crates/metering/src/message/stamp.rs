//! Which of a meter's messages it is, of whichever kind.

use joulebook_units::UnixTime;

use super::{Profile, Reading, MESSAGE_LEN, PROFILE_HEAD_LEN};

/// An honest device gives no two of its messages the same meter and sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub meter: u32,
    /// Of a profile its last.
    pub boundary: UnixTime,
    pub sequence: u64,
}

impl Stamp {
    /// Of the bytes that were signed; `None` if they are neither a reading nor a profile for the table with this
    /// [`binding`](super::binding). What stands behind a profile's head may be anything.
    pub fn parse(message: &[u8], binding: &[u8; 32]) -> Option<Stamp> {
        if let Ok(message) = <&[u8; MESSAGE_LEN]>::try_from(message) {
            return Reading::parse(message, binding).map(|reading| Stamp::from(&reading));
        }
        let head = message.first_chunk::<PROFILE_HEAD_LEN>()?;
        Profile::parse(head, binding).map(|profile| Stamp::from(&profile))
    }
}

impl From<&Reading> for Stamp {
    fn from(reading: &Reading) -> Stamp {
        Stamp {
            meter: reading.meter,
            boundary: reading.boundary,
            sequence: reading.sequence,
        }
    }
}

impl From<&Profile> for Stamp {
    fn from(profile: &Profile) -> Stamp {
        Stamp {
            meter: profile.meter,
            boundary: profile.boundary,
            sequence: profile.sequence,
        }
    }
}
