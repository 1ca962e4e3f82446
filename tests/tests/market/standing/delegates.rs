use joulebook_client::{
    layout::market::{DelegateBounds, StandingOutcome, StandingRule},
    market::errors::MarketError,
};
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    market::{altered::swap, amounts, buy, check_invariants, instructions, send_as, BUYER, SELLER},
    refused::{refused, refused_when},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{
    apply, create, enter, enter_by, entering, entry, expect_outcome, nothing, open_next,
    quantities, row, rule, sell, DAY,
};
use crate::delegate::with_bot;

use StandingOutcome::{DelegateLimit, NotYours, Placed};

/// A bot that trades for the buyer, and standing orders.
fn community() -> (LocalCommunity, i64, Keypair) {
    let (mut community, start, bot) = with_bot();
    create(&mut community);
    (community, start, bot)
}

fn name(community: &mut LocalCommunity, delegate: Option<&Keypair>, limit: u64) {
    let buyer = &community.households[BUYER];
    let delegate = delegate.map(Signer::pubkey);
    let bounds = DelegateBounds::of_a_day(limit);
    let set = instructions::set_bounded_delegate(community, buyer, delegate, bounds);
    send_as(community, BUYER, set).unwrap();
}

#[test]
fn given_a_delegate_when_it_enters_an_order_then_it_is_placed_and_marked_as_its() {
    let (mut community, start, bot) = community();
    let entries = vec![entry(1, rule()), entry(2, sell())];
    enter_by(&mut community, &bot, BUYER, entries).unwrap();
    enter_by(&mut community, &bot, BUYER, vec![nothing(2)]).unwrap();
    enter(&mut community, BUYER, vec![entry(0, sell())]).unwrap();
    apply(&mut community, start).unwrap();
    let row = row(&community, BUYER);
    assert_eq!(row.delegate, bot.pubkey());
    assert_eq!(row.entered, 0b011);
    assert_eq!(
        [0, 1, 2].map(|place| row.orders[place].by_delegate),
        [0, 1, 0]
    );
    assert_eq!(quantities(&community, BUYER, start), [1_000, 1_000]);
    check_invariants(&community);
}

#[test]
fn given_an_order_of_the_owner_when_the_delegate_enters_or_takes_away_then_it_is_not_the_owner() {
    let (mut community, _, bot) = community();
    enter(&mut community, BUYER, vec![entry(3, rule())]).unwrap();
    for (what, entries) in [
        ("another", vec![entry(3, sell())]),
        ("nothing", vec![nothing(3)]),
        ("behind a good one", vec![entry(0, sell()), nothing(3)]),
        ("before a good one", vec![nothing(3), entry(0, sell())]),
    ] {
        let set = entering(&community, BUYER, entries);
        let owner = community.households[BUYER].address();
        let set = swap(&set, owner, bot.pubkey());
        let why = MarketError::NotOwner;
        refused_when(what, &mut community.chain, &set, &[&bot], why);
    }
    // What the owner has taken away is free.
    enter(&mut community, BUYER, vec![nothing(3)]).unwrap();
    enter_by(&mut community, &bot, BUYER, vec![entry(3, sell())]).unwrap();
    assert_eq!(row(&community, BUYER).entered, 0b1000);
}

#[test]
fn given_an_order_of_the_delegate_when_the_owner_enters_in_its_place_then_no_limit_holds() {
    let (mut community, start, bot) = community();
    name(&mut community, Some(&bot), 1);
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, DelegateLimit);
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, Placed);
    check_invariants(&community);
}

#[test]
fn given_a_daily_limit_when_orders_stand_and_are_placed_by_hand_then_it_holds_for_all_together() {
    let (mut community, start, bot) = community();
    // 10 Wh at tick 50 lock 1,715,000.
    let by_hand = 1_715_000;
    name(&mut community, Some(&bot), amounts::BUY_LOCK + 2 * by_hand);
    let entries = vec![entry(0, rule()), entry(1, rule())];
    enter_by(&mut community, &bot, BUYER, entries).unwrap();
    let owner = community.households[BUYER].address();
    let at = community.addresses.clone();
    let place = at.place_orders(bot.pubkey(), &owner, start, vec![buy(10, 50)]);
    let send = |community: &mut LocalCommunity| {
        let place = std::slice::from_ref(&place);
        community.chain.send(place, &[&bot])
    };
    send(&mut community).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, Placed);
    expect_outcome(&community, BUYER, 1, DelegateLimit);
    send(&mut community).unwrap();
    refused(
        &mut community.chain,
        &place,
        &[&bot],
        MarketError::DelegateLimit,
    );
    // The owner's own are not counted, and go on.
    enter(&mut community, BUYER, vec![entry(2, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 2, Placed);
    let seat = community.seat(BUYER);
    assert_eq!(seat.delegate_locked, amounts::BUY_LOCK + 2 * by_hand);
    check_invariants(&community);
}

#[test]
fn given_another_delegate_when_it_or_the_owner_enters_then_what_the_former_entered_is_gone() {
    for by_owner in [false, true] {
        let (mut community, start, bot) = community();
        enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
        let another = Keypair::new();
        name(&mut community, Some(&another), u64::MAX);
        let entries = vec![entry(4, sell())];
        match by_owner {
            true => enter(&mut community, BUYER, entries),
            false => enter_by(&mut community, &another, BUYER, entries),
        }
        .unwrap();
        assert_eq!(row(&community, BUYER).entered, 0b1_0000);
        // For good.
        name(&mut community, Some(&bot), u64::MAX);
        apply(&mut community, start).unwrap();
        expect_outcome(&community, BUYER, 0, StandingOutcome::Never);
        let others = if by_owner { Placed } else { NotYours };
        expect_outcome(&community, BUYER, 4, others);
        check_invariants(&community);
    }
}

/// It could enter them again, and needs nobody for it.
#[test]
fn given_a_delegate_named_again_when_nobody_entered_anything_since_then_its_orders_stand_again() {
    let (mut community, start, bot) = community();
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
    name(&mut community, None, 0);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, NotYours);
    // With the limit of now.
    name(&mut community, Some(&bot), amounts::BUY_LOCK - 1);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, DelegateLimit);
    name(&mut community, Some(&bot), amounts::BUY_LOCK);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, Placed);
    check_invariants(&community);
}

#[test]
fn given_a_delegate_taken_back_when_it_enters_then_it_is_no_trader_and_the_owners_orders_stand() {
    let (mut community, start, bot) = community();
    let owner = community.households[BUYER].address();
    enter(&mut community, BUYER, vec![entry(1, rule())]).unwrap();
    let set = entering(&community, BUYER, vec![entry(0, rule())]);
    let set = swap(&set, owner, bot.pubkey());
    name(&mut community, None, 0);
    let why = MarketError::NotTrader;
    refused(&mut community.chain, &set, &[&bot], why);
    let next = start + community.window_length();
    open_next(&mut community, next);
    apply(&mut community, next).unwrap();
    assert_eq!(quantities(&community, BUYER, next), [1_000]);
}

#[test]
fn given_a_delegate_of_one_seat_when_it_enters_for_another_then_it_is_no_trader_there() {
    let (mut community, _, bot) = community();
    let owner = community.households[SELLER].address();
    let set = entering(&community, SELLER, vec![entry(0, rule())]);
    let set = swap(&set, owner, bot.pubkey());
    let why = MarketError::NotTrader;
    refused(&mut community.chain, &set, &[&bot], why);
}

#[test]
fn given_places_that_a_delegate_used_up_when_the_owner_enters_in_them_then_the_caps_are_new() {
    let (mut community, start, bot) = community();
    let little = StandingRule {
        quantity: 100,
        ..rule()
    };
    enter_by(
        &mut community,
        &bot,
        BUYER,
        vec![entry(0, little), entry(1, little)],
    )
    .unwrap();
    apply(&mut community, start).unwrap();
    name(&mut community, None, 0);
    let capped = StandingRule {
        quantity: 50,
        energy_cap: 100,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped), nothing(1)]).unwrap();
    let used = |place: usize| row(&community, BUYER).orders[place].used_energy;
    assert_eq!([0, 1].map(used), [0, 0]);
    let next = start + community.window_length();
    open_next(&mut community, next);
    apply(&mut community, next).unwrap();
    assert_eq!(quantities(&community, BUYER, next), [50]);
    // Its own use stays, and no delegate makes it anew.
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    assert_eq!(row(&community, BUYER).orders[0].used_energy, 50);
    check_invariants(&community);
}

#[test]
fn given_a_place_that_its_owner_used_today_when_a_delegate_enters_in_it_then_it_must_wait() {
    let (mut community, start, bot) = community();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    enter(&mut community, BUYER, vec![nothing(0)]).unwrap();
    let owner = community.households[BUYER].address();
    for entries in [vec![entry(0, rule())], vec![entry(1, rule()), nothing(0)]] {
        let at = &community.addresses;
        let set = at.set_standing_orders(bot.pubkey(), &owner, entries);
        let why = MarketError::PlaceUsed;
        refused(&mut community.chain, &set, &[&bot], why);
    }
    let tomorrow = (start / DAY + 1) * DAY;
    joulebook_tests::market::pass_until(&mut community, tomorrow);
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
}

#[test]
fn given_a_delegate_that_takes_away_what_it_entered_when_the_owner_enters_then_the_caps_are_whole()
{
    let (mut community, start, bot) = community();
    enter_by(&mut community, &bot, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    enter_by(&mut community, &bot, BUYER, vec![nothing(0)]).unwrap();
    name(&mut community, None, 0);
    let capped = StandingRule {
        energy_cap: 1_000,
        ..rule()
    };
    enter(&mut community, BUYER, vec![entry(0, capped)]).unwrap();
    let next = start + community.window_length();
    open_next(&mut community, next);
    apply(&mut community, next).unwrap();
    assert_eq!(quantities(&community, BUYER, next), [1_000]);
}

#[test]
fn given_a_limit_that_is_changed_when_the_delegate_has_locked_some_of_it_then_the_new_one_is_for_all_of_the_day(
) {
    let (mut community, start, bot) = community();
    name(&mut community, Some(&bot), amounts::BUY_LOCK);
    enter_by(
        &mut community,
        &bot,
        BUYER,
        vec![entry(0, rule()), entry(1, rule())],
    )
    .unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 1, DelegateLimit);
    name(&mut community, Some(&bot), amounts::BUY_LOCK + 1);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 1, DelegateLimit);
    name(&mut community, Some(&bot), 2 * amounts::BUY_LOCK);
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 1, Placed);
    // Another one has the day before it.
    let other = Keypair::new();
    name(&mut community, Some(&other), amounts::BUY_LOCK);
    assert_eq!(community.seat(BUYER).delegate_locked, 0);
}

#[test]
fn given_places_that_a_delegate_used_up_when_the_next_one_enters_in_them_then_they_stay_used_up() {
    let (mut community, start, bot) = community();
    let capped = StandingRule {
        quantity: 100,
        energy_cap: 100,
        ..rule()
    };
    enter_by(&mut community, &bot, BUYER, vec![entry(0, capped)]).unwrap();
    apply(&mut community, start).unwrap();
    let other = Keypair::new();
    community.chain.fund(&other.pubkey());
    name(&mut community, Some(&other), u64::MAX);
    enter_by(&mut community, &other, BUYER, vec![entry(0, capped)]).unwrap();
    assert_eq!(row(&community, BUYER).orders[0].used_energy, 100);
}

#[test]
fn given_an_owners_standing_order_when_a_delegate_cancels_it_then_it_is_refused_and_its_own_are_not(
) {
    let (mut community, start, bot) = community();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    enter_by(&mut community, &bot, BUYER, vec![entry(1, sell())]).unwrap();
    apply(&mut community, start).unwrap();
    let [owners, delegates] = [0, 1].map(|index| joulebook_tests::market::id(index, 0));
    let owner = community.households[BUYER].address();
    let seat = community.households[BUYER].seat;
    let cancel = |community: &LocalCommunity, by, ids| {
        let at = &community.addresses;
        at.cancel_orders(by, seat, start, ids)
    };
    for ids in [vec![owners], vec![delegates, owners]] {
        let cancel = cancel(&community, bot.pubkey(), ids);
        refused(
            &mut community.chain,
            &cancel,
            &[&bot],
            MarketError::NotOwner,
        );
    }
    let by_bot = cancel(&community, bot.pubkey(), vec![delegates]);
    community.chain.send(&[by_bot], &[&bot]).unwrap();
    let by_owner = cancel(&community, owner, vec![owners]);
    send_as(&mut community, BUYER, by_owner).unwrap();
    // A slot that is free again is nobody's.
    let again = cancel(&community, bot.pubkey(), vec![owners]);
    refused(
        &mut community.chain,
        &again,
        &[&bot],
        MarketError::NoSuchOrder,
    );
    check_invariants(&community);
}
