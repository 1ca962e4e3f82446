//! Records of chargers in the Open Charge Metering Format (OCMF 1.x of S.A.F.E. e. V.): what a charger has measured, signed with its
//! own key. The oracle takes no such record: it is verified here, and its register goes on under a device key of the gateway's.

mod der;
mod reading;
mod time;
mod unique;

use base64::{engine::general_purpose::STANDARD, Engine};
use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};
use serde::Deserialize;

use super::Value;
use crate::device::from_hex;
use der::from_der;
use reading::{values, Reading};
use unique::Unique;

/// Bytes of a record at most.
const LONGEST: usize = 64 * 1024;
/// In front of the point in a key of P-256 in the DER of X.509 (RFC 5480).
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// What a record is signed with that does not say.
const ALGORITHM: &str = "ECDSA-secp256r1-SHA256";

/// Why a record is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecord {
    #[error("a record is OCMF|{{payload}}|{{signature}}, and of 64 KiB at most")]
    Form,
    #[error("its {part} can't be read: {reason}")]
    Json { part: &'static str, reason: String },
    #[error("it is signed with {0}; only {ALGORITHM} is known here")]
    Algorithm(String),
    #[error("its signature is none: SD is the DER of an ECDSA signature in hexadecimal digits or base64")]
    Signature,
    #[error("no charger of this gateway has signed it; add its key under [[charger]]")]
    NobodysKey,
    #[error("no charger of this gateway with the meter {0} has signed it; give meter-serial under [[charger]] as MS has it")]
    OtherMeter(String),
    #[error("it has no reading of the energy drawn (1.8.0, of now) with a good meter (ST is G, no EF) and a time that its clock was told (TM does not end with U)")]
    NoReading,
    #[error("it has readings of several registers of energy drawn; a record is expected for each")]
    SeveralRegisters,
    #[error("its readings are not in the order of time, or a register falls; have the charger looked at")]
    Disordered,
    #[error("it says something else than another record did; if the meter was changed, give meter-serial under [[charger]]")]
    Contradicts,
    #[error("its time is in the future; have the charger's clock set")]
    Future,
}

/// A record whose form is right; whose it is, is not known yet.
#[derive(Debug)]
pub struct Record<'a> {
    payload: &'a str,
    signature: Signature,
}

#[derive(Deserialize)]
struct SignaturePart {
    #[serde(rename = "SA")]
    algorithm: Option<String>,
    #[serde(rename = "SE")]
    encoding: Option<String>,
    #[serde(rename = "SD")]
    data: String,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "MS")]
    serial: Option<String>,
    #[serde(rename = "RD", borrow, default)]
    readings: Vec<Reading<'a>>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The meter's serial number, where a record names one.
    pub serial: Option<String>,
    /// Its registers of energy drawn, in the order of time; one at least.
    pub values: Vec<Value>,
}

impl<'a> Record<'a> {
    /// # Errors
    /// [`NoRecord`].
    pub fn parse(text: &'a str) -> Result<Record<'a>, NoRecord> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(NoRecord::Form);
        }
        let rest = text.strip_prefix("OCMF|").ok_or(NoRecord::Form)?;
        let (payload, signature) = rest.rsplit_once("|").ok_or(NoRecord::Form)?;
        let part: SignaturePart =
            serde_json::from_str(signature).map_err(|error| NoRecord::Json {
                part: "signature",
                reason: error.to_string(),
            })?;
        let algorithm = part.algorithm.unwrap_or_else(|| ALGORITHM.to_owned());
        if algorithm != ALGORITHM {
            return Err(NoRecord::Algorithm(algorithm));
        }
        let bytes = match part.encoding.as_deref() {
            Some("base64") => STANDARD.decode(&part.data).ok(),
            _ => from_hex(&part.data),
        };
        let signature = bytes.and_then(|bytes| from_der(&bytes));
        Ok(Record {
            payload,
            signature: signature.ok_or(NoRecord::Signature)?,
        })
    }

    /// Whether the charger with this key has signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        key.verify(self.payload.as_bytes(), &self.signature).is_ok()
    }

    /// # Errors
    /// [`NoRecord`].
    pub fn read(&self) -> Result<Said, NoRecord> {
        let wrong = |error: serde_json::Error| NoRecord::Json {
            part: "payload",
            reason: error.to_string(),
        };
        serde_json::from_str::<Unique>(self.payload).map_err(wrong)?;
        let payload: Payload = serde_json::from_str(self.payload).map_err(wrong)?;
        let values = values(payload.readings)?;
        match values.is_empty() {
            true => Err(NoRecord::NoReading),
            false => Ok(Said {
                serial: payload.serial,
                values,
            }),
        }
    }
}

/// A charger's public key; `None` if it is none of P-256.
pub fn public_key(hex: &str) -> Option<VerifyingKey> {
    let bytes = from_hex(hex.trim())?;
    let point = bytes.strip_prefix(&SPKI).unwrap_or(&bytes);
    VerifyingKey::from_sec1_bytes(point).ok()
}
