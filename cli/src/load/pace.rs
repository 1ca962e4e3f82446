use std::time::Duration;

use anyhow::Result;
use joulebook_cluster::Cluster;

use crate::local::Node;

const POLL: Duration = Duration::from_millis(50);

/// The chain's clock: fast where nothing is to be done, and as fast as time elsewhere. Of a node that was not started here, it is
/// only waited for.
pub struct Pace {
    pub node: Option<Node>,
    /// Seconds of the chain's time in one, where it is fast.
    pub speed: f64,
}

impl Pace {
    /// Waits until the chain's clock shows `time`, unix seconds, or later; what it shows.
    ///
    /// # Errors
    /// If the node is gone.
    pub async fn pass_until(&mut self, cluster: &Cluster, time: i64) -> Result<i64> {
        let now = cluster.now().await?.unix_timestamp;
        if now >= time {
            return Ok(now);
        }
        if let Some(node) = &mut self.node {
            node.set_speed(self.speed)?;
        }
        let reached = cluster.wait_until(time, POLL).await;
        if let Some(node) = &mut self.node {
            node.set_speed(1.0)?;
        }
        Ok(reached?.unix_timestamp)
    }
}
