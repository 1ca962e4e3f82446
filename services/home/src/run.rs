//! A feed, from its configuration to its stop.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use joulebook_cluster::Cluster;
use joulebook_daemon::{clock::ClockWatch, observe, observe::Health, stop};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    calendar::Calendar,
    chain::Chain,
    discovery::Device,
    figures,
    household::Household,
    indexed::Indexed,
    indexer::Indexer,
    publishing::{Publisher, Told},
    state::State,
    view::View,
    Configuration,
};

/// The chain; whether the household has a seat there; the indexer.
const MARKET: &str = "market";
const HOUSEHOLD: &str = "household";
const INDEXER: &str = "indexer";

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration can't be used, or an address can't be listened on. What goes wrong later is ridden out.
pub async fn run(configuration: Configuration) -> Result<()> {
    configuration.check()?;
    let (health, stop) = (Health::default(), stop::on_signal()?);
    figures::describe();
    let _observatory = observe::start(configuration.observe, &health).await?;
    tell(configuration, health, stop).await
}

/// The same, until it is stopped otherwise.
///
/// # Errors
/// If the configuration can't be used.
pub async fn tell(
    configuration: Configuration,
    health: Health,
    stop: CancellationToken,
) -> Result<()> {
    let household = configuration.household()?;
    let topics = household.topics(&configuration.mqtt);
    let indexer = configuration.indexer.clone();
    let indexer = indexer.map(|url| Indexer::new(url, household));
    let mut feed = Feed {
        cluster: Arc::new(Cluster::new(configuration.cluster.clone())?),
        household,
        zone: configuration.time_zone()?,
        indexer: indexer.transpose()?,
        expires: configuration.expires(),
        health: health.clone(),
        chain: None,
        clock: ClockWatch::new(configuration.expires()),
        indexed: None,
        told: watch::channel(None).0,
    };
    let device = Device {
        household: &household,
        topics: &topics,
        name: &configuration.name,
        currency: &configuration.currency,
        language: configuration.language,
        expire_seconds: configuration.expire_seconds,
        has_indexer: configuration.indexer.is_some(),
    };
    let publisher = Publisher {
        discovery: serde_json::to_vec(&device.message())?,
        connection: configuration.mqtt.connection(&household)?,
        topics,
        health,
        stop: stop.clone(),
    };
    info!(
        endpoints = ?feed.cluster.names(),
        market = configuration.market,
        household = configuration.household,
        "starting"
    );
    let publishing = tokio::spawn(publisher.work(feed.told.subscribe()));
    stop::ready();
    while !stop.is_cancelled() {
        // It only reads: it may be left half way.
        tokio::select! {
            () = feed.turn() => {}
            () = stop.cancelled() => break,
        }
        tokio::select! {
            () = tokio::time::sleep(configuration.poll()) => {}
            () = stop.cancelled() => {}
        }
    }
    publishing.await.context("telling the broker")
}

/// What is seen and told of a household.
struct Feed {
    cluster: Arc<Cluster>,
    household: Household,
    zone: TimeZone,
    indexer: Option<Indexer>,
    expires: Duration,
    health: Health,
    /// Once it was found.
    chain: Option<Chain>,
    clock: ClockWatch,
    /// What the indexer said last, and when.
    indexed: Option<(Indexed, Instant)>,
    told: watch::Sender<Told>,
}

/// What a look at the chain has shown.
struct Look {
    view: View,
    calendar: Calendar,
    /// Of a window, seconds.
    length: i64,
    decimals: u8,
    seat: Option<u16>,
}

impl Feed {
    /// Looks, and tells what there is to tell.
    async fn turn(&mut self) {
        match self.look().await {
            Ok(look) => {
                self.health.works(MARKET, self.expires);
                self.tell(&look);
                if self.ask(&look).await {
                    self.tell(&look);
                }
            }
            Err(error) => {
                self.fails(MARKET, &format!("{error:#}"));
                let moved = self.clock.moved();
                let is_old = moved.is_none_or(|moved| moved.elapsed() >= self.expires);
                if is_old && self.told.borrow().is_some() {
                    warn!("what was seen last is too old to be shown");
                    self.told.send_replace(None);
                }
            }
        }
    }

    async fn look(&mut self) -> Result<Look> {
        let chain = match &mut self.chain {
            Some(chain) => chain,
            None => {
                let cluster = Arc::clone(&self.cluster);
                let found = Chain::open(cluster, self.household).await?;
                self.chain.insert(found)
            }
        };
        let accounts = chain.read().await?;
        let decimals = chain.decimals;
        let view = View::of(&accounts, &self.household.owner);
        let view = view.context("the market has no windows")?;
        if let Err(standing) = self.clock.see(view.now, Instant::now()) {
            self.cluster.await_newest().await;
            return Err(standing.into());
        }
        let calendar = Calendar::at(view.now, &self.zone);
        figures::seen(&view);
        match &view.money {
            Ok(_) => self.health.works(HOUSEHOLD, self.expires),
            Err(no_seat) => self.fails(HOUSEHOLD, &no_seat.to_string()),
        }
        let index = accounts.participant.map(|participant| participant.index);
        Ok(Look {
            calendar: calendar.context("the chain's clock shows no time")?,
            length: accounts.market.window_seconds.into(),
            decimals,
            seat: index.filter(|_| view.money.is_ok()),
            view,
        })
    }

    /// Whether the indexer has said something new.
    async fn ask(&mut self, look: &Look) -> bool {
        let (Some(indexer), Some(seat)) = (&self.indexer, look.seat) else {
            return false;
        };
        let since = look.view.approved_at.unwrap_or(i64::MIN);
        let (length, now) = (look.length, look.view.now);
        let asked = indexer.ask((seat, since), length, &look.calendar, now);
        match asked.await {
            Ok(indexed) => {
                self.health.works(INDEXER, self.expires);
                let before = self.indexed.replace((indexed.clone(), Instant::now()));
                before.map(|(before, _)| before) != Some(indexed)
            }
            Err(error) => {
                self.fails(INDEXER, &error.to_string());
                let expires = self.expires;
                let old = self.indexed.take_if(|(_, said)| said.elapsed() >= expires);
                old.is_some()
            }
        }
    }

    /// Also what has not changed: it would expire.
    fn tell(&self, look: &Look) {
        let indexed = self.indexed.as_ref().map(|(indexed, _)| indexed);
        let state = State::of(&look.view, indexed, &look.calendar, look.decimals);
        match serde_json::to_vec(&state) {
            Ok(state) => {
                self.told.send_replace(Some(Arc::from(state)));
            }
            Err(error) => self.fails(MARKET, &error.to_string()),
        }
    }

    fn fails(&self, part: &'static str, trouble: &str) {
        figures::trouble(part);
        // Said once, not with each look.
        let report = self.health.report();
        if report.parts.get(part).map(String::as_str) != Some(trouble) {
            warn!(part, trouble, "nothing to tell of this; it is tried again");
        }
        self.health.fails(part, trouble);
    }
}
