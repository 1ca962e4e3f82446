//! Records of chargers in the Open Charge Metering Format (OCMF 1.x of S.A.F.E. e. V.): what a charger has measured, signed with its
//! own key. The oracle takes no such record: it is verified here, and its register goes on under a device key of the gateway's.

use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{energy::whole_wh, Unit, Value};
use crate::device::from_hex;

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
    #[error("it has no reading of the energy drawn (1.8.0) with a good meter (ST is G) and a time of its clock (TM ends with S or I)")]
    NoReading,
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
    #[serde(rename = "RD", borrow, default)]
    readings: Vec<Reading<'a>>,
}

/// What is not said is as in the reading before.
#[derive(Deserialize)]
struct Reading<'a> {
    #[serde(rename = "TM")]
    time: Option<String>,
    #[serde(rename = "RV", borrow)]
    value: Option<&'a RawValue>,
    #[serde(rename = "RI")]
    identification: Option<String>,
    #[serde(rename = "RU")]
    unit: Option<String>,
    #[serde(rename = "ST")]
    status: Option<String>,
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
            Some("base64") => {
                use base64::{engine::general_purpose::STANDARD, Engine};
                STANDARD.decode(&part.data).ok()
            }
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

    /// Its last register of energy drawn, at the charger's time.
    ///
    /// # Errors
    /// [`NoRecord`].
    pub fn value(&self) -> Result<Value, NoRecord> {
        let payload: Payload =
            serde_json::from_str(self.payload).map_err(|error| NoRecord::Json {
                part: "payload",
                reason: error.to_string(),
            })?;
        let mut identification = String::new();
        let mut unit = String::new();
        let mut found = None;
        for reading in payload.readings {
            identification = reading.identification.unwrap_or(identification);
            unit = reading.unit.unwrap_or(unit);
            let is_good = reading.status.as_deref() == Some("G");
            if !is_good || !is_import(&identification) {
                continue;
            }
            let time = reading.time.as_deref().and_then(unix_time);
            let number = reading.value.map(RawValue::get);
            let wh = number.and_then(|number| wh(number, &unit));
            if let Some((at, wh)) = time.zip(wh) {
                let registers = Registers {
                    import: WhSum(wh),
                    export: WhSum(0),
                };
                found = Some(Value { at, registers });
            }
        }
        found.ok_or(NoRecord::NoReading)
    }
}

/// A charger's public key; `None` if it is none of P-256.
pub fn public_key(hex: &str) -> Option<VerifyingKey> {
    let bytes = from_hex(hex.trim())?;
    let point = bytes.strip_prefix(&SPKI).unwrap_or(&bytes);
    VerifyingKey::from_sec1_bytes(point).ok()
}

/// OBIS 1-b:1.8.0, as charger and standard write it.
fn is_import(identification: &str) -> bool {
    let Some((_, value)) = identification.split_once(':') else {
        return false;
    };
    let value = value.split('*').next().unwrap_or(value);
    let groups: Vec<&str> = value
        .split('.')
        .map(|group| group.trim_start_matches('0'))
        .collect();
    groups == ["1", "8", ""]
}

fn wh(number: &str, unit: &str) -> Option<u64> {
    let number = Decimal::from_str_exact(number.trim_matches('"')).ok()?;
    let unit = match unit {
        "kWh" => Unit::KWh,
        "Wh" => Unit::Wh,
        _ => return None,
    };
    whole_wh(&[number], unit)
}

/// Of `2018-07-24T13:22:04,000+0200 S`; `None` if the clock was neither synchronised nor told.
fn unix_time(text: &str) -> Option<i64> {
    let (time, status) = text.rsplit_once(' ')?;
    if status != "S" && status != "I" {
        return None;
    }
    let (date, rest) = time.split_once('T')?;
    let at = rest.find(['+', '-'])?;
    let (clock, offset) = rest.split_at_checked(at)?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let clock = clock.split([',', '.']).next()?;
    let mut clock = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let is_clock =
        (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    let is_date =
        (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_clock || !is_date {
        return None;
    }
    let (sign, digits) = offset.split_at_checked(1)?;
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    let offset = (number / 100) * 3_600 + (number % 100) * 60;
    let offset = if sign == "-" { -offset } else { offset };
    let days = days_since_1970(year, month, day);
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}

/// In the Gregorian calendar, by counting years from March on, so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days_of_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + days_of_year;
    // Until 1970-01-01 counted so.
    days - 719_468
}

/// A sequence of two integers (RFC 3279, section 2.2.3).
fn from_der(bytes: &[u8]) -> Option<Signature> {
    let (body, rest) = element(bytes, 0x30)?;
    let (r, more) = element(body, 0x02)?;
    let (s, end) = element(more, 0x02)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let mut numbers = [0; 64];
    let (to_r, to_s) = numbers.split_at_mut(32);
    put(r, to_r)?;
    put(s, to_s)?;
    Signature::from_slice(&numbers).ok()
}

/// What an element of this tag holds, and what is behind it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = bytes.split_first()?;
    let (len, rest) = rest.split_first()?;
    // Signatures over P-256 are shorter than 128 bytes.
    if *found != tag || *len > 127 {
        return None;
    }
    rest.split_at_checked(usize::from(*len))
}

fn put(number: &[u8], to: &mut [u8]) -> Option<()> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = number.get(zeros..)?;
    let at = to.len().checked_sub(number.len())?;
    to.get_mut(at..)?.copy_from_slice(number);
    Some(())
}
