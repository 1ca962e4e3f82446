//! An agent, from its configuration to its stop.

use std::time::Duration;

use anyhow::Result;
use joulebook_cluster::Cluster;
use joulebook_daemon::{observe, observe::Health, stop};
use solana_signer::Signer;
use tracing::{info, warn};

use crate::{agent::Agent, figures, store::Store, Configuration};

/// How long everything is said to work if nothing is heard.
const WORD_HOLDS: Duration = Duration::from_secs(120);

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration can't be used, the store is another's, or an address can't be listened on. What goes wrong later is ridden
/// out.
pub async fn run(configuration: Configuration) -> Result<()> {
    configuration.check()?;
    let market = configuration.market()?;
    let key = configuration.key.read()?;
    let store = Store::open(&configuration.store, &market)?;
    let cluster = Cluster::new(configuration.cluster.clone())?;
    let stop = stop::on_signal()?;
    let health = Health::default();
    figures::describe();
    let _observatory = observe::start(configuration.observe, &health).await?;
    info!(endpoints = ?cluster.names(), %market, delegate = %key.pubkey(), "starting");
    let mut agent: Option<Agent> = None;
    stop::ready();
    while !stop.is_cancelled() {
        let turned = match &mut agent {
            Some(agent) => agent.turn().await,
            None => match Agent::new(&configuration, &cluster, &key, &store, market).await {
                Ok(new) => agent.insert(new).turn().await,
                Err(error) => Err(error),
            },
        };
        match turned {
            Ok(()) => health.works("market", WORD_HOLDS),
            Err(error) => {
                let error = format!("{error:#}");
                warn!(error, "this look came to nothing; the next one tries again");
                health.fails("market", error);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(configuration.poll()) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(())
}
