//! Energies of consecutive intervals, packed: most of a household's need two bytes.
//!
//! Each interval is one number, or two:
//!
//! | lowest two bits of the first | above them | behind it |
//! | --- | --- | --- |
//! | 0 | import, Wh | nothing: no export |
//! | 1 | export, Wh, not 0 | nothing: no import |
//! | 2 | import, Wh, not 0 | export, Wh, not 0 |
//!
//! A number is unsigned LEB128 (DWARF 5, section 7.6): seven bits a byte, the lowest first, the uppermost bit of a byte set where
//! another one follows. It has as few bytes as it can, so that the same energies are always the same bytes. By hand for that reason: the
//! crate unsigned-varint drops the bits that its type has no room for, and so reads one number from several forms.

use joulebook_layout::oracle::PageEntry;
use joulebook_units::Wh;

use crate::page::Energy;

/// Of the kind, beneath the first energy.
const KIND_BITS: u32 = 2;
const IMPORT: u64 = 0;
const EXPORT: u64 = 1;
const BOTH: u64 = 2;

/// Bits of a number's byte that are its own.
const BITS: u32 = 7;
const MORE: u8 = 1 << BITS;

/// The most bytes that an interval's energies take.
pub const MAX_VALUE_LEN: usize = 10;

/// Why packed energies can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The bytes end within a number, or before the last interval.
    Short,
    /// Bytes are left behind the last interval.
    Long,
    /// A number has more bytes than it needs, or more bits than an energy.
    Number,
    /// The lowest two bits of an interval are 3, or a zero stands where an energy should.
    Kind,
}

/// Reads as many energies as `values` has places.
///
/// # Errors
/// [`Malformed`]; what `values` holds is then meaningless.
pub fn unpack(mut bytes: &[u8], values: &mut [Energy]) -> Result<(), Malformed> {
    for value in values {
        let first = number(&mut bytes)?;
        let energy = wh(first >> KIND_BITS)?;
        *value = match first & ((1 << KIND_BITS) - 1) {
            IMPORT => Energy {
                import: energy,
                export: Wh(0),
            },
            EXPORT if energy.0 > 0 => Energy {
                import: Wh(0),
                export: energy,
            },
            BOTH => {
                let export = wh(number(&mut bytes)?)?;
                if energy.0 == 0 || export.0 == 0 {
                    return Err(Malformed::Kind);
                }
                Energy {
                    import: energy,
                    export,
                }
            }
            _ => return Err(Malformed::Kind),
        };
    }
    if bytes.is_empty() {
        Ok(())
    } else {
        Err(Malformed::Long)
    }
}

/// Writes the energies of one interval; returns how many bytes of `into` they take.
pub fn pack(value: &Energy, into: &mut [u8; MAX_VALUE_LEN]) -> usize {
    let (import, export) = (u64::from(value.import.0), u64::from(value.export.0));
    let mut place = 0;
    let mut write = |number: u64| {
        let mut rest = number;
        loop {
            let more = rest >> BITS;
            let low = (rest & u64::from(MORE - 1)) as u8;
            if let Some(byte) = into.get_mut(place) {
                *byte = if more > 0 { low | MORE } else { low };
            }
            place = place.saturating_add(1);
            rest = more;
            if rest == 0 {
                break;
            }
        }
    };
    match (import, export) {
        (_, 0) => write(import << KIND_BITS | IMPORT),
        (0, _) => write(export << KIND_BITS | EXPORT),
        _ => {
            write(import << KIND_BITS | BOTH);
            write(export);
        }
    }
    place
}

#[inline(always)]
fn number(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0_u64;
    let mut shift = 0;
    loop {
        let Some((byte, rest)) = bytes.split_first() else {
            return Err(Malformed::Short);
        };
        *bytes = rest;
        number |= u64::from(byte & (MORE - 1)) << shift;
        if byte & MORE == 0 {
            // A last byte of nothing is one too many.
            let is_shortest = *byte != 0 || shift == 0;
            return if is_shortest {
                Ok(number)
            } else {
                Err(Malformed::Number)
            };
        }
        shift = BITS.saturating_add(shift);
        // 35 bits hold any energy with its kind.
        if shift > 4 * BITS {
            return Err(Malformed::Number);
        }
    }
}

#[inline(always)]
fn wh(number: u64) -> Result<Wh, Malformed> {
    match u32::try_from(number) {
        Ok(wh) if wh <= PageEntry::MAX_WH => Ok(Wh(wh)),
        _ => Err(Malformed::Number),
    }
}
