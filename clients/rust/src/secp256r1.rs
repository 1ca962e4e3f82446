//! Messages signed with a key of NIST P-256, as the secp256r1 precompile checks them (SIMD-0075).

use p256::ecdsa::Signature;
use solana_address::{address, Address};
use solana_instruction::Instruction;

const PRECOMPILE: Address = address!("Secp256r1SigVerify1111111111111111111111111");

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

/// Has the precompile check up to [`MAX_SIGNATURES`]; one that does not hold fails the transaction. It costs the fee of a
/// signature each. Comes right before the instruction that reads it.
pub fn check(signed: &[Signed]) -> Instruction {
    let mut data = vec![signed.len() as u8, 0];
    let mut at = HEAD_LEN + signed.len() * OFFSETS_LEN;
    for Signed { key, message, .. } in signed {
        let signature = at;
        let key_at = signature + 64;
        let message_at = key_at + key.len();
        let numbers = [
            signature as u16,
            ITSELF,
            key_at as u16,
            ITSELF,
            message_at as u16,
            message.len() as u16,
            ITSELF,
        ];
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        at = message_at + message.len();
    }
    for Signed {
        key,
        signature,
        message,
    } in signed
    {
        data.extend(with_low_s(signature).unwrap_or(*signature));
        data.extend(key);
        data.extend(message);
    }
    Instruction {
        program_id: PRECOMPILE,
        accounts: vec![],
        data,
    }
}
