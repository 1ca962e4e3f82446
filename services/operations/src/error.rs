use joulebook_client::layout::registry::Roles;
use joulebook_cluster::{AmountError, ClusterError, MarketError, SendError};
use joulebook_daemon::key::KeyError;
use solana_address::Address;

use crate::{names::roles_of, NameError};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Market(#[from] MarketError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Amount(#[from] AmountError),
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("{key}: {text} is no address; 32 bytes in base58 are expected")]
    NoAddress { key: &'static str, text: String },
    #[error("{0} can't be read as what it should be; check address and cluster")]
    Unreadable(&'static str),
    #[error("{wallet} is neither the community's authority nor an active participant with the role {}; use another key", roles_of(.role.0).join(" or "))]
    NotPermitted { wallet: Address, role: Roles },
    #[error("{wallet} is not the community's authority, which {authority} is; use another key")]
    NotAuthority { wallet: Address, authority: Address },
    #[error(
        "{0} is no participant of this community; have it apply first (joulebook member apply)"
    )]
    NoParticipant(Address),
    #[error(
        "{0} has not applied, or its application was decided; look at joulebook admin participants"
    )]
    NotApplied(Address),
    #[error("{0} has no seat in this market; have it open one first (joulebook member open-seat)")]
    NoSeat(Address),
    #[error("there is no meter number {0}; look at joulebook admin meters")]
    NoMeter(u32),
    #[error("nobody in this community has the index {0}, whose meter this is")]
    NoOwner(u16),
    #[error("{0}")]
    Contradiction(String),
    #[error("all {0} nonce accounts are in use; close those that are not needed any more (joulebook admin nonces --close)")]
    NoFreeNonce(u8),
    #[error("there is no nonce account number {0}; look at joulebook admin nonces")]
    NoNonce(u8),
    #[error("{what}: {error}")]
    Send { what: String, error: Box<SendError> },
}

impl OperationError {
    /// Whether what was asked for is to blame, and not the cluster.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            OperationError::Cluster(_)
                | OperationError::Market(MarketError::Cluster(_))
                | OperationError::Send { .. }
                | OperationError::Unreadable(_)
        )
    }
}
