use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{time::unix_time, NoRecord};
use crate::adapter::{energy::whole_wh, Unit, Value};

/// What is not said is as in the reading before.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Reading<'a> {
    #[serde(rename = "TM")]
    time: Option<String>,
    #[serde(rename = "TX")]
    reason: Option<String>,
    #[serde(rename = "RV", borrow)]
    value: Option<&'a RawValue>,
    #[serde(rename = "RI")]
    identification: Option<String>,
    #[serde(rename = "RU")]
    unit: Option<String>,
    #[serde(rename = "EF")]
    errors: Option<String>,
    #[serde(rename = "ST")]
    status: Option<String>,
}

impl<'a> Reading<'a> {
    /// A register and its time are of one reading alone.
    fn after(self, before: Reading<'a>) -> Reading<'a> {
        Reading {
            time: self.time,
            reason: self.reason.or(before.reason),
            value: self.value,
            identification: self.identification.or(before.identification),
            unit: self.unit.or(before.unit),
            errors: self.errors.or(before.errors),
            status: self.status.or(before.status),
        }
    }

    /// The register of energy drawn at a time, if it can be used.
    fn value(&self) -> Option<Value> {
        let errors = self.errors.as_deref().unwrap_or_default();
        let is_good = self.status.as_deref() == Some("G") && !errors.contains(['E', 't']);
        let time = self.time.as_deref().filter(|_| is_good)?;
        let number = self.value.map(RawValue::get)?;
        Some(Value {
            at: unix_time(time)?,
            registers: Registers {
                import: WhSum(wh(number, self.unit.as_deref()?)?),
                export: WhSum(0),
            },
        })
    }
}

/// Registers of energy drawn, in the order of time.
///
/// # Errors
/// [`NoRecord::SeveralRegisters`], [`NoRecord::Disordered`].
pub(super) fn values(readings: Vec<Reading>) -> Result<Vec<Value>, NoRecord> {
    let mut before = Reading::default();
    let mut register: Option<String> = None;
    let mut values: Vec<Value> = vec![];
    for reading in readings {
        before = reading.after(before);
        // "Time and/or energy are no longer usable from this reading": the rest of the record is of no use.
        if before.reason.as_deref() == Some("X") {
            break;
        }
        let identification = before.identification.clone();
        let Some(identification) = identification.filter(|name| is_import(name)) else {
            continue;
        };
        let Some(value) = before.value() else {
            continue;
        };
        if register.get_or_insert_with(|| identification.clone()) != &identification {
            return Err(NoRecord::SeveralRegisters);
        }
        match values.last() {
            Some(last) if last.at > value.at || last.registers.import > value.registers.import => {
                return Err(NoRecord::Disordered)
            }
            Some(last) if last.at == value.at => {
                // Of one moment the register that is higher is the later one.
                values.pop();
                values.push(value);
            }
            _ => values.push(value),
        }
    }
    Ok(values)
}

/// OBIS 1-b:1.8.0, as charger and standard write it: of now, which is 255 behind a star, FF where the digits are hexadecimal.
fn is_import(identification: &str) -> bool {
    let Some((medium, value)) = identification.split_once(':') else {
        return false;
    };
    let (value, at) = match value.split_once('*') {
        Some((value, at)) => (value, Some(at)),
        None => (value, None),
    };
    let medium = medium.split('-').next().unwrap_or_default();
    let groups: Vec<&str> = value.split('.').map(digits).collect();
    digits(medium) == "1"
        && groups == ["1", "8", ""]
        && at.is_none_or(|at| at == "255" || at.eq_ignore_ascii_case("ff"))
}

fn digits(group: &str) -> &str {
    group.trim_start_matches('0')
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
