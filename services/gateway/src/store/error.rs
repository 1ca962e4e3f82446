use solana_address::Address;

/// Why a store can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {0} is another process's; stop that one, or name another file")]
    InUse(String),
    #[error("the store {path} is of another version; empty it with the version that wrote it, or name another file")]
    OtherVersion { path: String },
    #[error("the store {path} is of market {found}; name another file for this one")]
    OtherMarket { path: String, found: Address },
    #[error("the store {path} is of another cluster with the genesis hash {found}; name another file for this one")]
    OtherCluster { path: String, found: Address },
    #[error("the store {path} can't be opened: {error}")]
    Unusable { path: String, error: String },
    #[error("the store can't be read or written: {0}; is the disk full?")]
    Broken(String),
    #[error("what was signed last for meter {meter} can't be read from the store, so nothing is signed; name another file")]
    Sequence { meter: u32 },
    #[error("{limit} messages wait already, as many as are kept; send it again when the cluster is reached")]
    Full { limit: usize },
}
