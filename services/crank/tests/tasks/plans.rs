use joulebook_client::{
    packing::MAX_LEN,
    steps::{Occasion, Step},
};
use joulebook_crank::{
    plan::{plan, PlannedTask, Queuer},
    queueing::{compare, of_market, pack, sent_len},
    tuktuk::{run_task, Task},
};
use joulebook_sim::{LocalCommunity, Parameters};
use proptest::prelude::*;
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    scene::{community, parameters, queue, LENGTH},
    stand_in::{queuer, StandIn, PAYER},
};

fn planned(community: &LocalCommunity, from: i64, until: i64) -> Vec<PlannedTask> {
    let state = community.market_state();
    plan(&state, &community.addresses, queuer(), from, until).expect("planned")
}

fn occasions(tasks: &[PlannedTask]) -> Vec<(i64, Occasion)> {
    tasks.iter().map(|task| (task.due, task.occasion)).collect()
}

/// Windows of 300 s, four to a page; they open 900 s before their start, gates 60 s before; grace and readings end 600 s after a page,
/// corrections 1,200 s.
#[test]
fn given_a_market_when_it_is_planned_then_each_step_has_its_time() {
    let community = community(parameters());
    let page = community.market().last_page;
    let from = community.chain.now();
    let next = page + 1_200;
    let found = occasions(&planned(&community, from, next + 3_600));
    let has = |due: i64, occasion: Occasion| {
        assert!(
            found.contains(&(due, occasion)),
            "{occasion:?} at {due} is not in {found:?}"
        );
    };
    has(next - 900 - 1_200, Occasion::OpenPage { page: next });
    has(next - 900, Occasion::OpenWindow { start: next });
    has(next - 60, Occasion::EndAuction { start: next });
    has(next + 300 - 60, Occasion::EndAuction { start: next + 300 });
    has(next + 1_200 + 600, Occasion::Settle { page: next });
    has(next + 1_200 + 1_200, Occasion::FinishPage { page: next });
    let times: Vec<i64> = found.iter().map(|(due, _)| *due).collect();
    assert!(times.is_sorted());
    assert!(times.iter().all(|due| *due > from && *due <= next + 3_600));
}

#[test]
fn given_a_window_when_it_is_planned_then_its_end_does_not_depend_on_another_ones_opening() {
    let community = community(parameters());
    let from = community.chain.now();
    for task in planned(&community, from, from + 7_200) {
        let steps = task.steps.iter().map(|ahead| ahead.step);
        let is_opening =
            |step: &Step| matches!(step, Step::OpenWindow { .. } | Step::OpenPage { .. });
        let opens = steps.clone().any(|step| is_opening(&step));
        let ends = steps.clone().any(|step| matches!(step, Step::Clear { .. }));
        let settles = steps
            .clone()
            .any(|step| matches!(step, Step::Settle { .. } | Step::FinishPage { .. }));
        let kinds = [opens, ends, settles].into_iter().filter(|is| *is).count();
        assert_eq!(kinds, 1, "{task:?}");
    }
}

#[test]
fn given_a_plan_that_is_queued_when_it_is_queued_again_then_nothing_is_left_to_do() {
    let community = community(parameters());
    let mut crank = StandIn::new(256, 86_400);
    let first = queue(&community, &mut crank, 20);
    assert!(first.missing.len() > 40 && first.queued == 0 && first.outdated.is_empty());
    let before = crank.waiting();
    let again = queue(&community, &mut crank, 20);
    assert_eq!((again.missing, again.outdated), (vec![], vec![]));
    assert_eq!(again.queued, first.missing.len());
    assert_eq!(crank.waiting(), before);
    // Somebody else who plans the same market finds it queued, and takes nothing out.
    let other = Queuer {
        payer: Address::new_from_array([77; 32]),
        ..queuer()
    };
    let from = community.chain.now();
    let until = from + 20 * LENGTH;
    let state = community.market_state();
    let theirs = plan(&state, &community.addresses, other, from, until).expect("planned");
    let found = compare(
        theirs,
        &before,
        &community.addresses,
        other.payer,
        (from, until),
    );
    assert_eq!((found.missing, found.outdated), (vec![], vec![]));
}

#[test]
fn given_a_plan_that_is_queued_when_its_tasks_offer_more_then_it_is_queued_anew() {
    let community = community(parameters());
    let mut crank = StandIn::new(256, 86_400);
    let count = queue(&community, &mut crank, 20).missing.len();
    let waiting = crank.waiting();
    let from = community.chain.now();
    let until = from + 20 * LENGTH;
    let state = community.market_state();
    let offered = waiting[0].reward;
    let compared = |reward| {
        let queuer = Queuer {
            reward: Some(reward),
            ..queuer()
        };
        let planned = plan(&state, &community.addresses, queuer, from, until);
        let planned = planned.expect("planned");
        let found = compare(
            planned,
            &waiting,
            &community.addresses,
            PAYER,
            (from, until),
        );
        (found.missing.len(), found.outdated.len())
    };
    assert_eq!(compared(offered), (0, 0));
    assert_eq!(compared(offered + 1), (count, count));
}

#[test]
fn given_a_queue_that_is_nearly_full_when_tasks_are_packed_then_as_many_as_it_has_numbers_for() {
    let community = community(parameters());
    let mut crank = StandIn::new(10, 86_400);
    queue(&community, &mut crank, 20);
    assert_eq!(crank.tasks.len(), 10);
    let found = queue(&community, &mut crank, 20);
    assert_eq!(found.queued, 10);
    assert!(pack(&crank.queue, queuer(), &found.missing).is_empty());
}

#[test]
fn given_other_markets_tasks_in_the_queue_when_compared_then_they_are_left_alone() {
    let community = community(parameters());
    let mut crank = StandIn::new(256, 86_400);
    queue(&community, &mut crank, 20);
    let mut other = community.addresses.clone();
    other.market = Address::new_from_array([55; 32]);
    other.ledger = Address::new_from_array([56; 32]);
    let waiting = crank.waiting();
    assert_eq!(of_market(&waiting, &other, None).count(), 0);
    let now = community.chain.now();
    let found = compare(vec![], &waiting, &other, PAYER, (now, now + 100_000));
    assert_eq!(found.outdated, Vec::<Task>::new());
}

#[test]
fn given_terms_that_change_when_it_is_queued_again_then_outdated_tasks_are_replaced_and_windows_go_on(
) {
    let mut community = community(Parameters {
        notice_seconds: 1_800,
        ..parameters()
    });
    let mut crank = StandIn::new(256, 86_400);
    queue(&community, &mut crank, 24);
    let mut terms = community.parameters.terms;
    terms.horizon = 600;
    terms.gate_lead = 120;
    let authority = community.authority.insecure_clone();
    let set = community
        .addresses
        .set_terms(authority.pubkey(), None, terms);
    community.chain.send(&[set], &[&authority]).expect("set");
    let found = queue(&community, &mut crank, 24);
    assert!(!found.outdated.is_empty() && !found.missing.is_empty());
    let first = community.first_start();
    for _ in 0..24 * 5 {
        let now = community.chain.now() + 60;
        community.chain.set_time(now);
        assert_eq!(crank.run_due(&mut community), []);
    }
    let windows = (0..16).map(|number| community.window(first + number * LENGTH));
    let traded = windows.filter(|window| window.volume > 0).count();
    assert_eq!(traded, 16);
}

/// Nobody queued again: what was planned by the old terms comes too early by the new ones, and waits.
#[test]
fn given_terms_that_change_when_nobody_queues_again_then_tasks_that_come_too_early_are_run_later() {
    let mut community = community(Parameters {
        notice_seconds: 1_800,
        ..parameters()
    });
    let mut crank = StandIn::new(256, 86_400);
    queue(&community, &mut crank, 24);
    let mut terms = community.parameters.terms;
    terms.horizon = 600;
    terms.gate_lead = 30;
    let authority = community.authority.insecure_clone();
    let set = community
        .addresses
        .set_terms(authority.pubkey(), None, terms);
    community.chain.send(&[set], &[&authority]).expect("set");
    let first = community.first_start();
    for _ in 0..24 * 10 {
        let now = community.chain.now() + 30;
        community.chain.set_time(now);
        crank.run_due(&mut community);
    }
    let windows = (0..16).map(|number| community.window(first + number * LENGTH));
    let traded = windows.filter(|window| window.volume > 0).count();
    assert_eq!(traded, 16);
}

#[test]
fn given_a_market_that_ends_when_it_is_planned_then_nothing_is_opened_behind_its_end() {
    let mut community = community(parameters());
    let end = community.market().last_page + 2 * 1_200;
    let authority = community.authority.insecure_clone();
    let ends = community.addresses.end_market(authority.pubkey(), end);
    community.chain.send(&[ends], &[&authority]).expect("ended");
    let from = community.chain.now();
    let found = occasions(&planned(&community, from, end + 7_200));
    let last = |of: &dyn Fn(&Occasion) -> Option<i64>| {
        found.iter().filter_map(|(_, occasion)| of(occasion)).max()
    };
    let opened = last(&|occasion| match *occasion {
        Occasion::OpenWindow { start } => Some(start),
        _ => None,
    });
    let finished = last(&|occasion| match *occasion {
        Occasion::FinishPage { page } => Some(page),
        _ => None,
    });
    assert_eq!((opened, finished), (Some(end - 300), Some(end - 1_200)));
}

/// A town: what does not fit into one task goes into several, and each of them does its own part, whichever comes first.
#[test]
fn given_more_seats_than_fit_when_planned_then_steps_are_spread_over_tasks_that_fit() {
    let mut community = community(Parameters {
        seats: 300,
        orders: 1_024,
        meters: 300,
        page_windows: 8,
        pages: 6,
        ..parameters()
    });
    for number in 0..150 {
        community
            .take_seat(&format!("seat {number}"))
            .expect("taken");
    }
    let from = community.chain.now();
    let tasks = planned(&community, from, from + 7_200);
    let of = |wanted: &dyn Fn(&Occasion) -> bool| {
        tasks
            .iter()
            .filter(|task| wanted(&task.occasion))
            .cloned()
            .collect::<Vec<_>>()
    };
    let openings = of(&|occasion| matches!(occasion, Occasion::OpenWindow { .. }));
    let windows = openings
        .iter()
        .map(|task| task.occasion)
        .collect::<std::collections::BTreeSet<_>>();
    assert!(openings.len() > windows.len(), "one does not do");
    for task in &openings {
        assert!(
            matches!(task.steps[0].step, Step::OpenWindow { .. }),
            "{task:?}"
        );
    }
    for task in &tasks {
        fits(task);
    }
    let mut crank = StandIn::new(2_000, 86_400);
    queue(&community, &mut crank, 20);
    for _ in 0..20 * 5 {
        let now = community.chain.now() + 60;
        community.chain.set_time(now);
        assert_eq!(crank.run_due(&mut community), []);
    }
}

fn fits(task: &PlannedTask) {
    let waiting = joulebook_crank::plan::waiting(&task.new, queuer(), 9);
    let turner = Address::new_from_array([66; 32]);
    let run = run_task(turner, &waiting).expect("compiled");
    assert!(sent_len(&turner, vec![run]) <= MAX_LEN, "{task:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn given_times_one_after_the_other_when_planned_then_nothing_is_left_out_and_nothing_is_there_twice(
        first in 0i64..5_000, second in 0i64..5_000,
    ) {
        thread_local! {
            static COMMUNITY: LocalCommunity = community(parameters());
        }
        COMMUNITY.with(|community| {
            let now = community.chain.now();
            let (middle, end) = (now + first, now + first + second);
            let parts = [planned(community, now, middle), planned(community, middle, end)].concat();
            let whole = planned(community, now, end);
            prop_assert_eq!(occasions(&parts), occasions(&whole));
            for task in &whole {
                fits(task);
            }
            Ok(())
        })?;
    }

    #[test]
    fn given_any_tasks_when_they_are_packed_then_each_transaction_fits_and_all_are_in_one(
        windows in 1i64..40,
    ) {
        thread_local! {
            static COMMUNITY: LocalCommunity = community(parameters());
        }
        COMMUNITY.with(|community| {
            let now = community.chain.now();
            let tasks = planned(community, now, now + windows * LENGTH);
            let crank = StandIn::new(1_000, 86_400);
            let batches = pack(&crank.queue, queuer(), &tasks);
            for batch in &batches {
                prop_assert!(sent_len(&PAYER, batch.instructions.clone()) <= MAX_LEN);
            }
            let packed: Vec<PlannedTask> = batches.into_iter().flat_map(|batch| batch.tasks).collect();
            prop_assert_eq!(packed, tasks);
            Ok(())
        })?;
    }
}
