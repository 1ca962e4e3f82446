use std::fmt;

use brine_ed25519::verify_strict;
use joulebook_client::layout::oracle::{KeyKind, Meter};
use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};
use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};
use solana_address::Address;

use super::Signed;

/// A device's key, as it stands in a meter's row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    kind: u8,
    device: [u8; 32],
}

impl Signer {
    pub fn of(meter: &Meter) -> Signer {
        Signer {
            kind: meter.key_kind,
            device: meter.device,
        }
    }

    /// Whether this key has made the signature: of Ed25519 as the oracle verifies it, of P-256 as the precompile does.
    pub fn has_signed(&self, signed: &Signed) -> bool {
        let Signed { message, signature } = signed;
        if self.kind == KeyKind::Ed25519 as u8 {
            let device = Address::new_from_array(self.device);
            return verify_strict(&device, signature, &[message.as_slice()]).is_ok();
        }
        let key = self.p256_key();
        let key = key.and_then(|key| VerifyingKey::from_sec1_bytes(&key).ok());
        let signature = Signature::from_slice(signature).ok();
        key.zip(signature)
            .is_some_and(|(key, signature)| key.verify(message, &signature).is_ok())
    }

    /// Compressed; `None` if it is none of P-256.
    pub fn p256_key(&self) -> Option<[u8; 33]> {
        let sign = match self.kind {
            kind if kind == KeyKind::P256Even as u8 => 2,
            kind if kind == KeyKind::P256Odd as u8 => 3,
            _ => return None,
        };
        let mut key = [sign; 33];
        key.get_mut(1..)?.copy_from_slice(&self.device);
        Some(key)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let device = bs58::encode(self.device).into_string();
        write!(f, "{}-{device}", self.kind)
    }
}

impl Serialize for Signer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for Signer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Signer, D::Error> {
        let text = String::deserialize(from)?;
        let read = || {
            let (kind, device) = text.split_once('-')?;
            let mut bytes = [0; 32];
            let len = bs58::decode(device).onto(&mut bytes).ok()?;
            (len == bytes.len()).then_some(Signer {
                kind: kind.parse().ok()?,
                device: bytes,
            })
        };
        read().ok_or_else(|| D::Error::custom("no key of a device"))
    }
}
