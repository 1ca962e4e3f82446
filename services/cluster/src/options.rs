use std::time::Duration;

use serde::Deserialize;
use url::Url;

/// Which cluster it is, and how patient to be with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ClusterOptions {
    /// HTTP addresses of RPC endpoints, the best one first.
    pub urls: Vec<Url>,
    /// The most that is waited for one answer, milliseconds.
    pub timeout_ms: u64,
    /// How often something is asked before it counts as unanswered, over all endpoints.
    pub attempts: usize,
    /// How often the state of a transaction is asked for, milliseconds.
    pub confirmation_poll_ms: u64,
    /// The most that a transaction may pay beyond its base fee, lamports. What it does pay follows the fees of late.
    pub max_priority_fee: u64,
}

impl Default for ClusterOptions {
    fn default() -> ClusterOptions {
        ClusterOptions {
            urls: vec![],
            timeout_ms: 10_000,
            attempts: 6,
            confirmation_poll_ms: 400,
            max_priority_fee: 0,
        }
    }
}

impl ClusterOptions {
    /// Of a single endpoint.
    pub fn of(url: Url) -> ClusterOptions {
        ClusterOptions {
            urls: vec![url],
            ..ClusterOptions::default()
        }
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.max(1))
    }

    pub(crate) fn confirmation_poll(&self) -> Duration {
        Duration::from_millis(self.confirmation_poll_ms.max(10))
    }
}
