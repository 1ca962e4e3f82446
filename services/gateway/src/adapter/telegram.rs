//! Telegrams of the P1 port: DSMR 4 and 5 of the Netherlands, eMUCS of Belgium, and Luxembourg's. A telegram is lines of text from
//! `/` to `!`, with a check sum behind it.

use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use rust_decimal::Decimal;

use super::{energy::whole_wh, Reader, Unit, Unreadable};

/// Bytes of a telegram at most: those of a year of monthly peaks have about 2,000.
const LONGEST: usize = 8 * 1024;
/// Hexadecimal digits of the check sum.
const CHECK_SUM_LEN: usize = 4;
/// CRC-16/ARC: x¹⁶ + x¹⁵ + x² + 1, the lowest bit first.
const POLYNOMIAL: u16 = 0xa001;

/// Registers by tariff, and of all tariffs.
const IMPORT: [&str; 3] = ["1-0:1.8.1(", "1-0:1.8.2(", "1-0:1.8.0("];
const EXPORT: [&str; 3] = ["1-0:2.8.1(", "1-0:2.8.2(", "1-0:2.8.0("];

/// Finds telegrams in a stream.
#[derive(Debug, Default)]
pub struct TelegramReader {
    /// From the `/` on.
    telegram: Vec<u8>,
    /// Where the `!` stands.
    end: Option<usize>,
}

impl Reader for TelegramReader {
    fn push(&mut self, byte: u8) -> Option<Result<Registers, Unreadable>> {
        if byte == b'/' && self.end.is_none() && self.is_at_line_start() {
            self.telegram.clear();
        } else if self.telegram.is_empty() {
            return None;
        }
        self.telegram.push(byte);
        if byte == b'!' && self.end.is_none() {
            self.end = Some(self.telegram.len());
        }
        if self.telegram.len() > LONGEST {
            *self = TelegramReader::default();
            return Some(Err(Unreadable::TooLong));
        }
        let end = self.end?;
        if self.telegram.len() < end.saturating_add(CHECK_SUM_LEN) {
            return None;
        }
        let whole = std::mem::take(self).telegram;
        Some(read(whole.get(..end)?, whole.get(end..)?))
    }
}

impl TelegramReader {
    /// A `/` may stand within a line, too.
    fn is_at_line_start(&self) -> bool {
        matches!(self.telegram.last(), None | Some(b'\n' | b'\r'))
    }
}

fn read(telegram: &[u8], check_sum: &[u8]) -> Result<Registers, Unreadable> {
    let digits = std::str::from_utf8(check_sum).ok();
    let given = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
    if given.ok_or(Unreadable::CheckSum)? != crc(telegram) {
        return Err(Unreadable::CheckSum);
    }
    let text = std::str::from_utf8(telegram).map_err(|_| Unreadable::Malformed)?;
    let import = direction(text, IMPORT)?.ok_or(Unreadable::NoRegister)?;
    // A meter that has no such register feeds nothing in.
    let export = direction(text, EXPORT)?.unwrap_or(0);
    Ok(Registers {
        import: WhSum(import),
        export: WhSum(export),
    })
}

/// Wh of one direction; `None` if no line tells.
fn direction(text: &str, names: [&str; 3]) -> Result<Option<u64>, Unreadable> {
    let [first, second, all] = names;
    let value = |name| register(text, name).transpose();
    if let Some(all) = value(all)? {
        return wh(&[all]);
    }
    match (value(first)?, value(second)?) {
        (Some(first), Some(second)) => wh(&[first, second]),
        (Some(one), None) | (None, Some(one)) => wh(&[one]),
        (None, None) => Ok(None),
    }
}

fn wh(registers: &[Decimal]) -> Result<Option<u64>, Unreadable> {
    let sum = whole_wh(registers, Unit::KWh);
    sum.map(Some).ok_or(Unreadable::Malformed)
}

/// The kWh of a line such as `1-0:1.8.1(000004.426*kWh)`.
fn register(text: &str, name: &str) -> Option<Result<Decimal, Unreadable>> {
    let rest = text
        .lines()
        .find_map(|line| line.trim().strip_prefix(name))?;
    let value = rest.strip_suffix("*kWh)").and_then(|value| {
        let is_number = value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        Decimal::from_str_exact(value).ok().filter(|_| is_number)
    });
    Some(value.ok_or(Unreadable::Malformed))
}

fn crc(bytes: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            let is_odd = crc & 1 == 1;
            crc >>= 1;
            if is_odd {
                crc ^= POLYNOMIAL;
            }
        }
    }
    crc
}
