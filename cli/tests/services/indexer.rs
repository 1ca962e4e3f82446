//! An indexer that is killed while windows go by: its rows are those of the chain afterwards.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jiff::{tz::TimeZone, Timestamp};
use joulebook_cluster::Cluster;
use joulebook_indexer::{
    changes::{changes, Changes, Known},
    indexing::read,
    store::{MarketId, Paging, Span, Store},
};
use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use serde_json::Value;
use tokio::time::sleep;

use crate::{observed::Observed, process::Process, seed, windows, world::World};

/// A window in six seconds.
const SPEED: u16 = 150;
/// Real time that a window may take before the run counts as stuck.
const PATIENCE: Duration = Duration::from_secs(20);
/// Rows of the meter table that are looked at: more than a sandbox has meters.
const METERS: i64 = 64;
pub const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000_000,
};

/// An indexer of a world, in a file.
pub struct Indexer {
    configuration: PathBuf,
    database: PathBuf,
    pub address: String,
}

impl Indexer {
    pub fn of(world: &World) -> Indexer {
        let folder = world.folder.path();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let indexer = Indexer {
            configuration: folder.join("indexer.toml"),
            database: folder.join("indexer.sqlite"),
            address,
        };
        let text = format!(
            "database = {:?}\nmarkets = [{:?}]\npoll-ms = 100\nevents-poll-ms = 200\n\
             [cluster]\nurls = [{:?}]\ntimeout-ms = 2000\n[http]\nlisten = {:?}\n",
            indexer.database,
            world.sandbox.market,
            world.url.as_str(),
            indexer.address,
        );
        std::fs::write(&indexer.configuration, text).expect("written");
        indexer
    }

    pub fn start(&self, world: &World) -> Process {
        let configuration = self.configuration.to_str().expect("a path");
        let arguments = ["indexer", "--config", configuration];
        Process::joulebook(world.folder.path(), "indexer", &arguments)
    }

    pub async fn ask(&self, path: &str) -> Option<Value> {
        let answer = reqwest::get(format!("http://{}{path}", self.address)).await;
        answer.ok()?.json().await.ok()
    }

    /// Waits until it has read everything, while nothing moves any more.
    pub async fn catch_up(&self, observed: &Observed, process: &Process) {
        let events = observed.state.ledger.header.events;
        let asked = Instant::now();
        loop {
            let state = self.ask("/v1/state").await;
            let state = state.as_ref().map(|state| &state["items"][0]);
            let is_there = state.is_some_and(|state| {
                state["next_event"].as_u64() == Some(events) && state["behind"].as_i64() == Some(0)
            });
            if is_there {
                break;
            }
            let patience = Duration::from_secs(90);
            assert!(
                asked.elapsed() < patience,
                "{state:?}, {events}: {}",
                process.said()
            );
            sleep(Duration::from_millis(300)).await;
        }
    }

    /// Its rows, once it has stopped.
    pub async fn rows(&self, world: &World) -> (Store, MarketId) {
        let database = self.database.to_str().expect("a path");
        let store = Store::open(database).await.expect("opened");
        let market = store.market(&world.sandbox.market).await.expect("read");
        (store, market.expect("it is there").id)
    }
}

/// All rows of the database are those of the accounts, and of the pages that stand there are no others.
pub async fn check(store: &Store, id: MarketId, said: &Changes) {
    let starts_of = |page: i64| {
        let windows = said.windows.iter().filter(move |at| at.page == page);
        windows.map(|window| window.start)
    };
    // From the first of its windows to the last; oracle's and market's pages are of the same time.
    let spans = said.pages.iter().map(|page| Span {
        since: page.start,
        until: starts_of(page.start)
            .max()
            .map_or(page.start, |last| last + 1),
    });
    let spans: Vec<Span> = spans.collect();
    let mut compared = 0;
    for span in spans {
        let windows = store.windows(id, span, EVERYTHING).await.expect("read");
        let windows: Vec<_> = windows.into_iter().map(|at| at.row).collect();
        assert_eq!(windows, within(&said.windows, span, |row| (row.start, 0)));
        let mut positions = vec![];
        for window in &windows {
            let found = store
                .positions_of_window(id, window.start, EVERYTHING)
                .await;
            positions.extend(found.expect("read").into_iter().map(|at| at.row));
        }
        let expected = within(&said.positions, span, |row| (row.start, row.seat));
        assert_eq!(positions, expected);
        let mut readings = vec![];
        for meter in 0..METERS {
            let found = store.readings(id, meter, span, EVERYTHING).await;
            readings.extend(found.expect("read").into_iter().map(|at| at.row));
        }
        readings.sort_by_key(|row| (row.start, row.meter));
        let expected = within(&said.readings, span, |row| (row.start, row.meter));
        assert_eq!(readings, expected);
        compared += windows.len() + positions.len() + readings.len();
    }
    // None was of another time.
    let all = said.windows.len() + said.positions.len() + said.readings.len();
    assert_eq!(compared, all);
    let seats = store.seats(id, EVERYTHING).await.expect("read");
    let seats: Vec<_> = seats.into_iter().map(|at| at.row).collect();
    assert_eq!(seats, said.seats);
    for book in &said.books {
        let orders = store.orders(id, book.start, (-1, -1), 1_000_000).await;
        let orders = orders.expect("read").into_iter().map(|at| at.row);
        let live: Vec<_> = orders.filter(|order| order.state != "cancelled").collect();
        assert_eq!(live, book.orders);
    }
    assert!(said.positions.len() > 20 && said.readings.len() > 20);
}

/// The rows whose windows or intervals start in a span, by their start and a second number.
fn within<R: Clone>(rows: &[R], span: Span, key: impl Fn(&R) -> (i64, i64)) -> Vec<R> {
    let is_within = |row: &&R| (span.since..span.until).contains(&key(row).0);
    let mut rows: Vec<R> = rows.iter().filter(is_within).cloned().collect();
    rows.sort_by_key(key);
    rows
}

/// What the accounts say.
pub async fn said(cluster: &Cluster, observed: &Observed) -> Changes {
    let view = read(cluster, &observed.addresses).await.expect("read");
    changes(None, &Known::default(), &view).expect("fits")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_indexer_that_is_killed_when_windows_pass_then_it_says_what_the_chain_says() {
    let (seed, wanted) = (seed(), windows(12));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut world = World::begin(4);
    let cluster = world.cluster();
    let mut observed = Observed::begin(&cluster, &world.sandbox).await;
    let indexer = Indexer::of(&world);
    let mut process = indexer.start(&world);
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "prompt");
    let _meters = world.meters();
    world.set_speed(SPEED);
    let begun = Instant::now();
    let mut kills = 0;
    // Until the first page of meters is over.
    let service = world.sandbox.households[0].meters[0].service_from;
    let page = observed.addresses.page_seconds();
    while observed.allocated().len() < wanted || observed.now < service + page + 900 {
        let rest = Duration::from_millis(u64::from(200 + chance.next_u32() % 2_500));
        sleep(rest).await;
        process.kill();
        kills += 1;
        process = indexer.start(&world);
        observed.look(&cluster).await;
        let patience = PATIENCE * u32::try_from(wanted).expect("few") + PATIENCE * 4;
        assert!(begun.elapsed() < patience, "{}", process.said());
    }
    // Nothing moves any more.
    world.set_speed(1);
    loop {
        sleep(Duration::from_millis(500)).await;
        observed.look(&cluster).await;
        if observed.left().is_empty() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE * 60, "{}", keeper.said());
    }
    assert_eq!(keeper.stop(), Some(0));
    observed.look(&cluster).await;
    indexer.catch_up(&observed, &process).await;
    let base = format!("/v1/markets/{}", world.sandbox.market);
    let conserved = indexer
        .ask(&format!("{base}/conservation"))
        .await
        .expect("an answer");
    assert_eq!(conserved["holds"], true, "{conserved}");
    let gaps = indexer
        .ask(&format!("{base}/gaps"))
        .await
        .expect("an answer");
    assert_eq!(gaps["items"], serde_json::json!([]), "{}", process.said());
    let movements = indexer.ask(&format!("{base}/movements?limit=1000")).await;
    let movements = movements.expect("an answer");
    let deposits = movements["items"].as_array().expect("items").iter();
    let deposits = deposits.filter(|one| one["kind"] == "deposited").count();
    assert!(deposits > 4, "{movements}");
    let expected = said(&cluster, &observed).await;
    check_proof(&world, &indexer, service).await;
    assert_eq!(process.stop(), Some(0), "{}", process.said());
    let (store, id) = indexer.rows(&world).await;
    check(&store, id, &expected).await;
    println!("{} windows, {kills} kills", observed.allocated().len());
}

/// What is proven from the chain alone is what the indexer says.
async fn check_proof(world: &World, indexer: &Indexer, service: i64) {
    let time = Timestamp::from_second(service).expect("a time");
    let month = time.to_zoned(TimeZone::UTC).strftime("%Y-%m").to_string();
    for household in &world.sandbox.households {
        let wallet = &household.address;
        let output = Command::new(env!("CARGO_BIN_EXE_joulebook"))
            .args(["prove-bill", "--url", world.url.as_str(), "--market"])
            .args([
                &world.sandbox.market,
                "--household",
                wallet,
                "--month",
                &month,
            ])
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let line = said.lines().find(|line| line.starts_with("in all"));
        let proven = line.and_then(|line| line.split_whitespace().last());
        let path = format!(
            "/v1/markets/{}/bills?month={month}&household={wallet}",
            world.sandbox.market
        );
        let bills = indexer.ask(&path).await.expect("an answer");
        let total = bills["items"][0]["total"]["milli_atoms"].to_string();
        assert_eq!(proven, Some(total.as_str()), "{said}\n{bills}");
        // Lines are broken where a terminal ends.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let count_before = |words: &str| {
            let (before, _) = said.split_once(words)?;
            before
                .split(' ')
                .rfind(|word| !word.is_empty())?
                .parse()
                .ok()
        };
        let signed: Option<u64> = count_before("proven by the device");
        assert!(signed.is_some_and(|signed| signed > 0), "{said}");
        for wrong in ["without a signature that is kept", "against a signature"] {
            assert_eq!(count_before(wrong), Some(0), "{wrong}: {said}");
        }
    }
}
