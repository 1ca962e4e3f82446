use crate::rows::RowError;

/// Why a database can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {address} is neither a file nor postgres://…; name one of them")]
    NoAddress { address: String },
    #[error("database: {address} can't be opened: {error}")]
    Unusable { address: String, error: String },
    #[error("database: {address} was written by another version of the indexer ({because}); run that one, or name an empty database: what stands on chain is read anew")]
    OtherVersion { address: String, because: String },
    #[error("database: {address} is of the cluster with the genesis hash {found}, and this is {genesis}; name another database for this one")]
    OtherCluster {
        address: String,
        found: String,
        genesis: String,
    },
    #[error("database: {address} holds market {found}, which the configuration does not name; add it to `markets`, or name another database")]
    OtherMarket { address: String, found: String },
    #[error("database: market {0} has other sizes than it had; it was closed and made anew: name another database for it")]
    MarketDiffers(String),
    #[error("database: another indexer writes {0}; stop that one, or name another database")]
    InUse(String),
    #[error("the database takes too long for this; ask for less time, or for fewer households")]
    TooLong,
    #[error("the database can't be read or written: {0}; is it there, and is there room?")]
    Broken(#[from] sqlx::Error),
    #[error(transparent)]
    Row(#[from] RowError),
}

/// What PostgreSQL answers where a statement took longer than it may.
const QUERY_CANCELED: &str = "57014";

impl StoreError {
    /// Of a question.
    pub(super) fn of(error: sqlx::Error) -> StoreError {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.as_deref() {
            Some(QUERY_CANCELED) => StoreError::TooLong,
            _ => StoreError::Broken(error),
        }
    }
}
