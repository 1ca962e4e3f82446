//! A gateway at endpoints that say wrong things: nothing that was kept is lost by one answer.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use joulebook_client::{tables::IntervalPageTable, ORACLE_ID};
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_daemon::{fees::DailyFees, key, key::KeySource, observe::Health};
use joulebook_gateway::{
    adapter::Sign, chain_clock::ChainClock, decision::Deliver, delivery::Delivery,
    device::DeviceKeySource, intake::Intake, message::Key, seen::Seen,
};
use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use solana_address::Address;
use tokio::{
    io::AsyncWriteExt,
    sync::{broadcast, watch, Semaphore},
    time::{sleep, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::{
    adapters::{start_at, telegram},
    node::Node,
    village::{Village, LENGTH, PAGE},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A gateway that looks at a node, which shows the village.
struct Looking {
    village: Village,
    node: Node,
    health: Health,
    seen: watch::Receiver<Option<Seen>>,
    stop: CancellationToken,
}

impl Looking {
    async fn begin(village: Village) -> Looking {
        let node = Node::start(village.community.parameters.cluster).await;
        let looking = Looking {
            health: Health::default(),
            seen: watch::channel(None).1,
            stop: CancellationToken::new(),
            village,
            node,
        };
        looking.show();
        looking
    }

    /// The node shows the village as it is now.
    fn show(&self) {
        let community = &self.village.community;
        let addresses = &community.addresses;
        let pages = (0..addresses.pages).map(|slot| addresses.interval_page_slot(slot));
        let table = addresses.meter_table;
        self.node.show(&community.chain, pages.chain([table]));
    }

    /// Begins to deliver; `sends` is whether it sends transactions, and `fees` what it may pay, lamports.
    fn deliver(&mut self, sends: bool, fees: u64) {
        let community = &self.village.community;
        let cluster = || {
            let options = ClusterOptions {
                attempts: 1,
                confirmation_poll_ms: 10,
                ..ClusterOptions::of(self.node.url.clone())
            };
            Cluster::new(options).expect("an endpoint")
        };
        let (to_see, seen) = watch::channel(None);
        self.seen = seen;
        let delivery = Delivery {
            cluster: Arc::new(cluster()),
            endpoints: vec![cluster()],
            clock: ChainClock::new(&community.parameters.cluster, None),
            key: Arc::new(self.village.payer.insecure_clone()),
            store: Arc::clone(&self.village.store),
            addresses: community.addresses.clone(),
            binding: community.binding(),
            market: vec![],
            policy: self.village.policy,
            poll: Duration::from_millis(20),
            sends,
            seen: to_see,
            fates: broadcast::channel(100).0,
            health: self.health.clone(),
            stop: self.stop.clone(),
            rests: Mutex::default(),
            violations: Mutex::default(),
            fees: Mutex::new(DailyFees::new(fees)),
        };
        tokio::spawn(delivery.deliver());
    }

    async fn wait_for(&self, what: &str, holds: impl Fn(&Looking) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            let report = self.health.report();
            assert!(begun.elapsed() < PATIENCE, "{what}: {report:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn now(&self) -> Option<i64> {
        let seen = self.seen.borrow();
        seen.as_ref().map(|seen| seen.view.now.0)
    }

    fn trouble(&self) -> String {
        let report = self.health.report();
        report.parts.get("delivery").cloned().unwrap_or_default()
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_messages_that_wait_when_one_look_says_a_year_later_then_they_wait_still() {
    let mut village = Village::new(2);
    let page = village.service();
    village.pass_until(page + LENGTH);
    village.policy.deliver = Deliver::Page;
    let keys: Vec<Key> = (0..2)
        .map(|household| {
            let signed = village.reading(household, page + LENGTH);
            village.put(signed).0
        })
        .collect();
    let mut looking = Looking::begin(village).await;
    looking.deliver(false, 0);
    let now = page + LENGTH;
    looking
        .wait_for("it looks", |all| all.now() == Some(now))
        .await;
    looking.node.set_time(now + 365 * 86_400);
    looking
        .wait_for("it says so", |all| all.trouble().contains("chain's clock"))
        .await;
    looking.node.set_time(now + 1);
    looking
        .wait_for("it goes on", |all| all.now() == Some(now + 1))
        .await;
    let waiting = looking.village.store.all_waiting();
    assert_eq!(waiting.into_keys().collect::<Vec<Key>>(), keys);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_known_boundaries_when_one_look_says_a_year_later_then_they_stay_and_the_next_is_decided(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + 2 * LENGTH - 10);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("meter.json");
    key::write_new(&path, &village.device(0).key).expect("written");
    let number = village.number(0);
    let known = Registers {
        import: WhSum(1),
        export: WhSum(0),
    };
    let store = Arc::clone(&village.store);
    store.know(number, &[(page + LENGTH, known)]).expect("kept");
    let mut looking = Looking::begin(village).await;
    looking.deliver(false, 0);
    let intake = Intake {
        store: Arc::clone(&store),
        seen: looking.seen.clone(),
        addresses: looking.village.community.addresses.clone(),
        ahead: 60,
        forwards: false,
        fates: broadcast::channel(10).0,
        room: Arc::new(Semaphore::new(1)),
    };
    let key = DeviceKeySource::Ed25519(KeySource::File(path));
    let (mut meter, _line, _stop) = start_at(number, &key, &intake, Sign::Profile).await;
    let now = page + 2 * LENGTH - 10;
    looking
        .wait_for("it looks", |all| all.now() == Some(now))
        .await;
    meter.write_all(&telegram(10, 0)).await.expect("told");
    looking.node.set_time(now + 365 * 86_400);
    looking
        .wait_for("it says so", |all| all.trouble().contains("chain's clock"))
        .await;
    // Adapters look every second.
    sleep(Duration::from_millis(1_500)).await;
    looking.node.set_time(now + 9);
    meter.write_all(&telegram(11, 0)).await.expect("told");
    sleep(Duration::from_millis(300)).await;
    looking.node.set_time(now + 10);
    let boundaries = || {
        let known = store.known(number).expect("read");
        known.into_keys().collect::<Vec<i64>>()
    };
    let both = [page + LENGTH, page + 2 * LENGTH];
    looking
        .wait_for("the next boundary", |_| boundaries() == both)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_page_that_is_wrong_once_when_the_truth_is_read_then_the_message_is_sent() {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let signed = village.profile(0, page, &[(1, 0), (2, 0), (3, 0), (4, 0)]);
    let (key, _) = village.put(signed.clone());
    let mut looking = Looking::begin(village).await;
    // As if the oracle had it.
    let profile = looking.village.message(signed).as_profile();
    let submitted = looking
        .village
        .community
        .submit_profiles(page, vec![profile.expect("a profile")]);
    submitted.expect("heard");
    let address = looking.village.community.addresses.interval_page(page);
    let truth = looking.node.data(&address);
    let meters = looking.village.community.addresses.meter_table;
    let table = looking.node.data(&meters);
    looking.show();
    looking.deliver(true, u64::MAX);
    looking
        .wait_for("it looks", |all| all.now().is_some())
        .await;
    sleep(Duration::from_millis(300)).await;
    assert!(looking.village.store.waits(&key));
    assert_eq!(looking.node.tried(), 0);
    looking.node.show_account(address, ORACLE_ID, truth);
    looking.node.show_account(meters, ORACLE_ID, table);
    looking
        .wait_for("it is sent", |all| all.node.sent() > 0)
        .await;
    assert!(looking.village.store.waits(&key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_page_that_is_another_program_s_when_it_says_that_a_message_is_known_then_it_is_sent_nowhere_and_waits(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + PAGE);
    let signed = village.profile(0, page, &[(1, 0), (2, 0), (3, 0), (4, 0)]);
    let (key, _) = village.put(signed);
    let mut looking = Looking::begin(village).await;
    let address = looking.village.community.addresses.interval_page(page);
    let data = looking.node.data(&address);
    assert!(IntervalPageTable::from_bytes(&data).is_ok());
    looking
        .node
        .show_account(address, Address::new_from_array([5; 32]), data);
    looking.deliver(true, u64::MAX);
    looking
        .wait_for("it looks", |all| all.now().is_some())
        .await;
    sleep(Duration::from_millis(300)).await;
    assert!(looking.village.store.waits(&key));
    assert_eq!(looking.node.tried(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_endpoint_that_says_each_time_that_a_transaction_is_lost_when_a_day_s_fees_are_used_up_then_nothing_is_sent(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let signed = village.reading(0, page + LENGTH);
    let (key, _) = village.put(signed);
    let mut looking = Looking::begin(village).await;
    looking.node.set_height(1_000_000);
    looking.deliver(true, 12_000);
    looking
        .wait_for("it says so", |all| all.trouble().contains("daily-fees"))
        .await;
    assert!(looking.village.store.waits(&key));
    let sent = looking.node.sent();
    assert!(sent >= 2, "two transactions of 5,000 lamports: {sent}");
    sleep(Duration::from_millis(300)).await;
    assert_eq!(looking.node.sent(), sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_next_gateway_that_alone_sends_and_has_lost_a_message_when_its_page_is_about_to_close_then_it_is_told_again(
) {
    let mut village = Village::new(1);
    let page = village.service();
    village.pass_until(page + LENGTH);
    let signed = village.reading(0, page + LENGTH);
    let message = village.message(signed);
    let store = Arc::clone(&village.store);
    let message = std::slice::from_ref(&message);
    store.put(message, page + LENGTH, true).expect("kept");
    let key = message[0].key();
    store.have_forwarded(&[key]).expect("noted");
    let mut looking = Looking::begin(village).await;
    looking.deliver(false, 0);
    looking
        .wait_for("it looks", |all| all.now().is_some())
        .await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(store.counts(), (1, 0));
    let reading = i64::from(looking.village.community.parameters.reading_seconds);
    let margin = looking.village.policy.margin;
    looking.village.pass_until(page + PAGE + reading - margin);
    looking.show();
    looking
        .wait_for("it is told again", |_| store.counts() == (1, 1))
        .await;
    assert_eq!(looking.node.tried(), 0);
}
