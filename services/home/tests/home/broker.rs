//! What is told, at a real broker: it goes away and comes back, and so do the feed and Home Assistant.

use std::{sync::Arc, time::Duration};

use joulebook_daemon::{config, observe::Health};
use joulebook_home::{
    configuration::BrokerOptions,
    forget,
    household::Topics,
    publishing::{Publisher, Told},
    Configuration,
};
use tokio::{sync::watch, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    household,
    listener::{wait_until, Listener},
    mosquitto::Mosquitto,
};

const DISCOVERY: &[u8] = b"{\"device\":{}}";

fn options(url: Url) -> BrokerOptions {
    let text = format!("url = {:?}", url.as_str());
    config::parse(&text).expect("options")
}

/// A feed whose state a test decides.
struct Feed {
    topics: Topics,
    told: watch::Sender<Told>,
    health: Health,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Feed {
    fn begin(url: Url) -> Feed {
        let options = options(url);
        let (household, health, stop) = (household(), Health::default(), CancellationToken::new());
        let topics = household.topics(&options);
        let publisher = Publisher {
            topics: topics.clone(),
            discovery: DISCOVERY.to_vec(),
            connection: options.connection(&household).expect("options"),
            health: health.clone(),
            stop: stop.clone(),
        };
        let (told, tells) = watch::channel(None);
        Feed {
            topics,
            told,
            health,
            stop,
            task: tokio::spawn(publisher.work(tells)),
        }
    }

    fn tell(&self, state: &str) {
        self.told.send_replace(Some(Arc::from(state.as_bytes())));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_feed_when_it_begins_and_stops_then_whoever_comes_later_hears_it() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let feed = Feed::begin(broker.url());
    let listener = Listener::at(&broker, "early").await;
    // Nothing is known yet.
    listener
        .wait_for(&feed.topics.availability, "offline")
        .await;
    let discovery = std::str::from_utf8(DISCOVERY).expect("text");
    listener.wait_for(&feed.topics.discovery, discovery).await;
    assert_eq!(listener.last(&feed.topics.state), None);
    feed.tell("{\"price_now\":0.21}");
    listener.wait_for(&feed.topics.availability, "online").await;
    assert!(feed.health.report().healthy);
    let later = Listener::at(&broker, "later").await;
    later
        .wait_for(&feed.topics.state, "{\"price_now\":0.21}")
        .await;
    later.wait_for(&feed.topics.availability, "online").await;
    later.wait_for(&feed.topics.discovery, discovery).await;
    // What is old is not shown.
    feed.told.send_replace(None);
    later.wait_for(&feed.topics.availability, "offline").await;
    feed.tell("{\"price_now\":0.22}");
    later.wait_for(&feed.topics.availability, "online").await;
    feed.stop.cancel();
    feed.task.await.expect("it ends");
    later.wait_for(&feed.topics.availability, "offline").await;
    let last = Listener::at(&broker, "last").await;
    last.wait_for(&feed.topics.availability, "offline").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_home_assistant_when_it_starts_then_all_is_told_again() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let feed = Feed::begin(broker.url());
    feed.tell("{}");
    let listener = Listener::at(&broker, "listener").await;
    listener.wait_for(&feed.topics.availability, "online").await;
    sleep(Duration::from_millis(1_200)).await;
    let before = listener.count(&feed.topics.discovery);
    let birth = |text| listener.say(&feed.topics.birth, text);
    birth("offline");
    // However often it is said: once is enough.
    for _ in 0..5 {
        birth("online");
    }
    let is_told = || listener.count(&feed.topics.discovery) > before;
    wait_until("it is told again", is_told).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(listener.count(&feed.topics.discovery), before + 1);
    feed.stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_broker_that_is_killed_when_it_is_back_then_it_hears_what_is_true_then() {
    let Some(mut broker) = Mosquitto::start() else {
        return;
    };
    let feed = Feed::begin(broker.url());
    feed.tell("1");
    let listener = Listener::at(&broker, "before").await;
    listener.wait_for(&feed.topics.state, "1").await;
    broker.kill();
    wait_until("the broker is missed", || !feed.health.report().healthy).await;
    for state in ["2", "3"] {
        feed.tell(state);
    }
    broker.run();
    wait_until("it is connected again", || feed.health.report().healthy).await;
    let listener = Listener::at(&broker, "after").await;
    listener.wait_for(&feed.topics.state, "3").await;
    listener.wait_for(&feed.topics.availability, "online").await;
    feed.stop.cancel();
    feed.task.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_feed_that_is_killed_when_it_says_nothing_more_then_its_last_will_does() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let feed = Feed::begin(broker.url());
    feed.tell("{}");
    let listener = Listener::at(&broker, "listener").await;
    listener.wait_for(&feed.topics.availability, "online").await;
    feed.task.abort();
    listener
        .wait_for(&feed.topics.availability, "offline")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_broker_that_lets_nobody_in_when_it_refuses_then_the_keys_to_look_at_are_named() {
    let Some(broker) = Mosquitto::that("allow_anonymous false") else {
        return;
    };
    let feed = Feed::begin(broker.url());
    let says = |words: &str| {
        let report = feed.health.report();
        let word = report.parts.get("broker");
        word.is_some_and(|word| word.contains(words))
    };
    wait_until("it is refused", || says("mqtt.user")).await;
    feed.stop.cancel();
    feed.task.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_household_that_is_forgotten_when_somebody_listens_then_nothing_is_retained() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let feed = Feed::begin(broker.url());
    feed.tell("{}");
    let listener = Listener::at(&broker, "listener").await;
    listener.wait_for(&feed.topics.availability, "online").await;
    feed.stop.cancel();
    feed.task.await.expect("it ends");
    let household = household();
    let text = format!(
        "market = {:?}\nhousehold = {:?}\n[mqtt]\nurl = {:?}\n[cluster]\nurls = []\n",
        household.market.to_string(),
        household.owner.to_string(),
        broker.url().as_str()
    );
    let configuration: Configuration = config::parse(&text).expect("a configuration");
    forget(configuration).await.expect("forgotten");
    // An empty message takes the device away; afterwards there is none.
    listener.wait_for(&feed.topics.discovery, "").await;
    let later = Listener::at(&broker, "later").await;
    sleep(Duration::from_millis(300)).await;
    let topics = &feed.topics;
    for topic in [&topics.discovery, &topics.state, &topics.availability] {
        assert_eq!(later.last(topic), None);
    }
}
