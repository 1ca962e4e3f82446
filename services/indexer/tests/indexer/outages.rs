//! An indexer under failure: its database and its node go away and come back, and it is killed. Afterwards its rows are the chain's.
//!
//! `JOULEBOOK_OUTAGES` says how many there are.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use joulebook_daemon::config;
use joulebook_indexer::{run::run_until, store::Store, Configuration};
use sqlx::Row as _;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::{
    community::Village,
    databases::{self, Database},
    node::{Mood, Node},
    postgres::Server,
    rows,
};

/// How long the indexer may take to come to what the node tells.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an outage lasts, for the indexer to meet it.
const OUTAGE: Duration = Duration::from_millis(700);
/// Windows that go by in one: fewer than the ring has.
const WINDOWS: u32 = 3;

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
enum Outage {
    Node(Mood),
    Database,
    /// Both, the node first.
    Both,
    /// The indexer itself.
    Killed,
}

const OUTAGES: [Outage; 6] = [
    Outage::Node(Mood::Unavailable),
    Outage::Database,
    Outage::Killed,
    Outage::Node(Mood::Garbage),
    Outage::Both,
    Outage::Node(Mood::Silent),
];

fn outages() -> usize {
    let asked = std::env::var("JOULEBOOK_OUTAGES").ok();
    asked
        .and_then(|count| count.parse().ok())
        .unwrap_or(OUTAGES.len())
}

struct Scene {
    village: Village,
    node: Node,
    database: Database,
    store: Arc<Store>,
    server: Option<Server>,
    indexer: JoinHandle<Result<()>>,
    stop: CancellationToken,
}

impl Scene {
    async fn begin(database: Database, server: Option<Server>) -> Scene {
        let village = Village::found();
        let node = Node::start().await;
        node.show(&village.community);
        let stop = CancellationToken::new();
        let store = database.store().await;
        let mut scene = Scene {
            village,
            node,
            database,
            store,
            server,
            indexer: tokio::spawn(async { Ok(()) }),
            stop,
        };
        scene.start();
        scene
    }

    fn start(&mut self) {
        let text = format!(
            "database = {:?}\nmarkets = [{:?}]\npoll-ms = 20\nevents-poll-ms = 50\n\
             [cluster]\nurls = [{:?}]\ntimeout-ms = 500\nattempts = 2\n",
            self.database.address,
            self.village.community.addresses.market.to_string(),
            self.node.url,
        );
        let configuration: Configuration = config::parse(&text).expect("a configuration");
        let stop = self.stop.clone();
        self.indexer = tokio::spawn(async move {
            // Whoever was killed is gone at once from a file, and from a server once that has noticed.
            for _ in 0..50 {
                match run_until(configuration.clone(), stop.clone()).await {
                    Err(error) if error.to_string().contains("another indexer") => {
                        sleep(Duration::from_millis(100)).await;
                    }
                    ended => return ended,
                }
            }
            panic!("the one before does not end");
        });
    }

    /// Windows go by, and the node tells of them.
    fn pass(&mut self, windows: u32) {
        let node = self.node.clone();
        tokio::task::block_in_place(|| {
            for _ in 0..windows {
                self.village
                    .window(&mut |village| node.show(&village.community));
            }
        });
    }

    /// Until the database has what the node tells.
    async fn catch_up(&self) {
        let market = self.village.community.addresses.market.to_string();
        let wanted = i64::try_from(self.node.slot()).expect("fits");
        let begun = Instant::now();
        loop {
            let found = self.store.market(&market).await;
            let slot = found.ok().flatten().and_then(|market| market.slot);
            if slot.is_some_and(|slot| slot >= wanted) {
                return;
            }
            assert!(!self.indexer.is_finished(), "the indexer has ended");
            assert!(begun.elapsed() < PATIENCE, "{slot:?} of {wanted}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn begin_outage(&mut self, outage: Outage) {
        match outage {
            Outage::Node(mood) => self.node.set_mood(mood),
            Outage::Database => self.take_database().await,
            Outage::Both => {
                self.node.set_mood(Mood::Unavailable);
                self.take_database().await;
            }
            Outage::Killed => {
                self.indexer.abort();
                let _ = (&mut self.indexer).await;
            }
        }
    }

    async fn end_outage(&mut self, outage: Outage) {
        match outage {
            Outage::Node(_) => self.node.set_mood(Mood::Works),
            Outage::Database => self.give_database().await,
            Outage::Both => {
                self.give_database().await;
                sleep(OUTAGE).await;
                self.node.set_mood(Mood::Works);
            }
            Outage::Killed => self.start(),
        }
    }

    /// A server crashes; a file takes nothing any more, as on a disk that is full.
    async fn take_database(&self) {
        match &self.server {
            Some(server) => server.crash(),
            None => {
                let refuse = "CREATE TRIGGER no_room BEFORE UPDATE ON markets \
                    BEGIN SELECT RAISE(ABORT, 'no room'); END";
                self.database.execute(refuse).await;
            }
        }
    }

    async fn give_database(&self) {
        match &self.server {
            Some(server) => {
                server.begin();
                drop(server.connect().await);
            }
            None => self.database.execute("DROP TRIGGER no_room").await,
        }
    }

    /// The right to write ended with the server, and is taken again.
    async fn check_lease(&self) {
        let Some(server) = &self.server else { return };
        let mut connection = server.connect().await;
        let begun = Instant::now();
        loop {
            let select = "SELECT COUNT(*) AS locks FROM pg_locks WHERE locktype = 'advisory'";
            let row = sqlx::query(select).fetch_one(&mut connection).await;
            let locks: i64 = row.expect("an answer").try_get("locks").expect("a number");
            if locks > 0 {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "nobody has the right to write");
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn play(mut self) {
        self.pass(4);
        self.catch_up().await;
        for turn in 0..outages() {
            let outage = OUTAGES[turn % OUTAGES.len()];
            self.begin_outage(outage).await;
            self.pass(WINDOWS);
            sleep(OUTAGE).await;
            self.end_outage(outage).await;
            self.catch_up().await;
            self.pass(1);
            self.catch_up().await;
        }
        self.check_lease().await;
        let market = self.village.community.addresses.market.to_string();
        let market = self.store.market(&market).await.expect("read");
        let id = market.expect("it is there").id;
        rows::check(&self.store, id, &mut self.village).await;
        assert_eq!(self.store.gaps(id, 100).await.expect("read"), []);
        let traded = self.village.windows.values();
        assert!(traded.filter(|window| window.volume > 0).count() > 5);
        self.stop.cancel();
        let ended = timeout(PATIENCE, self.indexer).await.expect("it stops");
        ended.expect("unbroken").expect("a clean stop");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn given_a_file_and_a_node_that_go_away_when_they_are_back_then_rows_are_those_of_the_chain()
{
    Scene::begin(databases::file(), None).await.play().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn given_a_server_and_a_node_that_go_away_when_they_are_back_then_rows_are_those_of_the_chain(
) {
    let server = tokio::task::spawn_blocking(Server::start).await;
    let Some(server) = server.expect("a server, or none") else {
        return;
    };
    let database = databases::at(server.new_database().await);
    Scene::begin(database, Some(server)).await.play().await;
}
