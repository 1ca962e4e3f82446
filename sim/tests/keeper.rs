//! A keeper on the real programs: each step that it finds due goes through, and no window is left behind.

use joulebook_client::{
    layout::market::{NewOrder, Phase, Side},
    ring,
    steps::{next_steps, Step},
};
use joulebook_sim::{checks::invariants, LocalCommunity, Parameters};

const WEEK: i64 = 7 * 86_400;

fn community() -> LocalCommunity {
    let mut community = LocalCommunity::new(Parameters::default()).expect("founded");
    community.join("buyer", 10_000_000).expect("joins");
    community.join("seller", 10_000_000).expect("joins");
    community.fund_supplier(1_000_000_000).expect("deposits");
    community
}

fn order(side: Side) -> Vec<NewOrder> {
    vec![NewOrder {
        quantity: 1000,
        tick: 60,
        side: side as u8,
        node: 0,
    }]
}

fn trade(community: &mut LocalCommunity, start: i64) {
    for (place, side) in [(0, Side::Buy), (1, Side::Sell)] {
        community.place(place, start, order(side)).expect("placed");
    }
}

#[track_caller]
fn keep(community: &mut LocalCommunity) -> Vec<Step> {
    let done = community.keep().expect("what is due goes through");
    invariants(community).expect("everything adds up");
    let now = community.chain.now();
    assert_eq!(next_steps(&community.market_state(), now), []);
    done
}

fn settled(steps: &[Step]) -> Vec<i64> {
    let settle = |step: &&Step| matches!(step, Step::Settle { .. });
    steps
        .iter()
        .filter(settle)
        .map(|step| step.start())
        .collect()
}

#[test]
fn given_a_keeper_that_comes_each_minute_when_meters_are_heard_then_each_window_settles_at_its_end()
{
    let mut community = community();
    let first = community.next_start();
    let length = i64::from(community.parameters.window_seconds);
    let mut all = vec![];
    for minute in 0..60 {
        let now = first + 60 * minute;
        community.chain.set_time(now);
        let due = keep(&mut community);
        for step in &due {
            match step {
                Step::OpenWindow { start } => trade(&mut community, *start),
                Step::Settle { start } => assert_eq!(start + length, now),
                _ => {}
            }
        }
        all.extend(due);
        let next = now + 60;
        // The devices sign just before the keeper comes again.
        if (next - first) % length == 0 && next > first + length {
            community.chain.set_time(next);
            let readings = community.read_meters(next - length, &[(1000, 0), (0, 1000)]);
            community.submit(next - length, readings).expect("sent");
        }
    }
    let settled = settled(&all);
    assert!(settled.is_sorted() && settled.len() >= 9, "{settled:?}");
}

#[test]
fn given_keepers_away_for_a_week_when_one_comes_then_it_ends_all_windows() {
    let mut community = community();
    let starts: Vec<i64> = keep(&mut community)
        .iter()
        .map(|step| step.start())
        .collect();
    assert_eq!(starts.len(), 3);
    for start in &starts {
        trade(&mut community, *start);
    }
    community.chain.set_time(community.chain.now() + WEEK);
    let done = keep(&mut community);
    assert_eq!(settled(&done), starts);
    assert_eq!(community.seat(0).locked, 0);
}

#[test]
fn given_an_interval_that_nobody_opened_a_window_for_when_the_keeper_comes_then_it_is_settled_too()
{
    let mut community = community();
    let start = community.next_start();
    community.chain.set_time(start);
    community.open_interval(start).expect("opened");
    keep(&mut community);
    assert_eq!(community.window(start).phase(), Some(Phase::Allocated));
    community.chain.set_time(start + WEEK);
    let done = keep(&mut community);
    assert!(settled(&done).contains(&start), "{done:?}");
    assert!(community
        .market_state()
        .intervals
        .iter()
        .all(|interval| !interval.is_open()));
}

#[test]
fn given_a_slot_that_a_later_window_took_when_the_keeper_comes_then_the_interval_is_released() {
    let mut community = community();
    let start = community.next_start();
    community.chain.set_time(start);
    community.open_interval(start).expect("opened");
    let round = ring::round(
        community.parameters.window_seconds,
        community.parameters.ring,
    );
    let horizon = i64::from(community.parameters.terms.horizon);
    community.chain.set_time(start + round - horizon);
    let done = keep(&mut community);
    assert!(done.contains(&Step::ReleaseSkipped { start }), "{done:?}");
}
