use joulebook_client::layout::market::{StandingOutcome, StandingRule};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, id, pass_until, trading_community, BUYER,
};

use super::{
    apply, create, enter, entry, expect_outcome, nothing, open_next, quantities, rule,
    standing_order, with_standing_orders, with_standing_orders_of, DAY,
};

/// Opens the windows from `start` on, one after the other, and applies; what was ordered in each, Wh.
fn ordered(community: &mut LocalCommunity, start: i64, windows: i64) -> Vec<Vec<u32>> {
    let length = community.window_length();
    let starts = (0..windows).map(|number| start + number * length);
    starts
        .map(|start| {
            if community.book(start).header.start != start {
                open_next(community, start);
            }
            apply(community, start).unwrap();
            check_invariants(community);
            quantities(community, BUYER, start)
        })
        .collect()
}

#[test]
fn given_a_cap_in_wh_when_windows_of_a_day_follow_then_the_last_order_has_what_is_left() {
    let (mut community, start) = with_standing_orders();
    let capped = StandingRule {
        energy_cap: 2_500,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let found = ordered(&mut community, start, 4);
    assert_eq!(found, [vec![1_000], vec![1_000], vec![500], vec![]]);
    expect_outcome(&community, BUYER, 0, StandingOutcome::CapReached);
    assert_eq!(standing_order(&community, BUYER, 0).used_energy, 2_500);
}

#[test]
fn given_a_cap_in_money_when_windows_of_a_day_follow_then_what_they_lock_stays_within() {
    let (mut community, start) = with_standing_orders();
    // 1 Wh locks 191,700.
    let capped = StandingRule {
        lock_cap: 2 * amounts::BUY_LOCK + 300 * 191_700 + 191_699,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let found = ordered(&mut community, start, 4);
    assert_eq!(found, [vec![1_000], vec![1_000], vec![300], vec![]]);
    let order = standing_order(&community, BUYER, 0);
    assert_eq!(order.used_lock, 2_300 * 191_700);
    assert_eq!(order.outcome, StandingOutcome::CapReached as u8);
}

/// A sell at the short price or above locks the least that an order may, 1 milli-atom a Wh.
#[test]
fn given_an_order_that_locks_next_to_nothing_when_it_is_capped_in_money_then_that_holds() {
    let (mut community, start) = with_standing_orders();
    let capped = StandingRule {
        lock_cap: 70,
        limit: 304_000,
        ..super::sell()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let found = ordered(&mut community, start, 2);
    assert_eq!(found, [vec![70], vec![]]);
}

#[test]
fn given_a_cap_that_is_used_when_the_order_is_entered_anew_or_taken_away_then_it_stays_used() {
    let (mut community, start) = with_standing_orders();
    let capped = StandingRule {
        energy_cap: 1_500,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    assert_eq!(ordered(&mut community, start, 1), [[1_000]]);
    enter(&mut community, BUYER, vec![nothing(0)]).unwrap();
    enter(&mut community, BUYER, vec![entry(0, super::sell())]).unwrap();
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let next = start + community.window_length();
    assert_eq!(ordered(&mut community, next, 2), [vec![500], vec![]]);
    // A larger cap leaves the difference.
    let larger = StandingRule {
        energy_cap: 1_501,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, larger)]).unwrap();
    let later = next + 2 * community.window_length();
    assert_eq!(ordered(&mut community, later, 1), [[1]]);
}

#[test]
fn given_a_cap_that_is_used_when_the_order_is_cancelled_then_it_stays_used() {
    let (mut community, start) = with_standing_orders();
    let capped = StandingRule {
        energy_cap: 1_500,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    assert_eq!(ordered(&mut community, start, 1), [[1_000]]);
    community.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    let next = start + community.window_length();
    assert_eq!(ordered(&mut community, next, 1), [[500]]);
}

/// A community shortly before midnight in UTC, with windows on both sides of it open: the start of the last one before.
fn around_midnight() -> (LocalCommunity, i64) {
    let mut community = trading_community();
    create(&mut community);
    let midnight = (community.chain.now() / DAY + 1) * DAY;
    pass_until(&mut community, midnight - 900);
    let last = midnight - 300;
    for start in [last, midnight] {
        community.open_window(start).unwrap();
    }
    (community, last)
}

#[test]
fn given_windows_of_two_days_when_they_are_applied_on_one_then_they_share_its_cap() {
    let (mut community, last) = around_midnight();
    let capped = StandingRule {
        energy_cap: 1_500,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let midnight = last + 300;
    // In turn, whichever comes first.
    for start in [midnight, last, midnight, last] {
        apply(&mut community, start).unwrap();
    }
    assert_eq!(quantities(&community, BUYER, midnight), [1_000]);
    assert_eq!(quantities(&community, BUYER, last), [500]);
    check_invariants(&community);
}

#[test]
fn given_a_cap_that_is_used_when_the_next_day_begins_then_there_is_as_much_again() {
    let (mut community, last) = around_midnight();
    let capped = StandingRule {
        energy_cap: 1_500,
        lock_cap: 1_200 * 191_700,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let midnight = last + 300;
    assert_eq!(ordered(&mut community, last, 2), [[1_000], [200]]);
    // The day of the call counts, not that of the window.
    let window = midnight + 600;
    pass_until(&mut community, midnight - 1);
    community.open_window(window).unwrap();
    apply(&mut community, window).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::CapReached);
    pass_until(&mut community, midnight);
    apply(&mut community, window).unwrap();
    assert_eq!(quantities(&community, BUYER, window), [1_000]);
    let order = standing_order(&community, BUYER, 0);
    assert_eq!(i64::from(order.day), midnight / DAY);
    assert_eq!(order.used_energy, 1_000);
    assert_eq!(
        ordered(&mut community, window + 300, 2),
        [vec![200], vec![]]
    );
}

#[test]
fn given_two_places_when_one_has_used_its_cap_then_the_other_has_its_own() {
    let (mut community, start) = with_standing_orders();
    let capped = StandingRule {
        energy_cap: 1_200,
        ..rule()
    };
    let entries = vec![entry(0, capped), entry(1, capped)];
    enter(&mut community, BUYER, entries).unwrap();
    let found = ordered(&mut community, start, 3);
    assert_eq!(found, [vec![1_000, 1_000], vec![200, 200], vec![]]);
}

#[test]
fn given_a_least_quantity_when_less_is_left_of_a_cap_then_it_is_reached() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 100;
    let (mut community, start) = with_standing_orders_of(parameters);
    let capped = StandingRule {
        energy_cap: 1_099,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    assert_eq!(ordered(&mut community, start, 2), [vec![1_000], vec![]]);
    expect_outcome(&community, BUYER, 0, StandingOutcome::CapReached);
}
