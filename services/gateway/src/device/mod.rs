//! Keys of devices: an adapter signs with its own for the meter that it reads.

mod p256_key;
mod pkcs11;

use joulebook_client::{
    layout::oracle::KeyKind,
    reading::{packed, profile_message},
    secp256r1::with_low_s,
};
use joulebook_daemon::key::{KeyError, KeySource};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
};
use serde::Deserialize;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub(crate) use p256_key::from_hex;
pub use p256_key::P256Key;
pub use pkcs11::{Pkcs11Error, Pkcs11Key, Pkcs11Options};

use crate::message::Signed;

/// Where a device's key is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum DeviceKeySource {
    /// A keypair, as the wallets have it.
    Ed25519(KeySource),
    /// The secret number, 64 hexadecimal digits.
    P256(KeySource),
    /// A key of P-256 in a token that does not give it away.
    Pkcs11(Pkcs11Options),
}

/// Why a device's key can't be used. Nothing of the key is in it.
#[derive(Debug, thiserror::Error)]
pub enum DeviceKeyError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("no secret number of P-256 is there; 64 hexadecimal digits are expected, as `joulebook meter new-key` writes them")]
    NoP256,
    #[error(transparent)]
    Pkcs11(#[from] Pkcs11Error),
}

/// A key that signs a meter's messages.
pub enum DeviceKey {
    Ed25519(Keypair),
    P256(P256Key),
    Pkcs11(Pkcs11Key),
}

/// What is registered of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub kind: KeyKind,
    /// As it stands in the meter's row.
    pub device: [u8; 32],
}

impl DeviceKeySource {
    /// # Errors
    /// [`DeviceKeyError`].
    pub fn open(&self) -> Result<DeviceKey, DeviceKeyError> {
        Ok(match self {
            DeviceKeySource::Ed25519(source) => DeviceKey::Ed25519(source.read()?),
            DeviceKeySource::P256(source) => {
                let key = P256Key::from_hex(&source.read_secret()?);
                DeviceKey::P256(key.ok_or(DeviceKeyError::NoP256)?)
            }
            DeviceKeySource::Pkcs11(options) => DeviceKey::Pkcs11(Pkcs11Key::open(options)?),
        })
    }
}

impl DeviceKey {
    pub fn public(&self) -> PublicKey {
        match self {
            DeviceKey::Ed25519(key) => PublicKey {
                kind: KeyKind::Ed25519,
                device: key.pubkey().to_bytes(),
            },
            DeviceKey::P256(key) => of_compressed(&key.public()),
            DeviceKey::Pkcs11(key) => of_compressed(&key.public()),
        }
    }

    /// The 64 bytes of a signature; of P-256 with the lower s.
    ///
    /// # Errors
    /// What a token says.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], DeviceKeyError> {
        let signature = match self {
            DeviceKey::Ed25519(key) => return Ok(key.sign_message(message).into()),
            DeviceKey::P256(key) => key.sign(message),
            DeviceKey::Pkcs11(key) => key.sign(message)?,
        };
        with_low_s(&signature).ok_or(DeviceKeyError::NoP256)
    }

    /// A reading; with a key of P-256, a load profile without intervals, which says the same.
    ///
    /// # Errors
    /// What a token says.
    pub fn sign_reading(
        &self,
        binding: &[u8; 32],
        reading: &Reading,
    ) -> Result<Signed, DeviceKeyError> {
        if self.public().kind != KeyKind::Ed25519 {
            return self.sign_profile(binding, &Profile::from(*reading), &[]);
        }
        let message = reading.message(binding).to_vec();
        let signature = self.sign(&message)?;
        Ok(Signed { message, signature })
    }

    /// # Errors
    /// What a token says.
    pub fn sign_profile(
        &self,
        binding: &[u8; 32],
        profile: &Profile,
        values: &[Energy],
    ) -> Result<Signed, DeviceKeyError> {
        let message = profile_message(binding, profile, &packed(values));
        let signature = self.sign(&message)?;
        Ok(Signed { message, signature })
    }
}

impl PublicKey {
    /// In hexadecimal digits, as others write it: of P-256 compressed.
    pub fn hex(&self) -> String {
        let sign = match self.kind {
            KeyKind::Ed25519 => "",
            KeyKind::P256Even => "02",
            KeyKind::P256Odd => "03",
        };
        format!("{sign}{}", crate::api::hex(&self.device))
    }
}

fn of_compressed(key: &[u8; 33]) -> PublicKey {
    let [sign, device @ ..] = *key;
    let kind = match sign {
        2 => KeyKind::P256Even,
        _ => KeyKind::P256Odd,
    };
    PublicKey { kind, device }
}
