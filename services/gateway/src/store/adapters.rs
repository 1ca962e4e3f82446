use serde::{Deserialize, Serialize};

/// What an adapter has signed last for a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSigned {
    pub sequence: u64,
    /// Unix seconds.
    pub boundary: i64,
    /// Registers, Wh.
    pub import: u64,
    pub export: u64,
}
