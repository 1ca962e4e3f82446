//! 2026-11-02 is a Monday; the community's clocks are an hour ahead.

use joulebook_client::layout::market::{MarketTerms, StandingOutcome, StandingRule};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{check_invariants, govern, instructions, BUYER};

use super::{
    apply, before_a_window, enter, entry, expect_outcome, open_next, quantities, rule,
    standing_order, with_standing_orders,
};

/// 2026-11-02 00:00 UTC.
const MONDAY: i64 = 1_793_577_600;
const HOUR: i64 = 3600;

fn at(half_hours: u64, weekdays: u8) -> StandingRule {
    StandingRule {
        half_hours,
        weekdays,
        quantity: 1,
        ..rule()
    }
}

/// Enters rules in places from 0 on, and applies them to the window at `start`; places of those that were placed.
fn due(community: &mut LocalCommunity, start: i64, rules: &[StandingRule]) -> Vec<usize> {
    for (place, rule) in (0u8..).zip(rules) {
        enter(community, BUYER, vec![entry(place, *rule)]).unwrap();
    }
    apply(community, start).unwrap();
    check_invariants(community);
    let places = 0..rules.len();
    let is_placed = |place: &usize| standing_order(community, BUYER, *place).window == start;
    places.filter(is_placed).collect()
}

#[test]
fn given_windows_of_five_minutes_when_a_half_hour_is_named_then_all_that_start_in_it_are_meant() {
    let (mut community, _) = before_a_window(Parameters::default());
    // Local 02:00, 02:25, 02:30: half hours 4, 4 and 5.
    for (start, half_hour) in [
        (MONDAY + HOUR, 4),
        (MONDAY + HOUR + 1500, 4),
        (MONDAY + HOUR + 1800, 5),
    ] {
        open_next(&mut community, start);
        let rules = [3, 4, 5].map(|bit| at(1 << bit, 0b0111_1111));
        let found = due(&mut community, start, &rules);
        assert_eq!(found, [half_hour - 3], "{start}");
    }
    expect_outcome(&community, BUYER, 0, StandingOutcome::Never);
}

/// A community whose windows are of two hours.
fn long_windows(utc_offset: i32) -> (LocalCommunity, i64) {
    let mut parameters = Parameters {
        window_seconds: 7200,
        ..Parameters::default()
    };
    parameters.terms.utc_offset = utc_offset;
    parameters.terms.horizon = 14_400;
    before_a_window(parameters)
}

#[test]
fn given_windows_of_two_hours_when_half_hours_are_named_then_the_one_that_they_start_in_counts() {
    let (mut community, start) = long_windows(3600);
    // 08:00 UTC: the first page is over.
    assert_eq!(start, MONDAY + 8 * HOUR);
    open_next(&mut community, start);
    // Local 09:00 is half hour 18; the window goes on through the next three.
    let rules = [17, 18, 19, 20, 21].map(|bit| at(1 << bit, 0b0111_1111));
    assert_eq!(due(&mut community, start, &rules), [1]);
}

#[test]
fn given_clocks_half_an_hour_ahead_when_a_half_hour_is_named_then_it_is_one_of_theirs() {
    let (mut community, start) = long_windows(12_600);
    open_next(&mut community, start);
    // 08:00 UTC is 11:30.
    let rules = [16, 22, 23, 24].map(|bit| at(1 << bit, 0b0111_1111));
    assert_eq!(due(&mut community, start, &rules), [2]);
}

#[test]
fn given_clocks_behind_utc_when_a_weekday_is_named_then_it_is_one_of_theirs() {
    let (mut community, start) = long_windows(-9 * 3600);
    open_next(&mut community, start);
    // 08:00 UTC of Monday is Sunday, 23:00.
    let all = (1 << 48) - 1;
    let rules = [
        at(all, 0b000_0001),
        at(all, 0b100_0000),
        at(1 << 46, 0b100_0000),
        at(1 << 46, 0b011_1111),
    ];
    assert_eq!(due(&mut community, start, &rules), [1, 2]);
}

#[test]
fn given_an_end_when_windows_start_then_or_later_then_nothing_is_ordered_for_them() {
    let (mut community, start) = with_standing_orders();
    let until = |valid_until: i64| StandingRule {
        valid_until,
        ..at((1 << 48) - 1, 0b0111_1111)
    };
    let rules = [until(start), until(start + 1), until(i64::MAX)];
    assert_eq!(due(&mut community, start, &rules), [1, 2]);
    let next = start + community.window_length();
    open_next(&mut community, next);
    assert_eq!(due(&mut community, next, &rules[..1]), [0; 0]);
    apply(&mut community, next).unwrap();
    assert_eq!(quantities(&community, BUYER, next), [1]);
}

#[test]
fn given_clocks_that_change_when_a_window_is_open_then_the_next_one_has_the_new_half_hour() {
    let (mut community, start) = with_standing_orders();
    let mut terms = community.parameters.terms;
    terms.utc_offset = 7200;
    let set = instructions::set_terms(&community, terms);
    govern(&mut community, set).unwrap();
    // From the next boundary on, which is before the window: it was opened, and its prices stay. So does its clock.
    assert!(community.chain.now() < start);
    let next = start + community.window_length();
    open_next(&mut community, next);
    for (window, expected) in [(start, 0), (next, 1)] {
        let local = |offset: i64| (window + offset) % 86_400 / 1800;
        let rules = [local(3600), local(7200)].map(|bit| at(1 << bit, 0b0111_1111));
        assert_eq!(due(&mut community, window, &rules), [expected]);
    }
}

#[test]
fn given_clocks_that_are_planned_otherwise_when_a_window_is_open_then_it_stays_in_its_half_hour() {
    let (mut community, _) = before_a_window(Parameters {
        notice_seconds: 600,
        ..Parameters::default()
    });
    let terms = community.market().planned_terms;
    let half_hour_ahead = MarketTerms {
        utc_offset: terms.utc_offset + 1_800,
        ..terms
    };
    let set = instructions::set_terms(&community, half_hour_ahead);
    govern(&mut community, set).unwrap();
    // Opened with the new clocks, which are put off while it is open.
    let window = community.market().planned_terms_from;
    let half_hour_at =
        |offset: i32| 1_u64 << ((window + i64::from(offset)).rem_euclid(24 * HOUR) / 1_800);
    let by_new = at(half_hour_at(half_hour_ahead.utc_offset), 0b0111_1111);
    let by_old = at(half_hour_at(terms.utc_offset), 0b0111_1111);
    community.open_window(window).unwrap();
    let now = community.chain.now();
    community.pass_until(now + 300);
    let later = MarketTerms {
        fee_bps: terms.fee_bps + 1,
        ..half_hour_ahead
    };
    let set = instructions::set_terms(&community, later);
    govern(&mut community, set).unwrap();
    assert!(community.market().planned_terms_from > window);
    assert_eq!(due(&mut community, window, &[by_new, by_old]), [0]);
}
