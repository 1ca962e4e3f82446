use solana_rpc_client_api::{
    client_error::{Error, ErrorKind},
    custom_error::{
        JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
        JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
        JSON_RPC_SERVER_ERROR_TRANSACTION_PRECOMPILE_VERIFICATION_FAILURE,
        JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_LEN_MISMATCH,
        JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
    },
    request::{RpcError, RpcResponseErrorData},
};
use solana_signature::Signature;

/// Why a cluster could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    #[error("no RPC endpoint is given; name at least one address under `urls`")]
    NoEndpoint,
    #[error("{what}: no RPC endpoint answers ({reasons}); check addresses and network, or add an endpoint")]
    Unreachable { what: &'static str, reasons: String },
    /// Asking again, or somewhere else, changes nothing.
    #[error("{what}: {endpoint} refuses it: {reason}")]
    Refused {
        what: &'static str,
        endpoint: String,
        reason: String,
        /// Whether no other endpoint was asked before: one that was may have done what was asked for.
        is_first: bool,
    },
    #[error("{what} can't be read; is it the address of another account?")]
    Unreadable { what: &'static str },
    #[error("transaction {0}: an endpoint tells one that those who must sign it have not signed; leave that endpoint out, or compare it with others")]
    Forged(Signature),
    #[error("{what}: there are more than {most}, too many to look through")]
    TooMany { what: &'static str, most: usize },
}

/// What to do with an endpoint that gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It may work somewhere else, or later.
    Passing,
    /// It is behind what was seen before.
    Behind,
    /// It will be the same everywhere.
    Lasting,
}

pub(crate) fn kind_of(error: &Error) -> Kind {
    match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError { code, .. }) => match *code {
            JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED => Kind::Behind,
            INVALID_REQUEST
            | INVALID_PARAMETERS
            | JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE
            | JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE
            | JSON_RPC_SERVER_ERROR_TRANSACTION_PRECOMPILE_VERIFICATION_FAILURE
            | JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_LEN_MISMATCH => Kind::Lasting,
            // A provider's own limits, methods that it does not have, a node in trouble.
            _ => Kind::Passing,
        },
        ErrorKind::TransactionError(_) | ErrorKind::SigningError(_) => Kind::Lasting,
        _ => Kind::Passing,
    }
}

/// What an endpoint would say that knows no block after `slot`, if it could be asked for a later one.
pub(crate) fn behind(slot: u64) -> Error {
    ErrorKind::RpcError(RpcError::RpcResponseError {
        code: JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
        message: format!("it is at slot {slot}, behind what was seen before"),
        data: RpcResponseErrorData::Empty,
    })
    .into()
}

/// Of JSON-RPC: what was asked is wrong, wherever it is asked.
const INVALID_REQUEST: i64 = -32_600;
const INVALID_PARAMETERS: i64 = -32_602;

/// The reason in one line, without addresses: these may hold a key.
pub(crate) fn reason_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Reqwest(error) => {
            let because = match () {
                () if error.is_timeout() => "takes too long".to_owned(),
                () if error.is_connect() => "can't be connected to".to_owned(),
                () => match error.status() {
                    Some(status) => format!("answers {status}"),
                    None => "breaks off".to_owned(),
                },
            };
            because
        }
        ErrorKind::SerdeJson(_) => "answers what is no JSON-RPC".to_owned(),
        ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
            format!("answers {code}, {message}")
        }
        other => other.to_string(),
    }
}
