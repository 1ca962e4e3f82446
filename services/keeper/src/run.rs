//! A keeper, from its configuration to its stop.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use joulebook_cluster::Cluster;
use joulebook_daemon::{fees::DailyFees, observe, observe::Health, stop};
use metrics::gauge;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{figures, keeping::Keeping, Configuration};

/// How often the wallet is looked at.
const BALANCE_POLL: Duration = Duration::from_secs(30);

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration can't be used, or an address can't be listened on. What goes wrong later is ridden out.
pub async fn run(configuration: Configuration) -> Result<()> {
    let markets = configuration.addresses()?;
    let key = Arc::new(configuration.key.read()?);
    let cluster = Arc::new(Cluster::new(configuration.cluster.clone())?);
    let stop = stop::on_signal()?;
    let health = Health::default();
    figures::describe();
    let mut tasks = tokio::task::JoinSet::new();
    let cancelled = stop.clone();
    let _observatory = observe::start(configuration.observe, &health).await?;
    info!(endpoints = ?cluster.names(), markets = markets.len(), payer = %key.pubkey(), "starting");
    let salt = rand::random();
    let fees = Arc::new(Mutex::new(DailyFees::new(configuration.daily_fees)));
    for market in markets {
        let (cluster, key) = (Arc::clone(&cluster), Arc::clone(&key));
        let (health, fees, stop) = (health.clone(), Arc::clone(&fees), stop.clone());
        let (poll, stagger) = (configuration.poll(), configuration.stagger());
        let (earns_reward, pace) = (configuration.reward, configuration.pace);
        tasks.spawn(async move {
            let keeping = Keeping {
                cluster: &cluster,
                key: &key,
                market,
                poll,
                stagger,
                earns_reward,
                pace,
                salt,
                health,
                fees: &fees,
                stop,
            };
            keeping.keep().await;
        });
    }
    tasks.spawn(watch_balance(cluster, key, configuration.low_balance, stop));
    stop::ready();
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        if let Err(error) = task {
            ended = Err(anyhow::anyhow!(
                "a part of the keeper broke: {error}; report it"
            ));
            cancelled.cancel();
        }
    }
    ended
}

/// Warns before the wallet is empty.
async fn watch_balance(
    cluster: Arc<Cluster>,
    key: Arc<Keypair>,
    low: u64,
    stop: CancellationToken,
) {
    loop {
        match cluster.balance(key.pubkey()).await {
            Ok(lamports) => {
                gauge!("joulebook_keeper_balance_lamports").set(lamports as f64);
                if lamports < low {
                    warn!(payer = %key.pubkey(), lamports, low, "the wallet is nearly empty; send it lamports");
                }
            }
            Err(error) => warn!(%error, "the wallet can't be looked at"),
        }
        tokio::select! {
            () = tokio::time::sleep(BALANCE_POLL) => {}
            () = stop.cancelled() => return,
        }
    }
}
