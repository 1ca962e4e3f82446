//! An indexer, from its configuration to its stop.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use joulebook_cluster::{Cluster, ClusterError};
use joulebook_daemon::{clock::ClockWatch, http::Server, observe, observe::Health, stop};
use solana_address::Address;
use tokio::{
    task::JoinSet,
    time::{sleep, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{
    api,
    copies::Copying,
    figures,
    following::Following,
    indexing::Indexing,
    store::{Lease, Store, StoreError},
    Configuration,
};

/// How long a part's word holds beyond its own pace.
const SILENCE: Duration = Duration::from_secs(60);
/// Between two looks whether the right to write is there.
const GUARD: Duration = Duration::from_secs(5);
/// Between two attempts to open a market.
const PAUSE: Duration = Duration::from_secs(5);
const DAY: i64 = 86_400;
/// How often readings are forgotten.
const FORGET: Duration = Duration::from_secs(3_600);

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration or the database can't be used, or an address can't be listened on. What goes wrong later is ridden out.
pub async fn run(configuration: Configuration) -> Result<()> {
    run_until(configuration, stop::on_signal()?).await
}

/// The same, until it is asked to stop by `stop`.
///
/// # Errors
/// Likewise.
pub async fn run_until(configuration: Configuration, stop: CancellationToken) -> Result<()> {
    configuration.check()?;
    let markets = configuration.addresses()?;
    let cluster = Arc::new(Cluster::new(configuration.cluster.clone())?);
    let store = Arc::new(Store::open(&configuration.database).await?);
    let lease = store.lease().await?;
    let health = Health::default();
    figures::describe();
    let _observatory = observe::start(configuration.observe, &health).await?;
    let mut tasks = JoinSet::new();
    if let Some(http) = configuration.http.clone() {
        let server = Server::bind(http).await?;
        let (router, _) = api::router(Arc::clone(&store), &configuration.zone);
        let stop = stop.clone();
        tasks.spawn(async move {
            server.serve(router, stop).await;
            Ok::<(), anyhow::Error>(())
        });
    }
    let mut guarded = JoinSet::new();
    guarded.spawn(guard(lease, Arc::clone(&store), stop.clone()));
    if let Some(clickhouse) = &configuration.clickhouse {
        let (store, days) = (Arc::clone(&store), configuration.keep_readings_days);
        let copying = Copying::new(clickhouse, store, days)?;
        let work = copying.work(health.clone(), stop.clone());
        tasks.spawn(async move {
            work.await;
            Ok(())
        });
    }
    info!(
        endpoints = ?cluster.names(),
        database = store.address(),
        markets = markets.len(),
        "starting"
    );
    let keeper = Keeping {
        cluster,
        store: Arc::clone(&store),
        health,
        stop: stop.clone(),
        configuration: Arc::new(configuration),
    };
    for market in markets {
        let keeping = keeper.clone();
        tasks.spawn(async move { keeping.keep(market).await });
    }
    stop::ready();
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        let failed = match task {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error,
            Err(error) => anyhow::anyhow!("a part of the indexer broke: {error}; report it"),
        };
        ended = ended.and(Err(failed));
        stop.cancel();
    }
    stop.cancel();
    let kept = match guarded.join_next().await {
        Some(Ok(Ok(lease))) => {
            lease.end().await;
            Ok(())
        }
        Some(Ok(Err(error))) => Err(error.into()),
        Some(Err(_)) | None => Ok(()),
    };
    store.close().await;
    ended.and(kept)
}

/// Keeps the right to write until it is asked to stop; takes it again if the server that knew of it has ended and is back. Until
/// then another indexer may write, and writes the same rows.
///
/// # Errors
/// [`StoreError::InUse`] if another one has it by then; all else stops, too.
async fn guard(
    mut lease: Lease,
    store: Arc<Store>,
    stop: CancellationToken,
) -> Result<Lease, StoreError> {
    loop {
        tokio::select! {
            () = sleep(GUARD) => {}
            () = stop.cancelled() => return Ok(lease),
        }
        if lease.is_held().await {
            continue;
        }
        match store.lease().await {
            Ok(again) => lease = again,
            Err(error @ StoreError::InUse(_)) => {
                stop.cancel();
                return Err(error);
            }
            Err(error) => warn!(%error, "the database has ended, and with it the right to write"),
        }
    }
}

#[derive(Clone)]
struct Keeping {
    cluster: Arc<Cluster>,
    store: Arc<Store>,
    health: Health,
    stop: CancellationToken,
    configuration: Arc<Configuration>,
}

impl Keeping {
    /// Keeps a market until it is asked to stop.
    ///
    /// # Errors
    /// If the database is another one's.
    async fn keep(self, market: Address) -> Result<()> {
        let part = format!("market {market}");
        let Some(indexing) = self.open(market, &part).await? else {
            return Ok(());
        };
        let following = Following {
            past: Arc::clone(&self.cluster),
            store: Arc::clone(&self.store),
            id: indexing.id(),
            market,
            ledger: indexing.addresses.ledger,
            passes_gaps: self.configuration.pass_event_gaps,
        };
        let id = indexing.id();
        tokio::join!(
            self.index(indexing, market, &part),
            self.follow(&following),
            self.forget(id),
        );
        Ok(())
    }

    /// Waits for the cluster, if it must; what the database refuses is refused for good.
    async fn open(&self, market: Address, part: &str) -> Result<Option<Indexing>> {
        loop {
            let opened = self.try_open(market).await;
            let error = match opened {
                Ok(indexing) => return Ok(Some(indexing)),
                Err(error) => error,
            };
            let refuses = match error.downcast_ref::<StoreError>() {
                Some(StoreError::Broken(_)) | None => false,
                Some(_) => true,
            };
            if refuses {
                return Err(error);
            }
            warn!(%market, %error, "the market can't be opened yet");
            self.health.fails(part, error.to_string());
            if !self.pause(PAUSE).await {
                return Ok(None);
            }
        }
    }

    async fn try_open(&self, market: Address) -> Result<Indexing> {
        let genesis = self.cluster.genesis_hash().await?.to_string();
        self.store
            .claim(&genesis, &self.configuration.markets)
            .await?;
        let (cluster, store) = (Arc::clone(&self.cluster), Arc::clone(&self.store));
        Indexing::open(cluster, store, market).await
    }

    /// Writes what accounts say.
    async fn index(&self, mut indexing: Indexing, market: Address, part: &str) {
        let poll = self.configuration.poll();
        let mut clock = ClockWatch::default();
        loop {
            match indexing.look().await {
                Ok(look) => {
                    figures::looked(&market, look.now);
                    if let Some(rows) = look.written {
                        figures::wrote(&market, rows, look.gaps);
                    }
                    match clock.see(look.now, Instant::now()) {
                        Ok(()) => self.health.works(part, poll.saturating_add(SILENCE)),
                        Err(trouble) => {
                            warn!(%market, %trouble, "what was seen may be of the past");
                            self.health.fails(part, trouble.to_string());
                            self.cluster.await_newest().await;
                        }
                    }
                }
                Err(error) => {
                    warn!(%market, %error, "the market can't be read or written");
                    self.health.fails(part, error.to_string());
                }
            }
            if !self.pause(poll).await {
                return;
            }
        }
    }

    /// Writes what events tell.
    async fn follow(&self, following: &Following<Cluster>) {
        let part = format!("events of {}", following.market);
        let poll = self.configuration.events_poll();
        let mut said = None;
        loop {
            match following.advance().await {
                Ok(followed) => {
                    let stands = followed.trouble.is_some();
                    figures::followed(&following.market, followed.transactions, stands);
                    match &followed.trouble {
                        Some(trouble) => self.health.fails(&part, trouble.clone()),
                        None => self.health.works(&part, poll.saturating_add(SILENCE)),
                    }
                    if said != followed.trouble {
                        if let Some(trouble) = &followed.trouble {
                            error!(market = %following.market, trouble, "events stand still");
                        }
                        said = followed.trouble;
                    }
                }
                Err(error) => {
                    warn!(market = %following.market, %error, "events can't be followed");
                    let is_passing = error.downcast_ref::<ClusterError>().is_some();
                    if !is_passing {
                        self.health.fails(&part, error.to_string());
                    }
                }
            }
            if !self.pause(poll).await {
                return;
            }
        }
    }

    /// Forgets readings that are older than they are to be kept, by the chain's clock.
    async fn forget(&self, id: crate::store::MarketId) {
        let Some(days) = self.configuration.keep_readings_days else {
            return;
        };
        loop {
            if !self.pause(FORGET).await {
                return;
            }
            let Ok(now) = self.cluster.now().await else {
                continue;
            };
            let kept = i64::from(days).saturating_mul(DAY);
            let until = now.unix_timestamp.saturating_sub(kept);
            match self.store.forget_readings(id, until).await {
                Ok(0) => {}
                Ok(readings) => info!(readings, "forgotten"),
                Err(error) => warn!(%error, "readings can't be forgotten"),
            }
        }
    }

    /// Whether to go on after it.
    async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = sleep(pause) => true,
            () = self.stop.cancelled() => false,
        }
    }
}
