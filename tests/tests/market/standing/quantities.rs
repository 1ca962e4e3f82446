use joulebook_client::layout::market::{QuantityKind, StandingOutcome, StandingRule};
use joulebook_sim::Parameters;
use joulebook_tests::market::{
    buy, check_invariants, sell as sell_by_hand, BUYER, CARRIED, SELLER,
};

use super::{
    apply, before_a_window, enter, entry, expect_outcome, open_next, quantities, rule, sell,
    with_standing_orders, with_standing_orders_of,
};

/// Of half hour 4, local 02:00, 500 Wh; of 5, nothing; of 6, as much as there can be: in tens of Wh.
fn profile() -> StandingRule {
    let mut profile = [0; 48];
    profile[4] = 50;
    profile[6] = u16::MAX;
    StandingRule {
        quantity: 10,
        quantity_kind: QuantityKind::Profile as u8,
        profile,
        ..rule()
    }
}

#[test]
fn given_a_profile_when_windows_start_then_each_orders_what_it_says_for_the_half_hour() {
    let (mut community, _) = before_a_window(Parameters::default());
    enter(&mut community, BUYER, vec![entry(0, profile())]).unwrap();
    let hour = 1_793_577_600 + 3600;
    let carried = (10 * u32::from(u16::MAX)).min(CARRIED);
    for (start, ordered) in [
        (hour, vec![500]),
        (hour + 1500, vec![500]),
        (hour + 1800, vec![]),
        (hour + 3600, vec![carried]),
    ] {
        open_next(&mut community, start);
        apply(&mut community, start).unwrap();
        assert_eq!(quantities(&community, BUYER, start), ordered, "{start}");
        if ordered.is_empty() {
            expect_outcome(&community, BUYER, 0, StandingOutcome::TooLittle);
        }
        check_invariants(&community);
    }
}

#[test]
fn given_less_left_of_a_connection_when_an_order_is_due_then_it_is_for_what_is_left() {
    let (mut community, start) = with_standing_orders();
    community
        .place(BUYER, start, vec![buy(CARRIED - 300, 0)])
        .unwrap();
    community
        .place(SELLER, start, vec![sell_by_hand(CARRIED - 999, 126)])
        .unwrap();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    // What is bought leaves what is sold alone.
    enter(&mut community, SELLER, vec![entry(1, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [CARRIED - 300, 300]);
    assert_eq!(
        quantities(&community, SELLER, start),
        [CARRIED - 999, 999, 1_000]
    );
    check_invariants(&community);
}

#[test]
fn given_two_rules_of_a_side_when_both_are_due_then_the_second_has_what_the_first_leaves() {
    let (mut community, start) = with_standing_orders();
    let large = StandingRule {
        quantity: CARRIED - 1,
        limit: 50_000,
        ..rule()
    };
    let entries = vec![entry(0, rule()), entry(1, large), entry(2, rule())];
    enter(&mut community, BUYER, entries).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(
        quantities(&community, BUYER, start),
        [1_000, CARRIED - 1_000]
    );
    expect_outcome(&community, BUYER, 2, StandingOutcome::BeyondConnection);
    check_invariants(&community);
}

#[test]
fn given_a_least_quantity_when_less_than_that_is_left_then_nothing_is_ordered() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 100;
    let (mut community, start) = with_standing_orders_of(parameters);
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let most = vec![buy(CARRIED - 99, 0)];
    community.place(BUYER, start, most).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::BeyondConnection);
    community
        .cancel(BUYER, start, vec![joulebook_tests::market::id(0, 0)])
        .unwrap();
    let most = vec![buy(CARRIED - 100, 0)];
    community.place(BUYER, start, most).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [CARRIED - 100, 100]);
    check_invariants(&community);
}

/// The supplier may order as much as 32 bits hold, and has not the money for it.
#[test]
fn given_a_supplier_when_its_order_is_the_most_there_is_then_money_is_what_it_lacks() {
    let (mut community, start) = with_standing_orders();
    let all = StandingRule {
        quantity: u32::MAX,
        ..rule()
    };
    let supplier = community.supplier.address();
    let key = community.supplier.wallet.insecure_clone();
    let capped = StandingRule {
        // 1,000,000 Wh at 170,000, with fees.
        lock_cap: 191_700 * 1_000_000,
        ..all
    };
    let entries = vec![entry(0, all), entry(1, capped)];
    let at = &community.addresses;
    let set = at.set_standing_orders(supplier, &supplier, entries);
    community.chain.send(&[set], &[&key]).unwrap();
    community.fund_supplier(191_700_000).unwrap();
    apply(&mut community, start).unwrap();
    let row = super::row_of(&community, community.supplier.seat);
    let outcomes = [row.orders[0].outcome, row.orders[1].outcome];
    let expected = [StandingOutcome::NotEnoughFree, StandingOutcome::Placed];
    assert_eq!(outcomes, expected.map(|outcome| outcome as u8));
    assert_eq!(row.orders[1].used_energy, 1_000_000);
    check_invariants(&community);
}
