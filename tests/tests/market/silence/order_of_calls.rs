//! Who calls first, and what, changes nobody's money.

use joulebook_client::oracle::types::SignedReading;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, check_settled, first_start, govern, instructions, meters_of,
    pass_until, trade, trading_community_with, BUYER, FREE, SELLER,
};

/// 1 kWh sold in the first window, delivered and taken; a second window without contracts. Both are over, nothing is
/// allocated, nobody was heard.
fn two_windows(parameters: Parameters) -> (LocalCommunity, i64, i64) {
    let mut community = trading_community_with(parameters);
    let first = first_start(&community);
    let next = first + 300;
    community.open_window(first).unwrap();
    community.open_window(next).unwrap();
    trade(&mut community, first);
    pass_until(&mut community, next + 300);
    (community, first, next)
}

/// The readings of seller and buyer at the boundaries 0, 1 and 2, one after the other.
fn readings(community: &mut LocalCommunity, first: i64) -> [Vec<SignedReading>; 3] {
    let binding = community.binding();
    let mut at = [0, 1, 2].map(|_| vec![]);
    for (place, (import, export)) in [(BUYER, (1000, 0)), (SELLER, (0, 1000))] {
        let device = &mut community.households[place].devices[0];
        for (index, readings) in (0..).zip(&mut at) {
            if index == 1 {
                device.flow(import, export);
            }
            readings.push(device.signed(&binding, first + index * 300));
        }
    }
    at
}

#[track_caller]
fn check_honest(community: &LocalCommunity, first: i64, case: &str) {
    check_invariants(community);
    check_settled(community, first);
    // 1 kWh at 150,000. The first version left the seller 70,000,000 short.
    let seats = [BUYER, SELLER].map(|place| community.seat(place).free);
    let due = [FREE - amounts::PAID, FREE + amounts::INCOME];
    assert_eq!(seats, due, "{case}");
}

#[test]
fn given_two_windows_when_allocations_readings_and_settlements_come_in_any_order_then_an_honest_seller_has_its_due(
) {
    // Boundaries in the order of time; the later one first, which a relay may do; the start of the page last.
    for sequence in [[0, 1, 2], [0, 2, 1], [2, 1, 0]] {
        for later_first in [false, true] {
            for settles_between in [false, true] {
                let case = format!("{sequence:?}, {later_first}, {settles_between}");
                let (mut community, first, next) = two_windows(Parameters::default());
                let mut windows = [first, next];
                if later_first {
                    windows.reverse();
                }
                for window in windows {
                    community.clear_and_allocate(window).unwrap();
                }
                let readings = readings(&mut community, first);
                pass_until(&mut community, next + 300 + 600);
                for index in sequence {
                    if settles_between {
                        for window in windows {
                            community.settle(window).unwrap();
                            check_invariants(&community);
                        }
                    }
                    community.submit(first, readings[index].clone()).unwrap();
                }
                community.settle_page(first).unwrap();
                check_honest(&community, first, &case);
                community.finish_page(first).unwrap();
                let seats = [BUYER, SELLER].map(|place| community.seat(place).free);
                let due = [FREE - amounts::PAID, FREE + amounts::INCOME];
                assert_eq!(seats, due, "{case}");
            }
        }
    }
}

/// A window allocated when everything of it was read and its page was settled: it is settled behind that.
#[test]
fn given_readings_before_the_allocation_when_the_window_is_allocated_late_then_its_due_is_the_same()
{
    let (mut community, first, next) = two_windows(Parameters::default());
    for readings in readings(&mut community, first) {
        community.submit(first, readings).unwrap();
    }
    community.clear_and_allocate(next).unwrap();
    community.settle_page(first).unwrap();
    check_invariants(&community);
    community.clear_and_allocate(first).unwrap();
    community.settle_page(first).unwrap();
    check_honest(&community, first, "");
}

/// In the first version, with a grace of 0, whoever was first silenced everybody.
#[test]
fn given_no_grace_when_someone_settles_before_anybody_is_heard_then_draws_are_given_back() {
    let mut parameters = Parameters::default();
    parameters.terms.metering_grace = 0;
    parameters.terms.draw_after = 0;
    let (mut community, first, next) = two_windows(parameters);
    let meter = meters_of(&community, SELLER)[0];
    let owner = &community.households[SELLER];
    let set = instructions::set_standard_draw(&community, owner, meter, 500);
    govern(&mut community, set).unwrap();
    for window in [first, next] {
        community.clear_and_allocate(window).unwrap();
    }
    community.settle_page(first).unwrap();
    check_invariants(&community);
    check_settled(&community, first);
    // 500 Wh at 300,000 for each of two windows, and what not delivering may cost.
    let charged = FREE - amounts::DELIVERY_LOCK - 300_000_000;
    assert_eq!(community.seat(SELLER).free, charged);

    for readings in readings(&mut community, first) {
        community.submit(first, readings).unwrap();
    }
    community.settle_page(first).unwrap();
    check_honest(&community, first, "");
}
