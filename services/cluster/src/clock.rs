use std::time::Duration;

use solana_sdk_ids::sysvar::clock;

use crate::{Cluster, ClusterError};

/// The chain's clock: what programs take for the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainTime {
    pub slot: u64,
    /// Unix time, seconds.
    pub unix_timestamp: i64,
}

impl ChainTime {
    /// From the data of the Clock sysvar.
    pub fn from_bytes(data: &[u8]) -> Option<ChainTime> {
        let word = |at: usize| data.get(at..at + 8)?.try_into().ok();
        Some(ChainTime {
            slot: u64::from_le_bytes(word(0)?),
            unix_timestamp: i64::from_le_bytes(word(32)?),
        })
    }
}

impl Cluster {
    /// # Errors
    /// [`ClusterError`].
    pub async fn now(&self) -> Result<ChainTime, ClusterError> {
        let snapshot = self.accounts(&[clock::ID]).await?;
        let data = snapshot.data(0);
        ChainTime::from_bytes(data).ok_or(ClusterError::Unreadable {
            what: "the chain's clock",
        })
    }

    /// Waits until the chain's clock shows `unix_timestamp` or later; asks for it every `poll`.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn wait_until(
        &self,
        unix_timestamp: i64,
        poll: Duration,
    ) -> Result<ChainTime, ClusterError> {
        loop {
            let now = self.now().await?;
            if now.unix_timestamp >= unix_timestamp {
                return Ok(now);
            }
            tokio::time::sleep(poll).await;
        }
    }
}
