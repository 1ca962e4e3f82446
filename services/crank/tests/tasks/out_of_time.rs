use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{
    layout::market::{PageWindow, WindowStatus},
    steps::next_steps,
};
use joulebook_sim::{checks::invariants, LocalCommunity};
use rand::{seq::SliceRandom, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    scene::{community, parameters, play, queue, Outcome, Story, LENGTH, WINDOWS},
    stand_in::{at, instructions, Ran, StandIn},
};

/// Runs tasks as turners do who are late by up to `latest` seconds, in any order, and some of them twice.
struct Turners {
    rng: ChaCha8Rng,
    latest: i64,
    /// When each task is tried, by its time and its transaction's place.
    tries: BTreeMap<(i64, u16), i64>,
    /// Names of what failed and had to wait.
    failed: BTreeSet<String>,
}

impl Turners {
    fn new(seed: u64, latest: i64) -> Turners {
        Turners {
            rng: ChaCha8Rng::seed_from_u64(seed),
            latest,
            tries: BTreeMap::new(),
            failed: BTreeSet::new(),
        }
    }

    /// Runs all whose time has come.
    fn make_up(&mut self, crank: &mut StandIn, community: &mut LocalCommunity) {
        self.latest = 0;
        self.tries.clear();
        // As often as some need others first.
        for _ in 0..8 {
            self.run(crank, community);
        }
    }

    fn run(&mut self, crank: &mut StandIn, community: &mut LocalCommunity) {
        let now = community.chain.now();
        let mut due = crank.due(now);
        due.shuffle(&mut self.rng);
        for id in due {
            let task = crank.tasks[&id].clone();
            let (rng, latest) = (&mut self.rng, self.latest);
            let after = self.tries.entry((at(&task), id));
            let tried = *after.or_insert_with(|| at(&task) + rng.random_range(0..=latest));
            if now < tried {
                continue;
            }
            if let Ran::Failed(failure) = crank.run(community, id) {
                self.failed
                    .insert(format!("{}: {failure}", task.description));
                continue;
            }
            if self.rng.random_bool(0.3) {
                let before = money_and_contracts(community);
                // As another wallet has queued it, too.
                community
                    .send_with_full_budget(&instructions(&task))
                    .unwrap_or_else(|failure| panic!("{}: {failure}", task.description));
                assert_eq!(
                    money_and_contracts(community),
                    before,
                    "{}",
                    task.description
                );
            }
        }
    }
}

/// All of it, but for counters of events.
fn money_and_contracts(community: &LocalCommunity) -> impl PartialEq + std::fmt::Debug {
    let ledger = community.ledger();
    let pages: Vec<_> = community
        .pages()
        .into_iter()
        .map(|page| {
            (
                page.header.start,
                page.header.final_seats,
                page.windows,
                page.positions,
            )
        })
        .collect();
    let books: Vec<_> = community
        .books()
        .into_iter()
        .map(|book| (book.header, book.orders))
        .collect();
    (
        ledger.seats,
        (ledger.header.escrow, ledger.header.fees),
        pages,
        books,
    )
}

fn with_keeper(story: Story) -> Outcome {
    let mut kept = community(parameters());
    play(&mut kept, story, |community| {
        community.keep().expect("kept");
    })
}

/// A window opens 900 s before its start and its gate is 60 s before that; a page opens one length earlier.
#[test]
fn given_tasks_when_they_are_run_late_twice_and_in_any_order_then_the_same_comes_of_it() {
    for seed in 1..=3 {
        let expected = with_keeper(Story::of_standing_orders(seed));
        let mut cranked = community(parameters());
        let mut crank = StandIn::new(256, 86_400);
        let mut turners = Turners::new(seed, 600);
        let end = cranked.first_start() + WINDOWS * LENGTH + 3 * cranked.page_length();
        let found = play(&mut cranked, Story::of_standing_orders(seed), |community| {
            if crank.run.is_empty() || community.chain.now() % 1_800 == 0 {
                queue(community, &mut crank, 14);
            }
            if community.chain.now() >= end {
                turners.make_up(&mut crank, community);
            }
            turners.run(&mut crank, community);
        });
        assert_eq!(found.windows, expected.windows, "seed {seed}");
        assert_eq!(found.history, expected.history, "seed {seed}");
        assert_eq!(found.seats, expected.seats, "seed {seed}");
        // Only what needs another one first: an order of running that a retry repairs.
        for failed in &turners.failed {
            let (task, _) = failed.split_once(':').expect("a name");
            assert!(
                ["clear window", "finish page", "open page", "open window"].contains(&task),
                "{failed}"
            );
        }
    }
}

/// Nobody runs anything for an hour: windows whose gates pass meanwhile are lost, and nothing else.
#[test]
fn given_turners_that_are_away_when_they_come_back_then_the_market_goes_on_by_itself() {
    let mut cranked = community(parameters());
    let first = cranked.first_start();
    let mut crank = StandIn::new(512, 86_400);
    queue(&cranked, &mut crank, 60);
    let mut turners = Turners::new(5, 0);
    let away = first + 4 * LENGTH..first + 10 * LENGTH;
    let found = play(&mut cranked, Story::of_standing_orders(5), |community| {
        if !away.contains(&community.chain.now()) {
            turners.run(&mut crank, community);
        }
    });
    let has_traded = |(_, window, _): &&(i64, PageWindow, _)| window.volume > 0;
    let traded: Vec<i64> = found
        .windows
        .iter()
        .filter(has_traded)
        .map(|(start, ..)| (start - first) / LENGTH)
        .collect();
    // Until the gate of window 10 is open when they come back.
    let lost: Vec<i64> = (0..WINDOWS)
        .filter(|number| !traded.contains(number))
        .collect();
    assert!(
        lost.iter().all(|number| (6..=10).contains(number)),
        "{lost:?}"
    );
    let is_unopened = |(_, window, _): &(i64, PageWindow, _)| window.is(WindowStatus::Unopened);
    for number in &lost {
        let window = &found.windows[usize::try_from(*number).expect("small")];
        assert!(is_unopened(window), "window {number}");
    }
    // All pages of the story are final, without anybody else.
    let last = first + (WINDOWS - 1) * LENGTH;
    assert!(cranked.page(last).header.is_final());
    assert_eq!(next_steps(&cranked.market_state(), cranked.chain.now()), []);
}

#[test]
fn given_tasks_that_are_stale_when_they_are_run_then_they_do_nothing_and_what_is_due_is_left_to_others(
) {
    let mut cranked = community(parameters());
    let first = cranked.first_start();
    let mut crank = StandIn::new(256, 600);
    queue(&cranked, &mut crank, 14);
    let tasks = crank.tasks.len();
    cranked.chain.set_time(first + 30 * LENGTH);
    let before = money_and_contracts(&cranked);
    assert_eq!(crank.run_due(&mut cranked), []);
    assert_eq!(crank.stale, tasks);
    assert_eq!(money_and_contracts(&cranked), before);
    // Anybody can catch up.
    cranked.keep().expect("kept");
    invariants(&cranked).expect("it adds up");
}
