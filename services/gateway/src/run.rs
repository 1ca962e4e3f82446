//! A gateway, from its configuration to its stop.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_client::layout::{account::read_header, oracle::MeterTable};
use joulebook_cluster::Cluster;
use joulebook_daemon::{
    http::{HttpOptions, Server},
    observe::{self, Health},
    stop,
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::{
    sync::{broadcast, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    adapter::{Adapter, Chargers},
    api,
    delivery::Delivery,
    figures,
    forward::Forward,
    intake::Intake,
    mqtt::Broker,
    store::{Owner, Store},
    Configuration,
};

/// How often the wallet is looked at.
const BALANCE_POLL: Duration = Duration::from_secs(30);
/// How often the cluster is asked at the beginning, which nothing can begin without.
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
    // Only to know at once whether it can be: until the chain is seen, nobody is answered.
    drop(listen(configuration.http).await?);
    info!(endpoints = ?cluster.names(), %market, payer = %key.pubkey(), "starting");
    let Some(found) = find(&cluster, &configuration, &health, &stop).await? else {
        return Ok(());
    };
    let (addresses, owner, of_meter) = found;
    let limits = configuration.limits(of_meter);
    let store = Store::open(&configuration.store, &owner, limits)?;
    let store = Arc::new(store);
    let (seen, seen_by) = watch::channel(None);
    let (fates, fates_for_broker) = broadcast::channel(FATES);
    let intake = Intake {
        store: Arc::clone(&store),
        seen: seen_by,
        addresses: addresses.clone(),
        ahead: configuration.ahead_seconds.into(),
        forwards: configuration.forward.is_some(),
        fates: fates.clone(),
    };
    let mut tasks = JoinSet::new();
    let delivery = Delivery {
        cluster: Arc::clone(&cluster),
        key: Arc::clone(&key),
        store: Arc::clone(&store),
        addresses,
        binding: owner.binding,
        policy: configuration.policy(key.pubkey()),
        poll: configuration.poll(),
        sends: !configuration
            .forward
            .as_ref()
            .is_some_and(|forward| forward.only),
        seen,
        fates,
        health: health.clone(),
        stop: stop.clone(),
        rests: Mutex::default(),
    };
    tasks.spawn(delivery.deliver());
    let chargers = Chargers::open(&configuration.charger, &intake)?;
    if let Some(server) = listen(configuration.http).await? {
        let router = api::router(intake.clone(), chargers.clone());
        tasks.spawn(server.serve(router, stop.clone()));
    }
    if !configuration.charger.is_empty() {
        tasks.spawn(chargers.work(stop.clone()));
    }
    if let Some(options) = &configuration.mqtt {
        let (health, stop) = (health.clone(), stop.clone());
        let payer = key.pubkey();
        let broker = Broker::new(options.clone(), &payer, intake.clone(), health, stop)?;
        tasks.spawn(broker.work(fates_for_broker));
    }
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
    stop::ready();
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

async fn listen(options: Option<HttpOptions>) -> Result<Option<Server>> {
    Ok(match options {
        Some(options) => Some(Server::bind(options).await?),
        None => None,
    })
}

/// The market's accounts; asks until the cluster answers. `None` if it is stopped before.
async fn find(
    cluster: &Cluster,
    configuration: &Configuration,
    health: &Health,
    stop: &CancellationToken,
) -> Result<Option<Found>> {
    let market = configuration.address()?;
    while !stop.is_cancelled() {
        match look(cluster, market).await {
            Ok(found) => return Ok(Some(found)),
            Err(error) => {
                let error = format!("{error:#}");
                warn!(
                    error,
                    "the market can't be looked at yet; it is tried again"
                );
                health.fails("delivery", error);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(FIRST_POLL) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(None)
}

/// The market's accounts, whose store it is, and how many messages of one meter wait at most.
type Found = (joulebook_client::Addresses, Owner, usize);

async fn look(cluster: &Cluster, market: solana_address::Address) -> Result<Found> {
    let addresses = cluster.market(market).await?;
    let table = cluster.account(addresses.meter_table).await?;
    let table = table.and_then(|account| read_header::<MeterTable>(&account.data));
    let table = table.context("the meter table can't be read")?;
    let owner = Owner {
        market,
        cluster: table.cluster,
        binding: table.binding,
    };
    let of_meter = most_of_meter(&table);
    Ok((addresses, owner, of_meter))
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
