//! A gateway that is killed, with the broker that it listens to, and what it brings to the oracle.

use std::time::{Duration, Instant};

use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use rustix::process::{prlimit, Pid, Resource, Rlimit};
use tokio::time::sleep;

use crate::{
    measured::{free_port, Measured, LENGTH},
    mosquitto::Mosquitto,
    process::Process,
    proxy::{self, Gate},
    seed,
    ways::Entrance,
    windows,
    world::World,
};

/// A window in three seconds.
const SPEED: u16 = 300;
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_and_a_broker_that_are_killed_when_meters_hand_in_then_each_profile_is_in_the_oracle_once(
) {
    let (seed, wanted) = (seed(), windows(17));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut world = World::begin(5);
    let cluster = world.cluster();
    let proxy = proxy::start(&world.url, seed + 7).await;
    let mut measured = Measured::begin(&world, &cluster).await;
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let port = free_port();
    let mut broker = Mosquitto::start();
    let listens = broker.as_ref().map_or(String::new(), |broker| {
        format!("[mqtt]\nurl = {:?}", broker.url().as_str())
    });
    let more = format!("deliver = 'page'\n{listens}");
    let start = |world: &World| world.gateway("gateway", port, proxy.as_str(), &more);
    let mut gateway = start(&world);
    let publishes = broker.as_ref().map(|broker| broker.port);
    let entrance = Entrance::before(port, publishes, seed + 8).await;
    let mut meters = world.meters_at(entrance.port);
    world.set_speed(SPEED);

    let page = measured.addresses.page_seconds();
    let pages = (wanted as i64 * LENGTH + page - 1) / page;
    let end = measured.end_of(pages);
    let begun = Instant::now();
    let mut kills = 0;
    while !measured.is_whole(end) {
        let pause = 200 + u64::from(chance.next_u32() % 2_300);
        sleep(Duration::from_millis(pause)).await;
        gateway.kill();
        kills += 1;
        match &mut broker {
            Some(broker) if chance.next_u32() % 3 == 0 => {
                broker.kill();
                gateway = start(&world);
                sleep(Duration::from_millis(500)).await;
                broker.run();
            }
            _ => gateway = start(&world),
        }
        measured.look(&cluster).await;
        let patience = PATIENCE * (wanted as u32 + 4);
        assert!(
            begun.elapsed() < patience,
            "{} values after {kills} kills: {}",
            measured.len(),
            gateway.said()
        );
    }
    world.set_speed(1);
    assert_eq!(meters.stop(), Some(0));
    assert_eq!(keeper.stop(), Some(0));
    measured.check(&cluster, end).await;
    let published = entrance.published();
    assert!(broker.is_none() || published > 0, "nothing came through it");
    println!(
        "{} values of {pages} pages, {published} profiles through the broker, {kills} kills",
        measured.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_that_starts_while_the_node_is_away_and_the_disk_full_when_both_are_back_then_each_value_is_in_the_oracle_once(
) {
    let mut world = World::begin(3);
    let cluster = world.cluster();
    let (gate, url) = Gate::before(&world.url).await;
    let mut measured = Measured::begin(&world, &cluster).await;
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let port = free_port();
    let start = |world: &World| world.gateway("gateway", port, &url, "deliver = 'prompt'");
    let mut gateway = start(&world);
    let mut meters = world.meters_at(port);
    world.set_speed(SPEED);
    let first = measured.end_of(1);
    wait_for(&mut measured, &cluster, first, &gateway).await;

    // The node is away, and the gateway begins with what it saw of it last.
    gate.set_open(false);
    gateway.kill();
    gateway = start(&world);
    gateway.wait_until_said("that it begins", |said| {
        said.contains("it begins with what it saw last")
    });
    set_largest_file(&gateway, Some(4_096));
    let said_full = |said: &str| said.contains("is the disk full?");
    wait_until_said(&meters, "that the disk is full", said_full).await;
    // What the oracle has is kept for a while, too.
    let mut before = vec![];
    for meter in measured.meters() {
        before.push((meter, waiting(port, meter).await));
    }
    world.set_speed(20);
    set_largest_file(&gateway, None);
    // It knows their keys from before, and keeps what they have signed.
    for (meter, before) in before {
        let begun = Instant::now();
        while waiting(port, meter).await <= before {
            assert!(begun.elapsed() < PATIENCE, "{}", meters.said());
            sleep(Duration::from_millis(200)).await;
        }
    }
    // What is kept outlives it once more.
    gateway.kill();
    gateway = start(&world);
    gate.set_open(true);
    world.set_speed(SPEED);
    let end = measured.end_of(3);
    wait_for(&mut measured, &cluster, end, &gateway).await;
    world.set_speed(1);
    assert_eq!(meters.stop(), Some(0));
    assert_eq!(keeper.stop(), Some(0));
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.said());
    measured.check(&cluster, end).await;
}

/// Messages of a meter that the oracle does not have yet.
async fn waiting(port: u16, meter: u32) -> u64 {
    let url = format!("http://127.0.0.1:{port}/v1/meters/{meter}");
    let answer = reqwest::get(url).await.expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("JSON");
    answer["waiting"].as_u64().expect("a number")
}

async fn wait_for(
    measured: &mut Measured,
    cluster: &joulebook_cluster::Cluster,
    end: i64,
    gateway: &Process,
) {
    let begun = Instant::now();
    while !measured.is_whole(end) {
        sleep(Duration::from_millis(300)).await;
        measured.look(cluster).await;
        let patience = PATIENCE * 6;
        assert!(
            begun.elapsed() < patience,
            "{} values: {}",
            measured.len(),
            gateway.said()
        );
    }
}

async fn wait_until_said(process: &Process, what: &str, is_said: impl Fn(&str) -> bool) {
    let begun = Instant::now();
    while !is_said(&process.said()) {
        sleep(Duration::from_millis(100)).await;
        assert!(
            begun.elapsed() < PATIENCE * 3,
            "{what} is not said: {}",
            process.said()
        );
    }
}

/// As if the disk had no room for more than so many bytes in a file.
fn set_largest_file(process: &Process, bytes: Option<u64>) {
    let pid = Pid::from_raw(process.child.id() as i32).expect("a process");
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(Some(pid), Resource::Fsize, limit).expect("limited");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_that_forwards_when_meters_hand_in_then_the_next_one_has_all_and_the_oracle_each_once(
) {
    let mut world = World::begin(2);
    let cluster = world.cluster();
    let mut measured = Measured::begin(&world, &cluster).await;
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let (first, second) = (free_port(), free_port());
    let next = format!("[forward]\nurl = \"http://127.0.0.1:{second}/\"\nonly = true");
    let url = world.url.to_string();
    let mut forwarding =
        world.gateway("first", first, &url, &format!("deliver = 'prompt'\n{next}"));
    let mut sending = world.gateway("second", second, &url, "deliver = 'page'");
    let mut meters = world.meters_at(first);
    world.set_speed(SPEED);
    let end = measured.end_of(1);
    wait_for(&mut measured, &cluster, end, &sending).await;
    world.set_speed(1);
    assert_eq!(meters.stop(), Some(0));
    assert_eq!(keeper.stop(), Some(0));
    assert_eq!(forwarding.stop(), Some(0), "{}", forwarding.said());
    assert_eq!(sending.stop(), Some(0), "{}", sending.said());
    assert!(
        !forwarding.said().contains("landed"),
        "{}",
        forwarding.said()
    );
    assert!(sending.said().contains("landed"), "{}", sending.said());
    measured.check(&cluster, end).await;
}
