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
        return match error {
            // An account that the instruction leaves, or takes, without rent.
            TransactionError::InsufficientFundsForRent { .. } => Ok("rent".to_string()),
            _ => fault(),
        };
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

/// Checks of accounts that the runtime, Anchor and called programs do, under the runtime's names.
fn is_ordinary(reason: &InstructionError) -> bool {
    matches!(
        reason,
        InstructionError::MissingRequiredSignature
            | InstructionError::PrivilegeEscalation
            | InstructionError::MissingAccount
            | InstructionError::IncorrectProgramId
            | InstructionError::InvalidAccountOwner
            | InstructionError::InvalidAccountData
            | InstructionError::UninitializedAccount
            | InstructionError::AccountBorrowFailed
    )
}
