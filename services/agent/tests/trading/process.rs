//! An agent as it runs, at a node that may lie.

#![allow(
    clippy::await_holding_lock,
    reason = "each guard is dropped by name before; the lint goes by scopes"
)]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use joulebook_agent::{
    measured::Values,
    store::{Intent, Store},
    tables::{Keeping, Table},
    Configuration,
};
use joulebook_client::{
    layout::market::{DelegateBounds, LimitKind, StandingRule},
    market::types::StandingEntry,
    order_packing::table_addresses,
};
use joulebook_cluster::{Account, Cluster, ClusterOptions};
use joulebook_daemon::config;
use joulebook_units::MILLI_ATOMS_PER_ATOM;
use solana_address::Address;
use solana_signature::Signature;
use solana_signer::Signer;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    node::{Inner, Node},
    scene::{past, Scene, DAILY_LIMIT, LENGTH},
};

/// How long something may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An agent that runs until it is dropped.
struct Process {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended.
            let _ = stop.send(());
        }
        let ended = self.thread.take().map(JoinHandle::join);
        // What went wrong first is what is told.
        assert!(std::thread::panicking() || ended.is_none_or(|ended| ended.is_ok()));
    }
}

/// A node, and a folder for an agent's key and store.
struct Place {
    node: Node,
    folder: TempDir,
}

impl Place {
    async fn with(mut scene: Scene) -> Place {
        let svm = std::mem::take(&mut scene.community.chain.svm);
        scene.community.chain.svm = svm.with_blockhash_check(false);
        let folder = tempfile::tempdir().expect("a folder");
        let mut key = fs::OpenOptions::new();
        let key = key.write(true).create_new(true).mode(0o600);
        let key = key.open(folder.path().join("key.json")).expect("a file");
        let bytes = scene.delegate.to_bytes().to_vec();
        serde_json::to_writer(key, &bytes).expect("written");
        Place {
            node: Node::before(scene).await,
            folder,
        }
    }

    fn store_path(&self) -> PathBuf {
        self.folder.path().join("agent.redb")
    }

    fn store(&self) -> Store {
        let market = self.node.inner().scene.community.addresses.market;
        Store::open(&self.store_path(), &market).expect("opened")
    }

    /// Has the store know what meters showed in the last days.
    fn remember(&self) {
        let inner = self.node.inner();
        let now = inner.scene.community.chain.now();
        let past = past(&inner.scene.community, now);
        drop(inner);
        let values: BTreeMap<Address, Vec<(i64, i64)>> = past
            .into_iter()
            .map(|(owner, values)| (owner, values.0.into_iter().collect()))
            .collect();
        self.store().keep_values(&values, 0).expect("kept");
    }

    /// Starts an agent, with this in its configuration beside what it needs.
    fn start(&self, more: &str) -> Process {
        let text = format!(
            "key = {:?}\nmarket = {:?}\nstore = {:?}\npoll-ms = 20\nlookup-table = false\n\
             only-listed = false\n{more}\n\
             [cluster]\nurls = [{:?}]\ntimeout-ms = 2000\nattempts = 2\nconfirmation-poll-ms = 10\n",
            self.folder.path().join("key.json"),
            self.node.inner().scene.community.addresses.market.to_string(),
            self.store_path(),
            self.node.url,
        );
        let configuration: Configuration = config::parse(&text).expect("a configuration");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                tokio::select! {
                    ended = joulebook_agent::run(configuration) => ended.expect("it runs"),
                    _ = stopped => {}
                }
            });
        });
        Process {
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Waits until it is so.
    async fn until(&self, what: &str, is_so: impl Fn(&mut Inner) -> bool) {
        let begun = Instant::now();
        while !is_so(&mut self.node.inner()) {
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Bids that are worth any fee, and no standing orders.
const BIDS: &str = "sol-price = 0.0\nstanding-orders = false\n";
/// Seconds before the gate, by default.
const LAST_LOOK: i64 = 240;
/// Fees that no bid is worth.
const STANDING: &str = "sol-price = 1e12\n";

fn orders_of(inner: &Inner, place: usize, start: i64) -> usize {
    let seat = inner.scene.community.households[place].seat;
    let book = inner.scene.community.book(start);
    let orders = book.live_orders();
    orders.filter(|(_, order)| order.seat == seat).count()
}

fn rules_of(inner: &Inner, place: usize) -> Vec<StandingRule> {
    let view = inner.scene.view();
    let index = inner.scene.community.households[place].seat;
    let seat = inner.scene.community.seat(place);
    let standing = view.standing(index, &seat);
    let rows = standing.row.into_iter();
    let orders: Vec<_> = rows.flat_map(|row| row.orders).collect();
    let entered = standing.by_delegate.iter();
    entered
        .map(|place| orders[usize::from(*place)].rule)
        .collect()
}

/// Two households and a window in which they traded with each other: what standing orders would have brought is known.
fn traded() -> Scene {
    let mut scene = Scene::new(2, 0);
    scene.trade();
    scene
}

fn withdraw_all(scene: &mut Scene, place: usize) {
    let atoms = scene.community.seat(place).free / MILLI_ATOMS_PER_ATOM;
    scene.community.withdraw(place, atoms).expect("withdrawn");
}

#[tokio::test]
async fn given_two_seats_in_a_batch_when_one_withdraws_after_the_trial_then_the_other_s_orders_are_in_the_book(
) {
    let place = Place::with(Scene::new(3, 0)).await;
    place.remember();
    let start = place.node.inner().scene.start;
    // The first look is due.
    place.node.inner().after_trial = Some(Box::new(|scene| withdraw_all(scene, 0)));
    let _agent = place.start(&format!("{BIDS}first-look-seconds = 7200\n"));
    place
        .until("the others have ordered", |inner| {
            orders_of(inner, 1, start) > 0 && orders_of(inner, 2, start) > 0
        })
        .await;
    let inner = place.node.inner();
    assert_eq!(orders_of(&inner, 0, start), 0);
    // All three together; what follows is tried out and refused, where it is that seat's.
    assert_eq!(inner.failed(), 1);
    assert!(inner.scene.community.chain.now() < start - 180);
}

#[tokio::test]
async fn given_a_seat_whose_orders_landed_and_failed_when_it_is_looked_at_again_then_it_rests() {
    let place = Place::with(Scene::new(2, 1)).await;
    place.remember();
    let start = place.node.inner().scene.start;
    place.node.inner().after_trial = Some(Box::new(|scene| withdraw_all(scene, 1)));
    let _agent = place.start(&format!("{BIDS}first-look-seconds = 7200\n"));
    place.until("it failed", |inner| inner.failed() == 1).await;
    // It would be worth another try.
    let mut inner = place.node.inner();
    inner.scene.community.deposit(1, 50_000_000).expect("money");
    drop(inner);
    for _ in 0..3 {
        let mut inner = place.node.inner();
        let later = inner.scene.community.chain.now() + 50;
        inner.scene.community.pass_until(later);
        drop(inner);
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }
    let inner = place.node.inner();
    assert_eq!((inner.landed(), orders_of(&inner, 1, start)), (1, 0));
}

#[tokio::test]
async fn given_two_windows_due_at_once_when_an_agent_orders_then_both_together_keep_to_the_daily_lock(
) {
    let mut scene = Scene::open_for(2, 1_800);
    let next = scene.start + LENGTH;
    scene.community.open_window(next).expect("opened");
    // Half of what one window's orders lock, and as much again.
    let locks: u64 = scene.plan().locks.values().copied().max().expect("orders");
    let daily = locks * 3 / 2 / MILLI_ATOMS_PER_ATOM;
    let start = scene.start;
    let place = Place::with(scene).await;
    place.remember();
    let _agent = place.start(&format!(
        "{BIDS}first-look-seconds = 7200\n[limits]\ndaily-lock = {daily}\n"
    ));
    place
        .until("both windows have orders", |inner| {
            orders_of(inner, 1, start) > 0 && orders_of(inner, 1, next) > 0
        })
        .await;
    let inner = place.node.inner();
    for household in 0..2 {
        let locked = inner.scene.community.seat(household).delegate_locked;
        assert!(locked <= daily * MILLI_ATOMS_PER_ATOM, "{locked}");
    }
}

#[tokio::test]
async fn given_bounds_that_have_changed_when_an_agent_looks_then_its_rules_are_reviewed_at_once() {
    let place = Place::with(traded()).await;
    place.remember();
    let _agent = place.start(&format!("{STANDING}first-look-seconds = 7200\n"));
    place
        .until("rules of both", |inner| {
            (0..2).all(|household| !rules_of(inner, household).is_empty())
        })
        .await;
    let entered = rules_of(&place.node.inner(), 0);
    // One with a price of its own in the place of the first, as nobody but the delegate can enter it.
    let fixed = StandingRule {
        limit_kind: LimitKind::Fixed as u8,
        limit: 280_000,
        ..entered[0]
    };
    let mut inner = place.node.inner();
    let view = inner.scene.view();
    let seat = inner.scene.community.seat(0);
    let index = inner.scene.community.households[0].seat;
    let first = view.standing(index, &seat).by_delegate[0];
    let entry = StandingEntry {
        place: first,
        rule: Some(fixed),
    };
    let delegate = inner.scene.delegate.insecure_clone();
    let community = &mut inner.scene.community;
    let enter = community.enter_standing_orders_by(&delegate, 0, vec![entry]);
    enter.expect("entered");
    inner.open_next();
    let landed = inner.landed();
    drop(inner);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut inner = place.node.inner();
    assert_eq!(inner.landed(), landed, "a week is not over");
    let bounds = DelegateBounds {
        highest_buy: 250_000,
        ..DelegateBounds::of_a_day(DAILY_LIMIT)
    };
    inner.scene.name(0, bounds);
    inner.open_next();
    drop(inner);
    place
        .until("it is entered anew", |inner| {
            let rules = rules_of(inner, 0);
            rules.iter().all(|rule| rule.limit_kind != fixed.limit_kind)
        })
        .await;
}

#[tokio::test]
async fn given_something_that_may_yet_land_when_a_review_is_due_then_nothing_is_entered() {
    let place = Place::with(traded()).await;
    place.remember();
    let inner = place.node.inner();
    let seat = inner.scene.community.households[0].seat;
    let intent = Intent {
        start: Some(inner.scene.start),
        at: inner.scene.community.chain.now(),
        last_valid: inner.height() + 10_000,
        seats: vec![seat],
        fee: 5_000,
    };
    drop(inner);
    let signature = Signature::from([7; 64]);
    place.store().intend(&signature, &intent).expect("noted");
    let _agent = place.start(&format!("{STANDING}first-look-seconds = 7200\n"));
    place
        .until("the other's rules", |inner| !rules_of(inner, 1).is_empty())
        .await;
    assert_eq!(rules_of(&place.node.inner(), 0), []);
    // It can't land any more.
    let mut inner = place.node.inner();
    inner.pass_blocks(20_000);
    inner.open_next();
    drop(inner);
    place
        .until("its rules", |inner| !rules_of(inner, 0).is_empty())
        .await;
}

#[tokio::test]
async fn given_rules_of_which_nobody_says_whether_they_landed_when_an_agent_looks_then_it_does_not_bid(
) {
    let place = Place::with(traded()).await;
    place.remember();
    let start = place.node.inner().scene.start;
    place.node.inner().swallows = true;
    let agent = place.start(&format!("{STANDING}first-look-seconds = 7200\n"));
    place
        .until("rules are sent", |inner| !inner.swallowed.is_empty())
        .await;
    drop(agent);
    let intents = place.store().intents().expect("read");
    let doubted: Vec<u16> = intents.into_iter().flat_map(|(_, one)| one.seats).collect();
    assert!(!doubted.is_empty());
    // Another, to which bids are worth it.
    place.node.inner().swallows = false;
    let _agent = place.start("sol-price = 0.0\nfirst-look-seconds = 7200\n");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut inner = place.node.inner();
    let seats = inner.scene.community.households.iter().map(|one| one.seat);
    let household = seats.clone().position(|seat| doubted.contains(&seat));
    let household = household.expect("one of them");
    assert_eq!(rules_of(&inner, household), []);
    inner.land_swallowed();
    assert_ne!(rules_of(&inner, household), [], "they landed");
    assert_eq!(orders_of(&inner, household, start), 0);
}

#[tokio::test]
async fn given_a_gate_that_closes_after_the_trial_when_an_agent_orders_then_it_goes_on_with_the_next_window(
) {
    let place = Place::with(Scene::new(3, 0)).await;
    place.remember();
    let start = place.node.inner().scene.start;
    place.node.inner().after_trial = Some(Box::new(move |scene| {
        scene.community.pass_until(start);
        scene.community.keep().expect("kept");
    }));
    let _agent = place.start(&format!("{BIDS}first-look-seconds = 7200\n"));
    place.until("it failed", |inner| inner.failed() == 1).await;
    let next = start + LENGTH;
    place
        .until("all have ordered in the next window", |inner| {
            (0..3).all(|household| orders_of(inner, household, next) > 0)
        })
        .await;
    assert_eq!(place.node.inner().failed(), 1, "no other came too late");
}

#[tokio::test]
async fn given_an_agent_whose_wallet_is_empty_when_it_gets_lamports_then_it_orders() {
    let place = Place::with(Scene::new(2, 0)).await;
    place.remember();
    let (start, wallet) = {
        let inner = place.node.inner();
        (inner.scene.start, inner.scene.delegate.pubkey())
    };
    let set = |lamports: u64| {
        let account = Account {
            lamports,
            ..Account::default()
        };
        let mut inner = place.node.inner();
        let set = inner.scene.community.chain.svm.set_account(wallet, account);
        set.expect("set");
    };
    set(0);
    let _agent = place.start(&format!("{BIDS}first-look-seconds = 7200\n"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let inner = place.node.inner();
    assert_eq!((inner.landed(), orders_of(&inner, 0, start)), (0, 0));
    drop(inner);
    set(1_000_000_000);
    // What failed is tried again with the window's last look.
    let gate = start - 180;
    let mut inner = place.node.inner();
    inner.scene.community.pass_until(gate - LAST_LOOK + 1);
    drop(inner);
    place
        .until("they have ordered", |inner| {
            (0..2).all(|household| orders_of(inner, household, start) > 0)
        })
        .await;
}

#[tokio::test]
async fn given_a_clock_far_ahead_when_it_is_right_again_then_the_agent_goes_on_as_if_nothing_had_been(
) {
    let place = Place::with(traded()).await;
    place.remember();
    let before = place.store().values().expect("read");
    // Ten years.
    place.node.inner().ahead = 3_650 * 86_400;
    let agent = place.start(&format!("{STANDING}first-look-seconds = 7200\n"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    place.node.inner().ahead = 0;
    place
        .until("rules", |inner| !rules_of(inner, 0).is_empty())
        .await;
    // Until it has heard of all that it sent.
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(agent);
    let after = place.store().values().expect("read");
    for (owner, Values(values)) in &before {
        assert!(values
            .iter()
            .all(|(start, net)| after[owner].0.get(start) == Some(net)));
    }
    assert_eq!(place.store().intents().expect("read"), []);
}

#[tokio::test]
async fn given_an_endpoint_that_denies_the_lookup_table_when_it_is_kept_then_no_other_is_made() {
    let place = Place::with(Scene::new(3, 0)).await;
    let cluster = Cluster::new(ClusterOptions {
        attempts: 2,
        confirmation_poll_ms: 10,
        ..ClusterOptions::of(place.node.url.parse().expect("an address"))
    })
    .expect("an endpoint");
    let (key, wanted) = {
        let inner = place.node.inner();
        let community = &inner.scene.community;
        let households = community.households.iter();
        let owners: Vec<Address> = households.map(|one| one.address()).collect();
        let wanted = table_addresses(&community.addresses, &owners);
        (inner.scene.delegate.insecure_clone(), wanted)
    };
    let store = place.store();
    let keeping = Keeping {
        cluster: &cluster,
        key: &key,
        store: &store,
        now: 0,
    };
    let mut table = Table::default();
    table.keep(keeping, &wanted).await.expect("made");
    assert_eq!(table.all()[0].addresses, wanted);
    let made = place.node.inner().tables.clone();
    assert_eq!(made.len(), 1);
    place.node.inner().denied.extend(made.iter().copied());
    let mut table = Table::default();
    let denied = table.keep(keeping, &wanted).await.expect_err("denied");
    assert!(denied.to_string().contains("a week"), "{denied}");
    place.node.inner().denied.clear();
    place.node.inner().swapped.extend(made.iter().copied());
    table.keep(keeping, &wanted).await.expect_err("swapped");
    assert_eq!(table.all(), []);
    place.node.inner().swapped.clear();
    table.keep(keeping, &wanted).await.expect("as it was made");
    assert_eq!(table.all()[0].addresses, wanted);
    assert_eq!(place.node.inner().tables, made);
}
