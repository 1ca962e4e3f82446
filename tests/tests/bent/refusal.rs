//! Whether a refusal has a name.

use solana_instruction::error::InstructionError;
use solana_transaction_error::TransactionError;

use crate::idl::{Described, Idl};

/// Anchor's own errors.
const ANCHOR: std::ops::Range<u32> = 100..6000;
/// Those of the system and token programs.
const CALLED: std::ops::Range<u32> = 0..100;

/// The name of an ordinary refusal.
///
/// # Errors
/// A refusal that tells nobody what to do, or that should never be.
pub fn name(
    error: &TransactionError,
    sent: Option<&Described>,
    idl: &Idl,
) -> Result<String, String> {
    let fault = || Err(format!("refused with {error:?}, which is no name"));
    let TransactionError::InstructionError(_, reason) = error else {
        return fault();
    };
    let InstructionError::Custom(code) = reason else {
        return match is_ordinary(reason) {
            true => Ok(format!("{reason:?}")),
            false => fault(),
        };
    };
    match idl.error(*code) {
        Some(name) if name.ends_with(".Broken") => Err(format!("refused with {name}")),
        Some(name) => Ok(name.to_string()),
        None if ANCHOR.contains(code) => Ok(format!("Anchor's {code}")),
        None if CALLED.contains(code) && sent.is_some_and(|sent| sent.calls) => {
            Ok(format!("a called program's {code}"))
        }
        None => fault(),
    }
}

/// Checks of accounts that the runtime and called programs do.
fn is_ordinary(reason: &InstructionError) -> bool {
    matches!(
        reason,
        // Of a signature or a writable account that a call needs.
        InstructionError::PrivilegeEscalation
            // Of token programs, for an account that is none of theirs, or no token account.
            | InstructionError::IncorrectProgramId
            | InstructionError::InvalidAccountData
    )
}
