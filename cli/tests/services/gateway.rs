//! A gateway that is killed, and what it brings to the oracle.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    time::{Duration, Instant},
};

use joulebook_client::{
    layout::oracle::{Meter, Quality},
    tables::{IntervalPageTable, MeterRecords},
    Addresses,
};
use joulebook_cluster::Cluster;
use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use solana_address::Address;
use tokio::time::sleep;

use crate::{observed::Observed, proxy, replay, seed, windows, world::World};

const LENGTH: i64 = 900;
/// A window in three seconds.
const SPEED: u16 = 300;
const PATIENCE: Duration = Duration::from_secs(20);

/// What the oracle has measured: import and export, Wh, by meter and start.
type Measured = BTreeMap<(u32, i64), (u32, u32)>;
/// What flowed through a meter: likewise, by start.
type Flows = BTreeMap<i64, (u32, u32)>;

/// Adds what the oracle's pages hold now.
async fn look(cluster: &Cluster, addresses: &Addresses, measured: &mut Measured) {
    let slots: Vec<Address> = (0..addresses.pages)
        .map(|slot| addresses.interval_page_slot(slot))
        .collect();
    let read = cluster.accounts(&slots).await.expect("the pages");
    let table = table(cluster, addresses).await;
    for data in read.all_data() {
        let Ok(page) = IntervalPageTable::from_bytes(data) else {
            continue;
        };
        for (row, meter) in (0..table.header.count).zip(&table.meters) {
            let number = meter.number(row);
            for interval in 0..page.header.intervals {
                let start = page.header.start + i64::from(interval) * LENGTH;
                let entry = page.entry(number, interval).expect("room for all meters");
                if entry.is(Quality::Measured) {
                    let flow = (entry.import().0, entry.export().0);
                    measured.insert((number, start), flow);
                }
            }
        }
    }
}

async fn table(cluster: &Cluster, addresses: &Addresses) -> MeterRecords {
    let account = cluster.account(addresses.meter_table).await;
    let account = account.expect("read").expect("the meter table");
    MeterRecords::from_bytes(&account.data).expect("a meter table")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_that_is_killed_when_meters_hand_in_then_each_profile_is_in_the_oracle_once(
) {
    let (seed, wanted) = (seed(), windows(17));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut world = World::begin(5);
    let cluster = world.cluster();
    let proxy = proxy::start(&world.url, seed + 7).await;
    let observed = Observed::begin(&cluster, &world.sandbox).await;
    let addresses = observed.addresses;
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let port = free_port();
    let start = |world: &World| world.gateway("gateway", port, proxy.as_str(), "deliver = 'page'");
    let mut gateway = start(&world);
    let mut meters = world.meters_at(port);
    world.set_speed(SPEED);

    let service = world.sandbox.households[0].meters[0].service_from;
    let page = addresses.page_seconds();
    let pages = (wanted as i64 * LENGTH + page - 1) / page;
    let end = service + pages * page;
    let meters_of: Vec<(u32, Flows)> = world
        .sandbox
        .households
        .iter()
        .map(|household| {
            let flows = replay::flows_of(&world, &household.name);
            (household.meters[0].number, flows)
        })
        .collect();
    let begun = Instant::now();
    let mut measured = Measured::new();
    let mut kills = 0;
    let is_whole = |measured: &Measured| {
        let mut starts = (service..end).step_by(LENGTH as usize);
        starts.all(|start| {
            let mut meters = meters_of.iter();
            meters.all(|(meter, _)| measured.contains_key(&(*meter, start)))
        })
    };
    while !is_whole(&measured) {
        let pause = 200 + u64::from(chance.next_u32() % 2_300);
        sleep(Duration::from_millis(pause)).await;
        gateway.kill();
        kills += 1;
        gateway = start(&world);
        look(&cluster, &addresses, &mut measured).await;
        let patience = PATIENCE * (wanted as u32 + 4);
        assert!(
            begun.elapsed() < patience,
            "{} of {} values after {kills} kills: {}",
            measured.len(),
            pages * page / LENGTH * meters_of.len() as i64,
            gateway.said()
        );
    }
    world.set_speed(1);
    assert_eq!(meters.stop(), Some(0));
    assert_eq!(keeper.stop(), Some(0));
    for (meter, flows) in &meters_of {
        for start in (service..end).step_by(LENGTH as usize) {
            let flow = flows.get(&start).copied().unwrap_or_default();
            assert_eq!(measured[&(*meter, start)], flow, "meter {meter} at {start}");
        }
    }
    // Registers count each Wh once.
    let table = table(&cluster, &addresses).await;
    for (meter, flows) in &meters_of {
        let row: &Meter = table.meter(*meter).expect("a meter");
        let told = flows.range(service..row.boundary);
        let sum = told.fold((0, 0), |sum: (u64, u64), (_, flow)| {
            (sum.0 + u64::from(flow.0), sum.1 + u64::from(flow.1))
        });
        assert_eq!((row.import, row.export), sum, "meter {meter}");
    }
    println!("{} values of {pages} pages, {kills} kills", measured.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_gateway_that_forwards_when_meters_hand_in_then_the_next_one_has_all_and_the_oracle_each_once(
) {
    let mut world = World::begin(2);
    let cluster = world.cluster();
    let addresses = Observed::begin(&cluster, &world.sandbox).await.addresses;
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let (first, second) = (free_port(), free_port());
    let next = format!("[forward]\nurl = \"http://127.0.0.1:{second}/\"\nonly = true");
    let url = world.url.to_string();
    let mut forwarding =
        world.gateway("first", first, &url, &format!("deliver = 'prompt'\n{next}"));
    let mut sending = world.gateway("second", second, &url, "deliver = 'page'");
    let mut meters = world.meters_at(first);
    world.set_speed(SPEED);
    let service = world.sandbox.households[0].meters[0].service_from;
    let end = service + addresses.page_seconds();
    let numbers: Vec<u32> = world
        .sandbox
        .households
        .iter()
        .map(|household| household.meters[0].number)
        .collect();
    let begun = Instant::now();
    let mut measured = Measured::new();
    while numbers
        .iter()
        .any(|meter| !measured.contains_key(&(*meter, end - LENGTH)))
    {
        sleep(Duration::from_millis(300)).await;
        look(&cluster, &addresses, &mut measured).await;
        assert!(
            begun.elapsed() < PATIENCE * 5,
            "{}\n{}",
            forwarding.said(),
            sending.said()
        );
    }
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
}
