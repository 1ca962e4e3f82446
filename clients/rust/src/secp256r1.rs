//! Messages signed with a key of NIST P-256, as the secp256r1 precompile checks them (SIMD-0075).

use p256::ecdsa::Signature;
use solana_instruction::Instruction;
use solana_sdk_ids::secp256r1_program;

/// The most signatures that a transaction may have checked.
pub const MAX_SIGNATURES: usize = 8;

/// Before the first signature's numbers: how many there are, and a byte of no meaning.
const HEAD_LEN: usize = 2;
/// Seven numbers of 16 bits for each signature.
const OFFSETS_LEN: usize = 14;
/// Where something stands in the instruction itself.
const ITSELF: u16 = u16::MAX;

/// A message with its signature and the key that made it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Compressed, as in SEC 1, section 2.3.3.
    pub key: [u8; 33],
    /// r and s, 32 bytes each, the highest first.
    pub signature: [u8; 64],
    pub message: Vec<u8>,
}

/// The signature with the lower of the two s that hold, the only one that the precompile takes: a device may have made
/// either. `None` if it is none at all: r or s is zero or not below the order.
pub fn with_low_s(signature: &[u8; 64]) -> Option<[u8; 64]> {
    let signature = Signature::from_slice(signature).ok()?;
    Some(signature.normalize_s().to_bytes().into())
}

/// Why there can be no check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    #[error("a check is of 1 to {MAX_SIGNATURES} signatures, not {0}")]
    Count(usize),
    #[error(
        "number {0} is no signature over P-256: r or s is zero, or not below the curve's order"
    )]
    NoSignature(usize),
}

/// Has the precompile check 1 to [`MAX_SIGNATURES`]; one that does not hold fails the transaction. It costs the fee of a
/// signature each. Comes right before the instruction that reads it.
///
/// # Errors
/// [`CheckError`]; whether a signature holds is the precompile's to say.
pub fn check(signed: &[Signed]) -> Result<Instruction, CheckError> {
    let count = signed.len();
    if count == 0 || count > MAX_SIGNATURES {
        return Err(CheckError::Count(count));
    }
    let parts_at = HEAD_LEN + count * OFFSETS_LEN;
    let mut data = vec![count as u8, 0];
    let mut parts = vec![];
    for (number, each) in signed.iter().enumerate() {
        let signature = with_low_s(&each.signature).ok_or(CheckError::NoSignature(number))?;
        let signature_at = parts_at + parts.len();
        let key_at = signature_at + signature.len();
        let message_at = key_at + each.key.len();
        // A transaction has less than 2^16 bytes, and takes none that is longer.
        let numbers = [
            signature_at as u16,
            ITSELF,
            key_at as u16,
            ITSELF,
            message_at as u16,
            each.message.len() as u16,
            ITSELF,
        ];
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        parts.extend(signature);
        parts.extend(each.key);
        parts.extend(&each.message);
    }
    data.extend(parts);
    Ok(Instruction {
        program_id: secp256r1_program::ID,
        accounts: vec![],
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(signature: [u8; 64]) -> Signed {
        Signed {
            key: [2; 33],
            signature,
            message: vec![7; 90],
        }
    }

    #[test]
    fn given_no_signature_or_too_many_when_checked_then_it_says_how_many() {
        for count in [0, MAX_SIGNATURES + 1, 300] {
            let all = vec![signed([1; 64]); count];
            assert_eq!(check(&all), Err(CheckError::Count(count)));
        }
        let most = vec![signed([1; 64]); MAX_SIGNATURES];
        assert!(check(&most).is_ok());
    }

    #[test]
    fn given_numbers_that_no_signature_has_when_checked_then_it_says_which() {
        let mut zero = [1; 64];
        zero[32..].fill(0);
        for bad in [[0; 64], zero, [0xff; 64]] {
            let all = [signed([1; 64]), signed(bad)];
            assert_eq!(check(&all), Err(CheckError::NoSignature(1)));
        }
    }
}
