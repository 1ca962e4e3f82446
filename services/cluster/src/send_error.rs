use joulebook_client::program_error::ProgramError;
use solana_instruction::error::InstructionError;
use solana_signature::Signature;
use solana_transaction_error::TransactionError;

use crate::ClusterError;

/// What became of a transaction that did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent, and nothing paid.
    #[error("{}", words(.error))]
    Refused {
        error: TransactionError,
        logs: Vec<String>,
    },
    /// It landed, cost its fee, and changed nothing.
    #[error("{} (transaction {signature})", words(.error))]
    Failed {
        signature: Signature,
        error: TransactionError,
    },
    #[error("transaction {signature} was not taken into any block in time; send it anew")]
    Expired { signature: Signature },
    /// It may still land, or have landed.
    #[error("nobody says what became of transaction {signature} ({because}); look it up before anything is sent in its place")]
    Unknown {
        signature: Signature,
        because: Box<ClusterError>,
    },
    /// It names a nonce, so it may land at any time.
    #[error("transaction {signature} was not taken into any block yet, and does not expire: look it up before anything is sent in its place, or have whoever made it close its nonce account (joulebook admin nonces --close), after which it can't land")]
    Waiting { signature: Signature },
    #[error("the transaction has {0} bytes, more than the 1,232 that a network takes; send less at once")]
    TooLarge(usize),
    #[error("the transaction can't be signed: {0}")]
    Unsigned(String),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl SendError {
    /// The error of the program or of the chain, if that is what it was.
    pub fn error(&self) -> Option<&TransactionError> {
        match self {
            SendError::Refused { error, .. } | SendError::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The named error of one of the three programs.
    pub fn program_error(&self) -> Option<ProgramError> {
        self.error().and_then(program_error)
    }

    /// Whether it is the wallet that can't pay.
    pub fn is_of_wallet(&self) -> bool {
        matches!(
            self.error(),
            Some(
                TransactionError::InsufficientFundsForFee
                    | TransactionError::AccountNotFound
                    | TransactionError::InsufficientFundsForRent { .. }
                    | TransactionError::InstructionError(_, InstructionError::InsufficientFunds)
            )
        )
    }

    /// Whether it computed more than it may.
    pub fn computed_too_much(&self) -> bool {
        matches!(
            self.error(),
            Some(TransactionError::InstructionError(
                _,
                InstructionError::ComputationalBudgetExceeded
                    | InstructionError::ProgramFailedToComplete
            ))
        )
    }
}

fn program_error(error: &TransactionError) -> Option<ProgramError> {
    match error {
        TransactionError::InstructionError(_, InstructionError::Custom(code)) => {
            ProgramError::from_code(*code)
        }
        _ => None,
    }
}

fn words(error: &TransactionError) -> String {
    match program_error(error) {
        Some(error) => error.to_string(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_the_program_says() {
        let error = TransactionError::InstructionError(0, InstructionError::Custom(6200));
        let refused = SendError::Refused {
            error,
            logs: vec![],
        };
        assert!(refused.to_string().starts_with("market: "), "{refused}");
        assert!(refused.program_error().is_some());
    }
}
