//! Several windows are open at once, and the keeper forgets none of them.

use joulebook_client::layout::market::{QuantityKind, Side, StandingOutcome};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{check_invariants, pass_until, send_as, BUYER, DEPOSIT};

use super::{
    apply, before_a_window, enter, entry, expect_outcome, moved, quantities, rule,
    with_standing_orders, with_standing_orders_of, DAY,
};

const HOUR: i64 = 3600;

/// Lets the keeper do what is due; in which windows it applied standing orders.
fn applied(community: &mut LocalCommunity) -> Vec<i64> {
    use joulebook_client::steps::Step;
    let done = community.keep().unwrap();
    let windows = done.into_iter().filter_map(|step| match step {
        Step::ApplyStandingOrders { start, .. } => Some(start),
        _ => None,
    });
    windows.collect()
}

#[test]
fn given_a_stranger_that_applies_the_last_window_first_when_the_keeper_comes_then_the_others_are_applied_too(
) {
    let (mut community, start) = with_standing_orders();
    pass_until(&mut community, start - 600);
    community.keep().unwrap();
    let later = start + 300;
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, later).unwrap();
    assert!(applied(&mut community).contains(&start));
    for window in [start, later] {
        assert_eq!(quantities(&community, BUYER, window), [1_000]);
    }
    check_invariants(&community);
}

#[test]
fn given_an_order_entered_anew_when_windows_are_open_that_had_the_old_one_then_the_keeper_leaves_them(
) {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let windows = applied(&mut community);
    assert_eq!(windows, [start - 300, start, start + 300]);
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    assert_eq!(applied(&mut community), [0; 0]);
    // In a place where nothing was.
    enter(&mut community, BUYER, vec![entry(1, rule())]).unwrap();
    assert_eq!(applied(&mut community), windows);
}

#[test]
fn given_values_that_come_while_two_windows_are_open_when_the_keeper_comes_then_both_have_their_share(
) {
    let (mut community, first) = before_a_window(Parameters {
        reading_seconds: 7_200,
        correction_seconds: 14_400,
        pages: 11,
        ..moved::days()
    });
    let end = first + DAY;
    let share = moved::share(Side::Buy, QuantityKind::DayBefore, 10_000);
    enter(&mut community, BUYER, vec![entry(0, share)]).unwrap();
    pass_until(&mut community, first);
    community.open_pages(first).unwrap();
    pass_until(&mut community, end + HOUR);
    community.keep().unwrap();
    let windows = [end + 2 * HOUR, end + 3 * HOUR];
    for window in windows {
        assert_eq!(quantities(&community, BUYER, window), [0; 0]);
    }
    expect_outcome(&community, BUYER, 0, StandingOutcome::NoValues);
    let binding = community.binding();
    let device = &mut community.households[BUYER].devices[0];
    let profile = device.signed_profile(&binding, end, &[(410, 10); 24]);
    let submit = community.addresses.submit_profiles(first, vec![profile]);
    community.send_with_full_budget(&[submit]).unwrap();
    assert_eq!(applied(&mut community), windows);
    for window in windows {
        assert_eq!(quantities(&community, BUYER, window), [400]);
    }
    check_invariants(&community);
}

#[test]
fn given_a_horizon_of_a_day_when_values_come_hour_by_hour_then_each_window_has_its_share() {
    let mut parameters = Parameters {
        books: 27,
        pages: 11,
        ..moved::days()
    };
    parameters.terms.horizon = DAY as u32;
    let (mut community, first) = before_a_window(parameters);
    let share = moved::share(Side::Buy, QuantityKind::DayBefore, 10_000);
    enter(&mut community, BUYER, vec![entry(0, share)]).unwrap();
    pass_until(&mut community, first);
    community.keep().unwrap();
    community.read_start(first).unwrap();
    for hour in 0..6 {
        let window = first + hour * HOUR;
        pass_until(&mut community, window + HOUR);
        community.keep().unwrap();
        let readings = community.read_meters(window, &[(1_500, 0), (0, 900)]);
        community.submit(window, readings).unwrap();
        community.keep().unwrap();
        assert_eq!(
            quantities(&community, BUYER, window + DAY),
            [1_500],
            "{hour}"
        );
    }
}

#[test]
fn given_a_seat_that_was_closed_when_windows_are_opened_then_the_keeper_does_not_call_for_it() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let household = &community.households[BUYER];
    let close = community
        .addresses
        .close_seat(household.address(), household.seat);
    send_as(&mut community, BUYER, close).unwrap();
    for window in 0..5 {
        pass_until(&mut community, start + window * 300);
        assert_eq!(applied(&mut community), [0; 0]);
    }
}

#[test]
fn given_an_order_without_money_when_there_is_some_then_the_keeper_has_it_placed_and_asks_no_more()
{
    let (mut community, start) = with_standing_orders();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    assert!(applied(&mut community).contains(&start));
    expect_outcome(&community, BUYER, 0, StandingOutcome::NotEnoughFree);
    assert_eq!(applied(&mut community), [0; 0]);
    community.deposit(BUYER, DEPOSIT).unwrap();
    assert!(applied(&mut community).contains(&start));
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
    assert_eq!(applied(&mut community), [0; 0]);
}

/// What comes free when a window has its contracts is there for the next one, also where a stranger has had its orders applied
/// before.
#[test]
fn given_a_stranger_that_applies_before_money_comes_free_when_it_does_then_the_keeper_has_the_order_placed(
) {
    let mut parameters = Parameters::default();
    parameters.terms.horizon = 600;
    let (mut community, start) = with_standing_orders_of(parameters);
    let next = start + 300;
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    // All of the buyer's money is in the first window, and nobody sells.
    let free = community.seat(BUYER).free / 1_000;
    community.withdraw(BUYER, free).unwrap();
    pass_until(&mut community, start - 60);
    community.open_window(next).unwrap();
    apply(&mut community, next).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::NotEnoughFree);
    community.keep().unwrap();
    assert_eq!(quantities(&community, BUYER, next), [1_000]);
    check_invariants(&community);
}

#[test]
fn given_money_for_one_order_when_all_windows_were_tried_then_the_keeper_calls_for_one_window() {
    let (mut community, start) = with_standing_orders();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let windows = applied(&mut community);
    assert_eq!(windows, [start - 300, start, start + 300]);
    let for_one = joulebook_tests::market::amounts::BUY_LOCK / 1_000;
    community.deposit(BUYER, for_one).unwrap();
    // In the first window the buyer's meter is not in service yet.
    assert_eq!(applied(&mut community), [start]);
    community.deposit(BUYER, for_one).unwrap();
    assert_eq!(applied(&mut community), [start + 300]);
    assert_eq!(applied(&mut community), [0; 0]);
}
