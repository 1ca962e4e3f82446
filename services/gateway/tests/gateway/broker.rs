//! Messages from a real broker, which is killed and started again.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use joulebook_daemon::observe::Health;
use joulebook_gateway::{
    message::{Key, Signed},
    mqtt::{Broker, BrokerOptions},
    seen::FRESH,
};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, Outgoing, QoS};
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    http::Gateway,
    mosquitto::Mosquitto,
    village::{Village, LENGTH, LIMITS, PAGE},
};

const PATIENCE: Duration = Duration::from_secs(30);
const TOPIC: &str = "joulebook/v1/messages";

fn options(broker: &Mosquitto) -> BrokerOptions {
    BrokerOptions {
        url: broker.url(),
        client_id: Some("gateway-test".into()),
        topic: TOPIC.into(),
        fates: "joulebook/v1/fates".into(),
        user: None,
        password: None,
        ca: None,
    }
}

/// A meter: publishes, and is told that the broker has it.
async fn publish(port: u16, name: &str, messages: &[Signed]) {
    let mut options = MqttOptions::new(name, "127.0.0.1", port);
    options
        .set_keep_alive(Duration::from_secs(5))
        .set_max_packet_size(1024 * 1024, 1024 * 1024);
    let (client, mut connection) = AsyncClient::new(options, messages.len() + 10);
    for message in messages {
        let body = serde_json::to_vec(message).expect("JSON");
        let published = client.try_publish(TOPIC, QoS::AtLeastOnce, false, body);
        published.expect("room");
    }
    let mut acknowledged = 0;
    while acknowledged < messages.len() {
        if let Event::Incoming(Incoming::PubAck(_)) = connection.poll().await.expect("connected") {
            acknowledged += 1;
        }
    }
    client.try_disconnect().expect("room");
    while !matches!(
        connection.poll().await,
        Ok(Event::Outgoing(Outgoing::Disconnect)) | Err(_)
    ) {}
}

struct Listening {
    stop: CancellationToken,
    task: JoinHandle<()>,
    health: Health,
}

impl Listening {
    fn begin(gateway: &Gateway, broker: &Mosquitto) -> Listening {
        let (stop, health) = (CancellationToken::new(), Health::default());
        let listener = Broker::new(
            options(broker),
            &solana_address::Address::default(),
            health.clone(),
            stop.clone(),
        );
        let fates = gateway.intake.fates.subscribe();
        let (to, intake) = oneshot::channel();
        assert!(to.send(gateway.intake.clone()).is_ok());
        let task = tokio::spawn(listener.expect("a broker").work(intake, fates));
        Listening { stop, task, health }
    }

    /// From then on the broker keeps what nobody hears.
    async fn has_begun(self) -> Listening {
        let is_healthy = || self.health.report().healthy;
        wait_for("it listens", is_healthy).await;
        self
    }
}

async fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_broker_that_repeats_and_is_killed_when_meters_publish_then_each_message_is_kept_once(
) {
    let Some(mut broker) = Mosquitto::start() else {
        return;
    };
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + 3 * PAGE);
    let gateway = Gateway::of(&village, LIMITS).await;
    let messages: Vec<Signed> = (1..=120)
        .map(|number| village.reading(number % 2, page + (1 + number as i64 % 12) * LENGTH))
        .collect();
    let first = Listening::begin(&gateway, &broker).has_begun().await;
    let kept = || gateway.intake.store.counts().0;
    publish(broker.port, "first", &messages[..40]).await;
    wait_for("the first are kept", || kept() == 40).await;
    // The same again, and others.
    publish(broker.port, "second", &messages[20..60]).await;
    wait_for("the second are kept", || kept() == 60).await;
    // Nobody listens; then the broker is killed after it has saved.
    first.stop.cancel();
    first.task.await.expect("it ends");
    publish(broker.port, "third", &messages[60..100]).await;
    sleep(Duration::from_millis(1_500)).await;
    broker.kill();
    let _second = Listening::begin(&gateway, &broker);
    sleep(Duration::from_millis(300)).await;
    broker.run();
    wait_for("what the broker kept is kept", || kept() == 100).await;
    publish(broker.port, "fourth", &messages[100..]).await;
    wait_for("all are kept", || kept() == 120).await;
    let keys: BTreeSet<Key> = messages
        .into_iter()
        .map(|signed| village.message(signed).key())
        .collect();
    let waiting = gateway.intake.store.all_waiting();
    assert_eq!(waiting.into_keys().collect::<BTreeSet<Key>>(), keys);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_garbage_and_a_full_store_when_published_then_the_broker_keeps_what_has_no_room() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let limits = joulebook_gateway::store::Limits {
        messages: 2,
        ..LIMITS
    };
    let gateway = Gateway::of(&village, limits).await;
    let messages: Vec<Signed> = (1..=4)
        .map(|number| village.reading(0, page + number * LENGTH))
        .collect();
    let garbage = Signed {
        message: vec![1; 50],
        signature: [1; 64],
    };
    // Longer than a message may be: it must not end the connection again and again.
    let long = Signed {
        message: vec![1; 300 * 1024],
        ..garbage.clone()
    };
    let _listening = Listening::begin(&gateway, &broker).has_begun().await;
    publish(
        broker.port,
        "one",
        &[garbage.clone(), long, messages[0].clone(), garbage],
    )
    .await;
    let kept = || gateway.intake.store.counts().0;
    wait_for("the good one is kept", || kept() == 1).await;
    publish(broker.port, "two", &messages[1..]).await;
    sleep(Duration::from_millis(500)).await;
    assert!(kept() <= 2);
    // Room again, as often as it takes.
    let store = &gateway.intake.store;
    let mut seen = BTreeSet::new();
    let begun = Instant::now();
    while seen.len() < 4 {
        for key in store.all_waiting().into_keys() {
            seen.insert(key);
            let fate = joulebook_gateway::fate::Fate::Superseded;
            store.end(&[(key, fate)], 0).expect("noted");
        }
        assert!(begun.elapsed() < PATIENCE, "{seen:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_no_room_for_what_nobody_can_judge_when_such_and_a_good_message_come_then_the_good_one_is_kept(
) {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + PAGE);
    let old = tokio::time::Instant::now() - FRESH - FRESH;
    let gateway = Gateway::since(&village, LIMITS, old).await;
    let mut bent: Vec<Signed> = (0..70).map(|_| village.reading(1, page + LENGTH)).collect();
    for one in &mut bent {
        one.signature[5] ^= 1;
    }
    let good = village.reading(0, page + LENGTH);
    let key = village.message(good.clone()).key();
    let _listening = Listening::begin(&gateway, &broker).has_begun().await;
    publish(broker.port, "bent", &bent).await;
    let store = &gateway.intake.store;
    wait_for("as many as there is room for", || store.counts().0 == 64).await;
    publish(broker.port, "good", &[good]).await;
    wait_for("the good one is kept", || store.waits(&key)).await;
    // Once there is room, the others are, too.
    let ends: Vec<_> = store
        .all_waiting()
        .into_keys()
        .map(|key| (key, joulebook_gateway::fate::Fate::Superseded))
        .collect();
    store.end(&ends, 0).expect("noted");
    wait_for("the others are kept", || store.counts().0 == 6).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_message_with_a_fate_when_somebody_listens_then_the_broker_tells() {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let gateway = Gateway::of(&village, LIMITS).await;
    let _listening = Listening::begin(&gateway, &broker).has_begun().await;
    let options = MqttOptions::new("owner", "127.0.0.1", broker.port);
    let (client, mut connection) = AsyncClient::new(options, 10);
    let topic = format!("joulebook/v1/fates/{}", village.number(0));
    client
        .try_subscribe(&topic, QoS::AtLeastOnce)
        .expect("room");
    while !matches!(
        connection.poll().await,
        Ok(Event::Incoming(Incoming::SubAck(_)))
    ) {}
    let mut refused = village.reading(0, page + LENGTH);
    refused.signature[0] ^= 1;
    publish(broker.port, "meter", &[refused]).await;
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < PATIENCE, "nothing is told");
        if let Event::Incoming(Incoming::Publish(told)) =
            connection.poll().await.expect("connected")
        {
            let told: serde_json::Value = serde_json::from_slice(&told.payload).expect("JSON");
            assert_eq!(told["result"], "BadSignature");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_that_has_not_seen_the_chain_when_meters_publish_then_the_broker_keeps_it_until_it_has(
) {
    let Some(broker) = Mosquitto::start() else {
        return;
    };
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let gateway = Gateway::of(&village, LIMITS).await;
    let signed = village.reading(0, page + LENGTH);
    let (stop, health) = (CancellationToken::new(), Health::default());
    let payer = solana_address::Address::default();
    let listener = Broker::new(options(&broker), &payer, health.clone(), stop.clone());
    let (to, intake) = oneshot::channel();
    let fates = gateway.intake.fates.subscribe();
    tokio::spawn(listener.expect("a broker").work(intake, fates));
    wait_for("it listens", || health.report().healthy).await;
    publish(broker.port, "early", &[signed]).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(gateway.intake.store.counts().0, 0);
    assert!(to.send(gateway.intake.clone()).is_ok());
    wait_for("it is kept", || gateway.intake.store.counts().0 == 1).await;
    stop.cancel();
}
