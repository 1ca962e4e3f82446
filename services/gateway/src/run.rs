//! A gateway, from its configuration to its stop.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_client::layout::oracle::MeterTable;
use joulebook_cluster::{Cluster, ClusterError, ClusterOptions};
use joulebook_daemon::{
    clock::machine_clock,
    fees::DailyFees,
    http::Server,
    observe::{self, Health},
    stop,
};
use joulebook_units::UnixTime;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::{
    sync::{broadcast, oneshot, watch, Semaphore},
    task::JoinSet,
    time::{timeout, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    adapter::{Adapter, Chargers},
    api,
    chain_clock::ChainClock,
    delivery::Delivery,
    figures,
    forward::Forward,
    gate::Gate,
    intake::{self, Intake},
    mqtt::Broker,
    seen::{look, Beginning, Seen},
    store::{Remembered, Store, StoreFile},
    view::View,
    Configuration,
};

/// How often the wallet is looked at.
const BALANCE_POLL: Duration = Duration::from_secs(30);
/// How long the cluster is waited for at the beginning, if it was seen before.
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// How often the cluster is asked that was never seen.
const FIRST_POLL: Duration = Duration::from_secs(1);
/// Messages of one meter that wait at most, however short its pages are: it may have been long without a connection.
const LEAST_OF_METER: usize = 256;
/// Fates that a slow listener may be behind.
const FATES: usize = 4_096;

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration can't be used, the store is another's, or an address can't be listened on. What goes wrong later is ridden
/// out.
pub async fn run(configuration: Configuration) -> Result<()> {
    configuration.check()?;
    let market = configuration.address()?;
    let key = Arc::new(configuration.key.read()?);
    let cluster = Arc::new(Cluster::new(configuration.cluster.clone())?);
    let stop = stop::on_signal()?;
    let health = Health::default();
    figures::describe();
    let _observatory = observe::start(configuration.observe, &health).await?;
    let file = StoreFile::open(&configuration.store, &market)?;
    let mut tasks = JoinSet::new();
    let gate = Gate::default();
    if let Some(options) = configuration.http.clone() {
        let server = Server::bind(options).await.context("http.listen")?;
        tasks.spawn(server.serve(gate.router(), stop.clone()));
    }
    let (fates, fates_for_broker) = broadcast::channel(FATES);
    let (to_broker, intake_for_broker) = oneshot::channel();
    if let Some(options) = &configuration.mqtt {
        let (health, stop) = (health.clone(), stop.clone());
        let broker = Broker::new(options.clone(), &key.pubkey(), health, stop)?;
        tasks.spawn(broker.work(intake_for_broker, fates_for_broker));
    }
    info!(endpoints = ?cluster.names(), %market, payer = %key.pubkey(), "starting");
    stop::ready();
    let Some((seen, is_new)) = find(&cluster, &file, &configuration, &health, &stop).await? else {
        return Ok(());
    };
    let Beginning {
        addresses,
        owner,
        view,
    } = Beginning::of(market, &seen)?;
    let limits = configuration.limits(most_of_meter(&view.table.header));
    let before = file.remembered()?.map(|before| before.at);
    let store = Arc::new(Store::of(file, &owner, limits)?);
    let mut clock = ChainClock::new(&owner.cluster, before);
    let now = Instant::now();
    let first = match is_new && clock.see(seen.at, machine_clock(), now).is_ok() {
        true => {
            store.remember(&seen)?;
            Seen::since(Arc::new(view), now)
        }
        false => Seen::before(View {
            now: UnixTime(before.unwrap_or(seen.at)),
            ..view
        }),
    };
    let (now_seen, seen_by) = watch::channel(Some(first));
    let intake = Intake {
        store: Arc::clone(&store),
        seen: seen_by,
        addresses: addresses.clone(),
        ahead: configuration.ahead_seconds.into(),
        forwards: configuration.forward.is_some(),
        fates: fates.clone(),
        room: Arc::new(Semaphore::new(intake::AT_ONCE)),
    };
    let delivery = Delivery {
        endpoints: each_endpoint(&configuration.cluster)?,
        clock,
        cluster: Arc::clone(&cluster),
        key: Arc::clone(&key),
        store: Arc::clone(&store),
        addresses,
        binding: owner.binding,
        market: seen.market,
        policy: configuration.policy(key.pubkey()),
        poll: configuration.poll(),
        sends: !configuration
            .forward
            .as_ref()
            .is_some_and(|forward| forward.only),
        seen: now_seen,
        fates,
        health: health.clone(),
        stop: stop.clone(),
        rests: Mutex::default(),
        violations: Mutex::default(),
        fees: Mutex::new(DailyFees::new(configuration.daily_fees)),
    };
    tasks.spawn(delivery.deliver());
    let chargers = Chargers::open(&configuration.charger, &intake)?;
    gate.open(api::router(intake.clone(), chargers.clone()));
    if !configuration.charger.is_empty() {
        tasks.spawn(chargers.work(stop.clone()));
    }
    // Nobody may be listening.
    let _ = to_broker.send(intake.clone());
    for options in &configuration.adapter {
        let (health, stop) = (health.clone(), stop.clone());
        let adapter = Adapter::new(options, intake.clone(), health, stop)?;
        tasks.spawn(adapter.work());
    }
    if let Some(forward) = &configuration.forward {
        let forward = Forward {
            store,
            url: forward.url.clone(),
            health: health.clone(),
            stop: stop.clone(),
        };
        tasks.spawn(forward.forward());
    }
    tasks.spawn(watch_balance(
        cluster,
        key,
        configuration.low_balance,
        stop.clone(),
    ));
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        if let Err(error) = task {
            ended = Err(anyhow::anyhow!(
                "a part of the gateway broke: {error}; report it"
            ));
            stop.cancel();
        }
    }
    ended
}

/// What the cluster says, and that it is new; or what the store remembers of it, if it does not answer. Asks until one of both has
/// something; `None` if it is stopped before.
async fn find(
    cluster: &Cluster,
    file: &StoreFile,
    configuration: &Configuration,
    health: &Health,
    stop: &CancellationToken,
) -> Result<Option<(Remembered, bool)>> {
    let market = configuration.address()?;
    let remembered = file.remembered()?;
    while !stop.is_cancelled() {
        let looked = async {
            let look = look(cluster, market);
            match &remembered {
                Some(_) => timeout(FIRST_LOOK, look)
                    .await
                    .context("it takes too long")?,
                None => look.await,
            }
        };
        let looked = tokio::select! {
            looked = looked => looked,
            () = stop.cancelled() => break,
        };
        let error = match looked {
            Ok(seen) => return Ok(Some((seen, true))),
            Err(error) => format!("{error:#}"),
        };
        health.fails("delivery", error.clone());
        if let Some(remembered) = remembered {
            warn!(
                error,
                "the market can't be looked at yet; it begins with what it saw last"
            );
            return Ok(Some((remembered, false)));
        }
        warn!(
            error,
            "the market can't be looked at yet; it is tried again"
        );
        tokio::select! {
            () = tokio::time::sleep(FIRST_POLL) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(None)
}

/// Each endpoint by itself, asked once only: what one does not answer, another one may.
fn each_endpoint(options: &ClusterOptions) -> Result<Vec<Cluster>, ClusterError> {
    let alone = |url: &url::Url| {
        Cluster::new(ClusterOptions {
            urls: vec![url.clone()],
            attempts: 1,
            ..options.clone()
        })
    };
    options.urls.iter().map(alone).collect()
}

/// Twice as many as there are boundaries that can be told at one time.
fn most_of_meter(table: &MeterTable) -> usize {
    let length = table.interval_length().0.max(1);
    let page = length.saturating_mul(table.page_intervals.into());
    let open = page.saturating_add(table.reading_seconds.into());
    let boundaries = open.div_euclid(length).saturating_mul(2);
    usize::try_from(boundaries)
        .unwrap_or(LEAST_OF_METER)
        .max(LEAST_OF_METER)
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
                figures::balance(lamports);
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
