//! What Home Assistant is told of a household while its windows go by, by a daemon that is killed and a broker that goes away.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use serde_json::Value;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    indexer::Indexer, mosquitto::Mosquitto, observed::Observed, process::Process, world::World,
};

/// A window in three seconds.
const SPEED: u16 = 300;
const PATIENCE: Duration = Duration::from_secs(180);
const MILLI_ATOMS: f64 = 1e9;

/// All that is said at a broker, in its sequence: topics and payloads.
struct Heard {
    said: Arc<Mutex<Vec<(String, String)>>>,
    _polling: JoinSet<()>,
}

impl Heard {
    async fn at(broker: &Mosquitto, name: &str) -> Heard {
        let mut options = MqttOptions::new(name, "127.0.0.1", broker.port);
        options.set_max_packet_size(1024 * 1024, 1024 * 1024);
        let (client, mut connection) = AsyncClient::new(options, 10);
        client.try_subscribe("#", QoS::AtLeastOnce).expect("room");
        let said = Arc::<Mutex<Vec<(String, String)>>>::default();
        let heard = Arc::clone(&said);
        let mut polling = JoinSet::new();
        polling.spawn(async move {
            let _client = client;
            while let Ok(event) = connection.poll().await {
                if let Event::Incoming(Incoming::Publish(publish)) = event {
                    let text = String::from_utf8(publish.payload.to_vec()).expect("text");
                    heard.lock().expect("unbroken").push((publish.topic, text));
                }
            }
        });
        Heard {
            said,
            _polling: polling,
        }
    }

    /// The payloads of topics that end so.
    fn of(&self, end: &str) -> Vec<String> {
        let said = self.said.lock().expect("unbroken");
        let of = said.iter().filter(|(topic, _)| topic.ends_with(end));
        of.map(|(_, payload)| payload.clone()).collect()
    }

    fn states(&self) -> Vec<Value> {
        let states = self.of("/state");
        let states = states.iter().filter(|text| !text.is_empty());
        states
            .map(|text| serde_json::from_str(text).expect("JSON"))
            .collect()
    }

    fn is(&self, availability: &str) -> bool {
        self.of("/availability")
            .last()
            .is_some_and(|last| last == availability)
    }
}

async fn wait_until(what: &str, process: &Process, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < PATIENCE,
            "never: {what}: {}",
            process.said()
        );
        sleep(Duration::from_millis(100)).await;
    }
}

fn configuration(world: &World, indexer: &Indexer, broker: &Mosquitto) -> PathBuf {
    let file = world.folder.path().join("home.toml");
    let text = format!(
        "market = {:?}\nhousehold = {:?}\nindexer = \"http://{}\"\ncurrency = \"EUR\"\npoll-ms = 500\nexpire-seconds = 20\n\
         [mqtt]\nurl = {:?}\n[cluster]\nurls = [{:?}]\ntimeout-ms = 2000\n",
        world.sandbox.market,
        world.sandbox.households[0].address,
        indexer.address,
        broker.url().as_str(),
        world.url.as_str(),
    );
    std::fs::write(&file, text).expect("written");
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_household_when_its_windows_pass_then_home_assistant_is_told_what_the_chain_says() {
    let Some(mut broker) = Mosquitto::start() else {
        return;
    };
    let mut world = World::begin(4);
    let cluster = world.cluster();
    let mut observed = Observed::begin(&cluster, &world.sandbox).await;
    let index = Indexer::of(&world);
    let _indexer = index.start(&world);
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let mut meters = world.meters();
    let file = configuration(&world, &index, &broker);
    let file = file.to_str().expect("a path");
    let folder = world.folder.path().to_owned();
    let start = || Process::joulebook(&folder, "home", &["home", "--config", file]);
    let mut home = start();
    let heard = Heard::at(&broker, "early").await;
    world.set_speed(SPEED);
    // Prices, and what meters and the indexer say of the day.
    let known = |key: &'static str| heard.states().iter().any(|state| state[key].is_number());
    for key in [
        "price_now",
        "price_next",
        "balance",
        "from_supplier",
        "bill",
    ] {
        wait_until(key, &home, || known(key)).await;
    }
    let service = world.sandbox.households[0].meters[0].service_from;
    // The table of meters is not read in each look.
    let is_heard = |state: &Value| {
        let until = state["heard_until"].as_str();
        let until = until.map(|until| until.parse::<jiff::Timestamp>().expect("a time"));
        until.is_some_and(|until| until.as_second() > service)
    };
    wait_until("heard", &home, || heard.states().iter().any(is_heard)).await;
    assert_eq!(heard.of("/config").len(), 1, "{}", home.said());
    // Nothing moves any more: what is told is what the chain says.
    world.set_speed(1);
    assert_eq!((keeper.stop(), meters.stop()), (Some(0), Some(0)));
    sleep(Duration::from_secs(3)).await;
    observed.look(&cluster).await;
    let seat = observed.state.ledger.seats[usize::from(world.sandbox.households[0].seat)];
    let last = heard.states().pop().expect("a state");
    let shown = |key: &str| {
        last[key]
            .as_f64()
            .map(|tokens| (tokens * MILLI_ATOMS).round() as u64)
    };
    assert_eq!(shown("balance"), seat.money(), "{last}");
    assert_eq!(shown("free"), Some(seat.free), "{last}");
    // A broker that goes away is found again.
    broker.kill();
    sleep(Duration::from_secs(2)).await;
    broker.run();
    let heard = Heard::at(&broker, "later").await;
    // What the broker kept says nothing of that.
    let is_back = || home.said().matches(" connected broker").count() > 1;
    wait_until("it is back", &home, || {
        is_back() && heard.is("online") && !heard.states().is_empty()
    })
    .await;
    // A daemon that is killed says so by its last will, one that is stopped by itself.
    home.kill();
    wait_until("the last will", &home, || heard.is("offline")).await;
    home = start();
    wait_until("it begins again", &home, || heard.is("online")).await;
    assert_eq!(home.stop(), Some(0), "{}", home.said());
    wait_until("its last word", &home, || heard.is("offline")).await;
    let mut forget = Process::joulebook(&folder, "forget", &["home", "--config", file, "--forget"]);
    let ended = forget.child.wait().expect("it ends");
    assert!(ended.success(), "{}", forget.said());
    wait_until("it is forgotten", &forget, || {
        heard.of("/config").last().is_some_and(String::is_empty)
    })
    .await;
}
