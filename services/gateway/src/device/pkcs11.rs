//! A key in a token: a secure element, a smart card, an HSM. It signs, and never leaves it.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    mechanism::Mechanism,
    object::{Attribute, AttributeType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use joulebook_daemon::key::{KeyError, KeySource};
use p256::ecdsa::VerifyingKey;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::p256_key::compressed;

/// In front of a point that stands in an octet string, as most tokens have it.
const OCTET_STRING: [u8; 2] = [0x04, 65];

/// Where a token's key is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pkcs11Options {
    /// The library that the token's vendor gives along.
    pub module: PathBuf,
    /// Label of the token.
    pub token: String,
    /// Label of the key pair.
    pub key: String,
    /// The user's PIN: a file that only you can read, or a command that prints it.
    pub pin: KeySource,
}

/// Why a token's key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Pkcs11Error {
    #[error("{module} can't be used as a PKCS#11 module: {reason}")]
    Module { module: PathBuf, reason: String },
    #[error("no token has the label {0}; name another, or initialise it")]
    NoToken(String),
    #[error("the token has no key pair with the label {0}; make one of P-256 with it")]
    NoKey(String),
    #[error("the key {0} of the token is none of P-256; make one with the curve secp256r1")]
    NotP256(String),
    #[error("the token {0} was given a wrong PIN since it was given the right one last, and locks itself after a few; see that pin is right, and log in to it once yourself, as with pkcs11-tool --login --test")]
    WrongPin(String),
    #[error("the token does not answer: {0}")]
    Token(String),
    #[error(transparent)]
    Pin(#[from] KeyError),
}

/// A key of P-256 in a token. Each signature has a session of its own: a token may be taken out and put back.
pub struct Pkcs11Key {
    // One at a time: whoever logs out takes the others along.
    module: Mutex<Pkcs11>,
    options: Pkcs11Options,
    pin: AuthPin,
    public: [u8; 33],
}

impl Pkcs11Key {
    /// # Errors
    /// [`Pkcs11Error`].
    pub fn open(options: &Pkcs11Options) -> Result<Pkcs11Key, Pkcs11Error> {
        let failed = |error: Error| Pkcs11Error::Module {
            module: options.module.clone(),
            reason: error.to_string(),
        };
        let module = Pkcs11::new(&options.module).map_err(failed)?;
        let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        match module.initialize(arguments) {
            // Another key of this process is in it, too.
            Ok(()) => {}
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error)),
        }
        let pin = options.pin.read_secret()?;
        let mut key = Pkcs11Key {
            module: Mutex::new(module),
            options: options.clone(),
            pin: AuthPin::new(pin.trim().into()),
            public: [0; 33],
        };
        // A service that is started again and again must not lock it.
        key.check_tries()?;
        key.public = key.within(|key, session| key.read_public(session))?;
        Ok(key)
    }

    /// Compressed.
    pub fn public(&self) -> [u8; 33] {
        self.public
    }

    /// r and s, of the SHA-256 of the message.
    ///
    /// # Errors
    /// [`Pkcs11Error`].
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], Pkcs11Error> {
        // Hashed here: not every token can.
        let hash = Sha256::digest(message);
        self.within(|key, session| {
            let handle = key.find(session, ObjectClass::PRIVATE_KEY)?;
            let signature = session
                .sign(&Mechanism::Ecdsa, handle, &hash)
                .map_err(token)?;
            let not_p256 = |_| Pkcs11Error::NotP256(key.options.key.clone());
            signature.try_into().map_err(not_p256)
        })
    }

    fn within<T>(
        &self,
        ask: impl FnOnce(&Pkcs11Key, &Session) -> Result<T, Pkcs11Error>,
    ) -> Result<T, Pkcs11Error> {
        let module = self.module.lock().unwrap_or_else(PoisonError::into_inner);
        let session = module.open_ro_session(self.slot(&module)?).map_err(token)?;
        match session.login(UserType::User, Some(&self.pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(token(error)),
        }
        ask(self, &session)
    }

    fn check_tries(&self) -> Result<(), Pkcs11Error> {
        let module = self.module.lock().unwrap_or_else(PoisonError::into_inner);
        let info = module.get_token_info(self.slot(&module)?).map_err(token)?;
        match info.user_pin_count_low() || info.user_pin_final_try() {
            true => Err(Pkcs11Error::WrongPin(self.options.token.clone())),
            false => Ok(()),
        }
    }

    fn slot(&self, module: &Pkcs11) -> Result<Slot, Pkcs11Error> {
        let slots = module.get_slots_with_token().map_err(token)?;
        let is_named = |slot: &Slot| {
            let info = module.get_token_info(*slot);
            info.is_ok_and(|info| info.label().trim_end() == self.options.token)
        };
        let found = slots.into_iter().find(is_named);
        found.ok_or_else(|| Pkcs11Error::NoToken(self.options.token.clone()))
    }

    fn find(&self, session: &Session, class: ObjectClass) -> Result<ObjectHandle, Pkcs11Error> {
        let label = self.options.key.clone();
        let wanted = [
            Attribute::Class(class),
            Attribute::Label(label.clone().into_bytes()),
        ];
        let found = session.find_objects(&wanted).map_err(token)?;
        found.into_iter().next().ok_or(Pkcs11Error::NoKey(label))
    }

    fn read_public(&self, session: &Session) -> Result<[u8; 33], Pkcs11Error> {
        let handle = self.find(session, ObjectClass::PUBLIC_KEY)?;
        let attributes = session.get_attributes(handle, &[AttributeType::EcPoint]);
        let point = attributes
            .map_err(token)?
            .into_iter()
            .find_map(|attribute| match attribute {
                Attribute::EcPoint(point) => Some(point),
                _ => None,
            });
        let point = point.unwrap_or_default();
        let bare = point.strip_prefix(&OCTET_STRING).unwrap_or(&point);
        let key = VerifyingKey::from_sec1_bytes(bare);
        let key = key.map_err(|_| Pkcs11Error::NotP256(self.options.key.clone()))?;
        Ok(compressed(&key))
    }
}

fn token(error: Error) -> Pkcs11Error {
    Pkcs11Error::Token(error.to_string())
}
