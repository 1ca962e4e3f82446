//! Keepers that are killed, race, and know the chain by hearsay only.

use std::time::{Duration, Instant};

use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::time::sleep;

use crate::{
    observed::Observed,
    proxy,
    replay::{self, Happened, Placed},
    seed, windows,
    world::World,
};

const LENGTH: i64 = 900;
const LAMPORTS: u64 = 1_000_000_000;
/// A window in six seconds.
const SPEED: u16 = 150;
/// Real time that a window may take before the run counts as stuck.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_keepers_that_are_killed_and_nodes_that_lie_when_windows_pass_then_all_settle_and_nothing_is_paid_twice(
) {
    let (seed, wanted) = (seed(), windows(14));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut world = World::begin(5);
    let cluster = world.cluster();
    let mut proxies = vec![];
    for number in 1..=3 {
        proxies.push(proxy::start(&world.url, seed + number).await);
    }
    let urls: Vec<[&str; 2]> = vec![
        [proxies[0].as_str(), proxies[1].as_str()],
        [proxies[2].as_str(), proxies[0].as_str()],
    ];
    let paces = ["thrifty", "prompt"];
    let start = |world: &World, which: usize| {
        let name = format!("keeper-{which}");
        world.keeper(&name, &urls[which], paces[which])
    };
    let mut keepers = [start(&world, 0), start(&world, 1)];
    let _meters = world.meters();
    let mut observed = Observed::begin(&cluster, &world.sandbox).await;
    let founded = observed.state.clone();
    world.set_speed(SPEED);

    let begun = Instant::now();
    let mut kills = 0;
    let mut starts = [1, 1];
    while observed.allocated().len() < wanted {
        sleep(Duration::from_millis(u64::from(
            400 + chance.next_u32() % 2_000,
        )))
        .await;
        let which = chance.next_u32() as usize % 2;
        keepers[which].kill();
        kills += 1;
        starts[which] += 1;
        keepers[which] = start(&world, which);
        observed.look(&cluster).await;
        observed.check_money(&cluster).await;
        let patience = PATIENCE * u32::try_from(wanted).expect("few") + PATIENCE * 4;
        assert!(
            begun.elapsed() < patience,
            "{} windows after {:?}: {}",
            observed.allocated().len(),
            begun.elapsed(),
            keepers[0].said()
        );
    }
    for (keeper, starts) in keepers.iter_mut().zip(starts) {
        // Before it listens, it can't stop cleanly.
        keeper.wait_until_said("starting", |said| {
            said.matches("starting").count() >= starts
        });
        assert_eq!(keeper.stop(), Some(0), "{}", keeper.said());
    }

    // One that nobody disturbs goes on where they stopped.
    let mut last = world.keeper("last", &[world.url.as_str()], "prompt");
    world.set_speed(1);
    let asked = Instant::now();
    loop {
        sleep(Duration::from_millis(500)).await;
        observed.look(&cluster).await;
        if observed.left().is_empty() {
            break;
        }
        assert!(
            asked.elapsed() < Duration::from_secs(60),
            "{:?}: {}",
            observed.left(),
            last.said()
        );
    }
    observed.check_money(&cluster).await;
    let allocated = observed.allocated();
    let end = allocated[allocated.len() - 1];
    let first = world.sandbox.households[0].meters[0].service_from;
    // Those of pages that are over were heard of, and are settled, but for windows that all keepers slept through.
    let page = observed.addresses.page_start(end);
    let unsettled: Vec<i64> = observed
        .windows
        .range(first..page)
        .filter(|(_, (allocated, settled))| *allocated && !settled)
        .map(|(start, _)| *start)
        .collect();
    assert_eq!(unsettled, [0; 0], "{}", last.said());
    assert_eq!(last.stop(), Some(0));
    // A window that all keepers slept through has no book, and nothing else is lost; whatever was paid is what is due.
    let happened = Happened {
        founded: &founded,
        found: &observed.state,
        opened: &allocated,
        placed: &Placed::new(),
        span: (first, page),
    };
    replay::check(&world, &happened);
    let missed = (end - allocated[0]) / LENGTH + 1 - allocated.len() as i64;
    println!(
        "{} windows, {kills} kills, {missed} windows without a book",
        allocated.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_keeper_that_can_t_work_when_it_is_started_then_it_says_plainly_why() {
    let world = World::begin(1);
    let said = |name: &str, change: &dyn Fn(String) -> String| {
        let mut keeper = world.keeper(name, &[world.url.as_str()], "prompt");
        keeper.kill();
        let path = world.folder.path().join(name).with_extension("toml");
        let text = std::fs::read_to_string(&path).expect("its configuration");
        std::fs::write(&path, change(text)).expect("written");
        let arguments = ["keeper", "--config", path.to_str().expect("a path")];
        let log = format!("{name}-said");
        let mut keeper = crate::process::Process::joulebook(world.folder.path(), &log, &arguments);
        let begun = Instant::now();
        loop {
            let ended = keeper.child.try_wait().expect("waited for");
            let said = keeper.said();
            if ended.is_some() || said.contains("WARN") {
                return (ended.and_then(|status| status.code()), said);
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "it says nothing: {said}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let market = world.sandbox.market.clone();
    let community = world.sandbox.community.clone();

    let (code, text) = said("unknown-key", &|text| text.replace("poll-ms", "pol-ms"));
    assert_eq!(code, Some(2));
    assert!(text.contains("pol-ms"), "{text}");
    let (code, text) = said("no-market", &|text| text.replace(&market, "nowhere"));
    assert_eq!(code, Some(2));
    assert!(text.contains("nowhere is no address"), "{text}");
    let (_, text) = said("other-account", &|text| text.replace(&market, &community));
    assert!(text.contains("is no market; check its address"), "{text}");
    let nobody = "http://127.0.0.1:9";
    let (_, text) = said("no-node", &|text| text.replace(world.url.as_str(), nobody));
    assert!(text.contains("no RPC endpoint answers"), "{text}");
    assert!(text.contains("can't be connected to"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_wallet_without_lamports_when_steps_are_due_then_the_keeper_says_so_and_goes_on_once_it_has_some(
) {
    let mut world = World::begin(1);
    let wallet = Keypair::new();
    let key = world.folder.path().join("empty.json");
    joulebook_daemon::key::write_new(&key, &wallet).expect("written");
    world.sandbox.keeper.key = key.to_str().expect("a path").to_owned();
    let keeper = world.keeper("empty", &[world.url.as_str()], "prompt");
    world.set_speed(SPEED);
    keeper.wait_until_said("an empty wallet", |said| {
        said.contains("the wallet can't pay")
    });
    assert!(!keeper.said().contains("landed"), "{}", keeper.said());
    let airdrop = world.cluster().airdrop(wallet.pubkey(), LAMPORTS).await;
    airdrop.expect("lamports");
    keeper.wait_until_said("a step", |said| said.contains("landed"));
}
