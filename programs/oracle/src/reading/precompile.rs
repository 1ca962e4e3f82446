//! Signatures over NIST P-256 that the secp256r1 precompile has checked in the same transaction.
//!
//! The data of such an instruction: how many signatures there are, a byte of no meaning, and for each seven numbers of 16 bits,
//! which say where its signature, its key and its message stand (SIMD-0075). They may stand in any instruction of the
//! transaction. Here they stand in that one itself: what is read is what was checked.

use anchor_lang::{prelude::*, solana_program::instruction::Instruction};
use joulebook_layout::oracle::{KeyKind, Meter};
use solana_instructions_sysvar::{get_instruction_relative, load_current_index_checked};
use solana_sdk_ids::secp256r1_program;

use crate::errors::OracleError;

/// Before the numbers of the first signature.
const HEAD_LEN: usize = 2;
const OFFSETS_LEN: usize = 14;
/// A public key: a byte that says of which sign y is, and x (SEC 1, section 2.3.3).
const KEY_LEN: usize = 33;
/// Stands for the instruction itself.
const ITSELF: u16 = u16::MAX;

/// An instruction of the precompile, and its index in the transaction.
pub struct Check {
    instruction: Instruction,
    index: u16,
}

impl Check {
    /// The instruction before the one that runs.
    ///
    /// # Errors
    /// [`OracleError::NotChecked`].
    pub fn before(instructions: &AccountInfo) -> Result<Check> {
        let found = get_instruction_relative(-1, instructions);
        let own = load_current_index_checked(instructions);
        let (Ok(instruction), Ok(own)) = (found, own) else {
            return Err(OracleError::NotChecked.into());
        };
        require!(
            instruction.program_id == secp256r1_program::ID,
            OracleError::NotChecked
        );
        let index = own.wrapping_sub(1);
        Ok(Check { instruction, index })
    }

    /// What it has checked, in its order.
    ///
    /// # Errors
    /// [`OracleError::NotChecked`] if something stands in another instruction.
    pub fn messages(&self) -> Result<Vec<Checked<'_>>> {
        let data = self.instruction.data.as_slice();
        let count = data.first().copied().unwrap_or(0);
        let all = data.get(HEAD_LEN..).unwrap_or_default();
        let places = all.chunks_exact(OFFSETS_LEN).take(count.into());
        let found: Option<Vec<Checked>> = places
            .map(|place| checked_at(data, place, self.index))
            .collect();
        let found = found.filter(|found| found.len() == usize::from(count));
        Ok(found.ok_or(OracleError::NotChecked)?)
    }
}

/// A message, and whose it is.
pub struct Checked<'a> {
    pub kind: KeyKind,
    /// The x coordinate.
    pub key: &'a [u8],
    pub message: &'a [u8],
}

impl Checked<'_> {
    /// Whether the meter's key has signed it.
    pub fn is_of(&self, meter: &Meter) -> bool {
        meter.key_kind == self.kind as u8 && meter.device == *self.key
    }
}

fn checked_at<'a>(data: &'a [u8], place: &[u8], own: u16) -> Option<Checked<'a>> {
    let number = |at: usize| {
        let bytes = place.get(at..)?.first_chunk()?;
        Some(u16::from_le_bytes(*bytes))
    };
    let is_own = |at: usize| number(at).is_some_and(|index| index == own || index == ITSELF);
    if !is_own(2) || !is_own(6) || !is_own(12) {
        return None;
    }
    let part = |from: u16, len: usize| data.get(usize::from(from)..)?.get(..len);
    let (sign, key) = part(number(4)?, KEY_LEN)?.split_first()?;
    let kind = match sign {
        2 => KeyKind::P256Even,
        3 => KeyKind::P256Odd,
        _ => return None,
    };
    let message = part(number(8)?, number(10)?.into())?;
    Some(Checked { kind, key, message })
}
