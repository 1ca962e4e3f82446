use joulebook_client::layout::market::{PageWindow, WindowStatus};
use joulebook_sim::{checks::invariants, LocalCommunity};

use crate::{
    scene::{community, outcome, parameters, queue, Outcome, Story, LENGTH, WINDOWS},
    stand_in::StandIn,
};

/// Between two looks.
const STEP: i64 = 60;

/// Plays the story, with whoever moves the market called at each step; what came of it once all pages are final.
fn play(
    community: &mut LocalCommunity,
    seed: u64,
    mut moves: impl FnMut(&mut LocalCommunity),
) -> Outcome {
    let first = community.first_start();
    let mut story = Story::new(seed);
    let last = first + WINDOWS * LENGTH;
    let end = last + 2 * 1_200 + 1_200;
    let mut now = community.chain.now();
    while now <= end {
        community.chain.set_time(now);
        moves(community);
        if now % LENGTH == 0 && now > first && now <= last {
            story.at_boundary(community);
        }
        // The gate is a minute before the start.
        let start = now + 2 * STEP;
        if start % LENGTH == 0 && start >= first && start < last {
            story.before_gate(community, start);
        }
        now += STEP;
    }
    invariants(community).expect("it adds up");
    outcome(community, first, WINDOWS)
}

#[test]
fn given_tasks_when_they_are_run_in_time_then_every_window_ends_as_with_a_keeper() {
    for seed in [1, 2] {
        let mut kept = community(parameters());
        let expected = play(&mut kept, seed, |community| {
            community.keep().expect("kept");
        });
        let mut cranked = community(parameters());
        let mut crank = StandIn::new(256, 86_400);
        let found = play(&mut cranked, seed, |community| {
            // Once an hour, for somewhat more than an hour.
            if community.chain.now() % 3_600 == 0 || crank.run.is_empty() {
                queue(community, &mut crank, 14);
            }
            let failed = crank.run_due(community);
            assert_eq!(failed, [], "at {}", community.chain.now());
        });
        let traded = found
            .windows
            .iter()
            .filter(|(_, window, _)| window.volume > 0);
        assert!(traded.count() > 15, "there is something to compare");
        let is_allocated = |window: &PageWindow| window.is(WindowStatus::Allocated);
        assert!(found
            .windows
            .iter()
            .all(|(_, window, _)| is_allocated(window)));
        assert_eq!(found, expected, "seed {seed}");
    }
}
