//! What meters sign, as it is handed in: the bytes that were signed, and the signature.

mod encoding;
mod key;
mod signer;

use joulebook_client::{
    layout::oracle::{Meter, MeterMessage, ProfileMessage},
    oracle::types::{SignedProfile, SignedReading},
    reading, secp256r1,
};
use joulebook_metering::{
    message::{unpack, Profile, Reading, Stamp, MESSAGE_LEN, PROFILE_HEAD_LEN},
    page::Energy,
    register::Registers,
};
use joulebook_units::{UnixTime, WhSum};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use encoding::{base64_bytes, signature_text};

pub use key::{Key, NoKey};
pub use signer::Signer;

/// A message of a meter as it travels. The program builds the signed bytes itself; here they are sent as they are, so that each
/// mistake in them can be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The bytes that were signed, in base64.
    #[serde(with = "base64_bytes")]
    pub message: Vec<u8>,
    /// 64 bytes in base64 or base58: of Ed25519 R and S, of P-256 r and s.
    #[serde(with = "signature_text")]
    pub signature: [u8; 64],
}

/// A message that could be read: it is one of this meter table's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub content: Content,
    pub signed: Signed,
    /// The key that its signature holds with; `None` until it was verified.
    pub signer: Option<Signer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Reading(Reading),
    /// With its packed energies.
    Profile(Profile, Vec<u8>),
}

/// Why bytes are no message for a meter table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMessage {
    #[error("the signed bytes are neither a reading nor a load profile; docs/message-format.md has their layout")]
    Kind,
    #[error("the message has another length than a reading; send the 80 bytes that were signed")]
    Length,
    #[error("the message is of version {0}, which is not known here; update the gateway")]
    Version(u16),
    #[error("the message was signed for another meter table, program or cluster; give the device the binding of GET /v1/table")]
    Binding,
    #[error("bytes that must be zero are not; see docs/message-format.md")]
    Reserved,
}

impl Signed {
    /// Of a profile as `submit_profiles` takes it, for the table with this binding.
    pub fn of_profile(signed: &SignedProfile, binding: &[u8; 32]) -> Signed {
        let profile = Profile {
            meter: signed.meter,
            boundary: UnixTime(signed.boundary),
            sequence: signed.sequence,
            registers: Registers {
                import: WhSum(signed.import),
                export: WhSum(signed.export),
            },
            intervals: signed.intervals,
            flags: signed.flags,
        };
        Signed {
            message: reading::profile_message(binding, &profile, &signed.values),
            signature: signed.signature,
        }
    }

    /// Of a reading as `submit_readings` takes it.
    pub fn of_reading(signed: &SignedReading, binding: &[u8; 32]) -> Signed {
        let reading = Reading {
            meter: signed.meter,
            boundary: UnixTime(signed.boundary),
            sequence: signed.sequence,
            registers: Registers {
                import: WhSum(signed.import),
                export: WhSum(signed.export),
            },
            flags: signed.flags,
        };
        Signed {
            message: reading.message(binding).to_vec(),
            signature: signed.signature,
        }
    }

    /// Reads it, for the table with this binding. Nothing is verified.
    ///
    /// # Errors
    /// [`NoMessage`].
    pub fn read(self, binding: &[u8; 32]) -> Result<Message, NoMessage> {
        let bytes = self.message.as_slice();
        let domain = bytes.first_chunk::<8>().ok_or(NoMessage::Kind)?;
        let content = match *domain {
            MeterMessage::DOMAIN => {
                check_head(bytes, MeterMessage::VERSION, binding)?;
                let bytes: &[u8; MESSAGE_LEN] = bytes.try_into().map_err(|_| NoMessage::Length)?;
                Content::Reading(Reading::parse(bytes, binding).ok_or(NoMessage::Reserved)?)
            }
            ProfileMessage::DOMAIN => {
                check_head(bytes, ProfileMessage::VERSION, binding)?;
                let (head, values) = bytes
                    .split_first_chunk::<PROFILE_HEAD_LEN>()
                    .ok_or(NoMessage::Kind)?;
                let profile = Profile::parse(head, binding).ok_or(NoMessage::Reserved)?;
                Content::Profile(profile, values.to_vec())
            }
            _ => return Err(NoMessage::Kind),
        };
        Ok(Message {
            content,
            signed: self,
            signer: None,
        })
    }
}

/// Version and binding stand at the same place in both kinds.
fn check_head(bytes: &[u8], version: u16, binding: &[u8; 32]) -> Result<(), NoMessage> {
    let found = bytes.get(8..).and_then(|rest| rest.first_chunk());
    let found = u16::from_le_bytes(*found.ok_or(NoMessage::Kind)?);
    if found != version {
        return Err(NoMessage::Version(found));
    }
    let found = bytes.get(16..48).ok_or(NoMessage::Kind)?;
    match found == binding {
        true => Ok(()),
        false => Err(NoMessage::Binding),
    }
}

impl Message {
    pub fn key(&self) -> Key {
        self.key_of(Sha256::new())
    }

    /// Another one for each signature: of one that nobody has verified, which may be somebody else's beside the meter's own bytes.
    pub fn unjudged_key(&self) -> Key {
        self.key_of(Sha256::new_with_prefix(self.signed.signature))
    }

    fn key_of(&self, hash: Sha256) -> Key {
        let Stamp {
            meter, sequence, ..
        } = self.stamp();
        let hash = hash.chain_update(&self.signed.message).finalize();
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash);
        Key {
            meter,
            sequence,
            hash: [a, b, c, d, e, f, g, h],
        }
    }

    pub fn stamp(&self) -> Stamp {
        match &self.content {
            Content::Reading(reading) => Stamp::from(reading),
            Content::Profile(profile, _) => Stamp::from(profile),
        }
    }

    /// A reading as a profile without intervals: what counts of both is the same.
    pub fn profile(&self) -> Profile {
        match &self.content {
            Content::Reading(reading) => Profile::from(*reading),
            Content::Profile(profile, _) => *profile,
        }
    }

    /// The energies of its intervals; `None` if they are not packed as they should be.
    pub fn values(&self) -> Option<Vec<Energy>> {
        let Content::Profile(profile, packed) = &self.content else {
            return Some(vec![]);
        };
        // An interval takes a byte at least.
        let intervals = usize::from(profile.intervals);
        if intervals > packed.len() {
            return None;
        }
        let mut values = vec![Energy::default(); intervals];
        unpack(packed, &mut values).ok().map(|()| values)
    }

    /// Whether the meter's key has signed it. It is verified once for each key.
    pub fn is_signed_by(&self, meter: &Meter) -> bool {
        self.signer == Some(Signer::of(meter)) || Signer::of(meter).has_signed(&self.signed)
    }

    /// Verifies it, and remembers whose it is; whether the meter's key has signed it.
    pub fn verify(&mut self, meter: &Meter) -> bool {
        let is_signed = self.is_signed_by(meter);
        if is_signed {
            self.signer = Some(Signer::of(meter));
        }
        is_signed
    }

    /// As `submit_readings` takes it; `None` for a profile.
    pub fn as_reading(&self) -> Option<SignedReading> {
        match &self.content {
            Content::Reading(reading) => Some(reading::signed(reading, self.signed.signature)),
            Content::Profile(..) => None,
        }
    }

    /// As `submit_profiles` takes it; `None` for a reading.
    pub fn as_profile(&self) -> Option<SignedProfile> {
        match &self.content {
            Content::Reading(_) => None,
            Content::Profile(profile, packed) => Some(reading::signed_profile(
                profile,
                packed.clone(),
                self.signed.signature,
            )),
        }
    }

    /// As the precompile checks it, for a meter with a key of P-256.
    pub fn as_checked(&self, meter: &Meter) -> Option<secp256r1::Signed> {
        Some(secp256r1::Signed {
            key: Signer::of(meter).p256_key()?,
            signature: self.signed.signature,
            message: self.signed.message.clone(),
        })
    }
}
