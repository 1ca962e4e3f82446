use joulebook_client::layout::market::{PageWindow, WindowStatus};

use crate::{
    scene::{community, parameters, play, queue, Story},
    stand_in::StandIn,
};

#[test]
fn given_tasks_when_they_are_run_in_time_then_every_window_ends_as_with_a_keeper() {
    for seed in [1, 2] {
        let mut kept = community(parameters());
        let expected = play(&mut kept, Story::new(seed), |community| {
            community.keep().expect("kept");
        });
        let mut cranked = community(parameters());
        let mut crank = StandIn::new(256, 86_400);
        let found = play(&mut cranked, Story::new(seed), |community| {
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
