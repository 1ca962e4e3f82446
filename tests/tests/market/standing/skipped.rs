use joulebook_client::layout::market::{DelegateBounds, StandingOutcome, StandingRule};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER},
    LocalCommunity, Parameters,
};
use joulebook_tests::market::{
    amounts, buy, check_invariants, contract, door::change_seat, first_start, govern, instructions,
    send_as, BUYER, DEPOSIT, SELLER,
};
use solana_signer::Signer;

use super::{
    apply, before_a_window, create, enter, enter_by, entry, expect_outcome, open_next, orders_of,
    review, rule, sell, with_standing_orders, with_standing_orders_of,
};
use crate::{claims, debt, delegate::with_bot};

use StandingOutcome::{
    BeyondConnection, CapReached, ClaimsUnpaid, DelegateLimit, InDebt, MetersSilent, NoRoom,
    NoValues, NotActive, NotEnoughFree, NotPermitted, NotYours, OffGrid, Placed, TooLittle,
};

/// The buyer's rule, and one of the seller that can always be placed.
fn entered(community: &mut LocalCommunity, buyers: StandingRule) {
    enter(community, BUYER, vec![entry(0, buyers)]).unwrap();
    enter(community, SELLER, vec![entry(0, sell())]).unwrap();
}

/// The buyer's order comes to `outcome`, without an order in the book; the seller's is placed all the same.
#[track_caller]
fn skipped(community: &mut LocalCommunity, start: i64, outcome: StandingOutcome) {
    let before = community.seat(BUYER);
    apply(community, start).unwrap();
    expect_outcome(community, BUYER, 0, outcome);
    assert_eq!(orders_of(community, BUYER, start), []);
    assert_eq!(community.seat(BUYER), before);
    expect_outcome(community, SELLER, 0, Placed);
    assert_eq!(orders_of(community, SELLER, start).len(), 1);
    check_invariants(community);
}

#[test]
fn given_a_participant_suspended_when_it_was_reviewed_then_it_is_not_active() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    review(&mut community, BUYER);
    skipped(&mut community, start, NotActive);
}

/// Nobody passes the accounts of all participants; anyone can pass one of them before.
#[test]
fn given_a_participant_suspended_when_nobody_reviewed_it_then_its_orders_are_placed_still() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, Placed);
    let next = start + community.window_length();
    open_next(&mut community, next);
    review(&mut community, BUYER);
    skipped(&mut community, next, NotActive);
}

#[test]
fn given_a_role_for_selling_alone_when_a_buy_is_due_then_it_is_not_permitted() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    let set = instructions::set_roles(&community, &community.households[BUYER], PRODUCER);
    govern(&mut community, set).unwrap();
    review(&mut community, BUYER);
    skipped(&mut community, start, NotPermitted);
}

#[test]
fn given_a_role_for_buying_alone_when_a_sell_is_due_then_it_is_not_permitted() {
    let (mut community, start) = with_standing_orders();
    let set = instructions::set_roles(&community, &community.households[BUYER], CONSUMER);
    govern(&mut community, set).unwrap();
    entered(&mut community, sell());
    skipped(&mut community, start, NotPermitted);
}

#[test]
fn given_another_owner_of_the_seat_when_applied_then_they_are_not_its_orders() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    let another = community.grid_operator.address().to_bytes();
    change_seat(&mut community, BUYER, |seat| seat.owner.0 = another);
    skipped(&mut community, start, NotYours);
}

#[test]
fn given_a_seat_that_was_closed_when_applied_then_they_are_nobodys_orders() {
    let (mut community, _) = before_a_window(Parameters::default());
    entered(&mut community, rule());
    community.leave(BUYER).unwrap();
    let later = first_start(&community);
    community.open_window(later).unwrap();
    skipped(&mut community, later, NotYours);
}

#[test]
fn given_another_delegate_when_what_the_former_entered_is_due_then_it_is_nobodys() {
    let (mut community, start, bot) = with_bot();
    create(&mut community);
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    for delegate in [None, Some(community.grid_operator.address())] {
        let name = instructions::set_delegate(&community, &community.households[BUYER], delegate);
        send_as(&mut community, BUYER, name).unwrap();
        skipped(&mut community, start, NotYours);
    }
}

#[test]
fn given_a_debt_when_an_order_is_due_then_the_seat_is_in_debt() {
    let (mut community, start) = debt::indebted();
    create(&mut community);
    entered(&mut community, rule());
    skipped(&mut community, start, InDebt);
}

#[test]
fn given_meters_silent_for_too_long_when_an_order_is_due_then_they_are_silent() {
    let mut parameters = Parameters::default();
    parameters.terms.max_silent = 4;
    let (mut community, start) = before_a_window(parameters);
    // Without a meter nothing is silent, and nothing carried but by the supplier.
    entered(&mut community, rule());
    contract(&mut community, start);
    community.finish_page(start).unwrap();
    let window = start + 2 * community.page_length() + community.window_length();
    community.open_window(window).unwrap();
    let supplier = community.supplier.address();
    let key = community.supplier.wallet.insecure_clone();
    let set = community
        .addresses
        .set_standing_orders(supplier, &supplier, vec![entry(0, rule())]);
    community.chain.send(&[set], &[&key]).unwrap();
    apply(&mut community, window).unwrap();
    for place in [BUYER, SELLER] {
        expect_outcome(&community, place, 0, MetersSilent);
    }
    let supplier = super::row_of(&community, community.supplier.seat);
    assert_eq!(supplier.orders[0].outcome, Placed as u8);
    assert_eq!(community.book(window).header.live_orders, 1);
    check_invariants(&community);
}

#[test]
fn given_claims_on_a_supplier_when_its_order_is_due_then_they_are_to_be_paid_first() {
    let (mut community, start) = claims::surplus(1000, 10);
    claims::settle(&mut community, start);
    create(&mut community);
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    let supplier = community.supplier.address();
    let key = community.supplier.wallet.insecure_clone();
    let set = community
        .addresses
        .set_standing_orders(supplier, &supplier, vec![entry(5, rule())]);
    community.chain.send(&[set], &[&key]).unwrap();
    let window = start + 2 * community.window_length();
    community.open_window(window).unwrap();
    apply(&mut community, window).unwrap();
    let row = super::row_of(&community, community.supplier.seat);
    assert_eq!(row.orders[5].outcome, ClaimsUnpaid as u8);
    expect_outcome(&community, SELLER, 0, Placed);
    check_invariants(&community);
}

#[test]
fn given_a_milli_atom_too_little_when_an_order_is_due_then_it_has_not_enough_free() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    // Whole atoms alone go out: one of them too little.
    let left = amounts::BUY_LOCK / 1000 - 1;
    community.withdraw(BUYER, DEPOSIT - left).unwrap();
    skipped(&mut community, start, NotEnoughFree);
    community.deposit(BUYER, 1).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, Placed);
    assert_eq!(community.seat(BUYER).free, 0);
    check_invariants(&community);
}

#[test]
fn given_a_suppliers_margin_when_its_order_would_lock_of_it_then_it_has_not_enough_free() {
    let (mut community, start) = with_standing_orders_of(Parameters {
        // It has 100,000,000 atoms, and the order locks 191,700.
        supplier_margin: (100_000_000 - 191_699) * 1000,
        ..Parameters::default()
    });
    let supplier = community.supplier.address();
    let key = community.supplier.wallet.insecure_clone();
    let set = community
        .addresses
        .set_standing_orders(supplier, &supplier, vec![entry(0, rule())]);
    community.chain.send(&[set], &[&key]).unwrap();
    let outcome = |community: &LocalCommunity| {
        let row = super::row_of(community, community.supplier.seat);
        StandingOutcome::from_byte(row.orders[0].outcome)
    };
    apply(&mut community, start).unwrap();
    assert_eq!(outcome(&community), Some(NotEnoughFree));
    community.fund_supplier(1).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(outcome(&community), Some(Placed));
    check_invariants(&community);
}

#[test]
fn given_a_delegates_limit_when_its_order_would_lock_more_then_it_is_beyond_that() {
    let (mut community, start, bot) = with_bot();
    create(&mut community);
    let buyer = &community.households[BUYER];
    let bounds = DelegateBounds::of_a_day(amounts::BUY_LOCK - 1);
    let name = instructions::set_bounded_delegate(&community, buyer, Some(bot.pubkey()), bounds);
    send_as(&mut community, BUYER, name).unwrap();
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    skipped(&mut community, start, DelegateLimit);
}

#[test]
fn given_caps_that_less_than_the_least_fits_when_an_order_is_due_then_they_are_reached() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 10;
    let (mut community, start) = with_standing_orders_of(parameters);
    entered(&mut community, rule());
    for capped in [
        StandingRule {
            energy_cap: 9,
            ..rule()
        },
        // 10 Wh lock 1,917,000.
        StandingRule {
            lock_cap: 1_916_999,
            ..rule()
        },
    ] {
        enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
        skipped(&mut community, start, CapReached);
    }
}

#[test]
fn given_a_limit_beside_the_grid_when_an_order_is_due_then_it_is_off_it() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    // From 50,000, tick 0, to 304,000, tick 127.
    for (side, limit) in [(rule(), 49_999), (sell(), 304_001)] {
        let limited = StandingRule { limit, ..side };
        enter(&mut community, BUYER, vec![entry(0, limited)]).unwrap();
        skipped(&mut community, start, OffGrid);
    }
}

#[test]
fn given_a_quantity_below_the_least_when_it_is_due_then_it_is_too_little() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 10;
    let (mut community, start) = with_standing_orders_of(parameters);
    let little = StandingRule {
        quantity: 9,
        ..rule()
    };
    entered(&mut community, little);
    skipped(&mut community, start, TooLittle);
}

/// The ring of two hours has no page of a day before.
#[test]
fn given_a_page_without_the_window_when_a_share_of_it_is_due_then_it_has_no_values() {
    let (mut community, start) = with_standing_orders();
    let share = StandingRule {
        quantity: 10_000,
        quantity_kind: joulebook_client::layout::market::QuantityKind::DayBefore as u8,
        ..rule()
    };
    entered(&mut community, share);
    skipped(&mut community, start, NoValues);
}

#[test]
fn given_a_seats_share_of_orders_by_hand_when_one_more_is_due_then_it_has_no_room() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    community.place(BUYER, start, vec![buy(1, 1); 8]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, NoRoom);
    assert_eq!(orders_of(&community, BUYER, start).len(), 8);
    expect_outcome(&community, SELLER, 0, Placed);
    check_invariants(&community);
}

/// Room for two orders of each of five seats, and four that whoever comes first has.
#[test]
fn given_a_book_without_shared_room_when_orders_are_due_then_each_seat_has_its_own_room() {
    let (mut community, start) = with_standing_orders_of(Parameters {
        seats: 5,
        orders: 14,
        room_per_seat: 2,
        ..Parameters::default()
    });
    let cheap = StandingRule {
        quantity: 1,
        ..rule()
    };
    for place in 0..7 {
        enter(&mut community, BUYER, vec![entry(place, cheap)]).unwrap();
    }
    let cheap = StandingRule {
        quantity: 1,
        ..sell()
    };
    let three = (0..3).map(|place| entry(place, cheap)).collect();
    enter(&mut community, SELLER, three).unwrap();
    apply(&mut community, start).unwrap();
    for (place, number, outcome) in [
        (BUYER, 5, Placed),
        (BUYER, 6, NoRoom),
        (SELLER, 1, Placed),
        (SELLER, 2, NoRoom),
    ] {
        expect_outcome(&community, place, number, outcome);
    }
    assert_eq!(community.book(start).header.beyond_room, 4);
    check_invariants(&community);
}

#[test]
fn given_a_connection_used_up_by_hand_when_more_is_due_then_it_is_beyond_it() {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    let all = vec![buy(joulebook_tests::market::CARRIED, 0)];
    community.place(BUYER, start, all).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, BeyondConnection);
    expect_outcome(&community, SELLER, 0, Placed);
    check_invariants(&community);
}

#[test]
fn given_a_seat_without_a_meter_when_its_order_is_due_then_nothing_carries_it() {
    let (mut community, start) = with_standing_orders();
    let bystander = community.take_seat("bystander").unwrap();
    community.deposit(bystander, DEPOSIT).unwrap();
    enter(&mut community, bystander, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, bystander, 0, BeyondConnection);
    expect_outcome(&community, SELLER, 0, Placed);
    check_invariants(&community);
}

#[test]
fn given_a_seat_in_as_many_windows_as_can_be_counted_when_its_order_is_due_then_only_that_is_skipped(
) {
    let (mut community, start) = with_standing_orders();
    entered(&mut community, rule());
    change_seat(&mut community, BUYER, |seat| seat.engaged = u16::MAX);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::Overflow);
    expect_outcome(&community, SELLER, 0, Placed);
}
