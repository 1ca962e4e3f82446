//! `set_delegate`, and what a delegate may do.

use joulebook_client::{
    layout::market::{DelegateBounds, NewOrder},
    market::{errors::MarketError, events::MarketEvent, types::DelegateChanged},
    packing::{pack, Metered},
};
use joulebook_settlement::Terms;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, buy, check_invariants, community_with_open_window, first_start, id,
        instructions, market_events, pass_until, sell, send_as, BUYER, SELLER,
    },
    refused::{refused, refused_when},
};
use joulebook_units::{Price, Tick};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An open window, and a bot that trades for the buyer.
pub fn with_bot() -> (LocalCommunity, i64, Keypair) {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let bot = Keypair::new();
    let name =
        instructions::set_delegate(&community, &community.households[BUYER], Some(bot.pubkey()));
    send_as(&mut community, BUYER, name).unwrap();
    (community, start, bot)
}

fn place(community: &LocalCommunity, bot: &Keypair, of: usize, start: i64) -> Instruction {
    let household = &community.households[of];
    community
        .addresses
        .place_orders(bot.pubkey(), &household.address(), start, vec![buy(10, 50)])
}

#[test]
fn given_a_seat_when_its_owner_names_a_delegate_then_it_is_named_until_taken_back() {
    let (mut community, _) = community_with_open_window(Parameters::default());
    let bot = Address::new_unique();
    let seat = community.households[BUYER].seat;
    for delegate in [Some(bot), None] {
        let set = instructions::set_delegate(&community, &community.households[BUYER], delegate);
        let receipt = sweep(
            &mut community.chain,
            &set,
            &[&community.households[BUYER].wallet],
        );
        let delegate = delegate.unwrap_or_default();
        let changed = DelegateChanged {
            market: community.addresses.market,
            number: 0,
            seat,
            delegate,
            bounds: DelegateBounds::of_a_day(u64::MAX),
        };
        assert_eq!(
            market_events(&receipt),
            [MarketEvent::DelegateChanged(changed)]
        );
        assert_eq!(community.seat(BUYER).delegate, delegate.to_bytes());
    }
    check_invariants(&community);
}

#[test]
fn given_a_delegate_when_it_places_and_cancels_then_it_may() {
    let (mut community, start, bot) = with_bot();
    let enter = place(&community, &bot, BUYER, start);
    community.chain.send(&[enter], &[&bot]).unwrap();
    assert_eq!(community.book(start).header.live_orders, 1);
    let seat = community.households[BUYER].seat;
    let cancel = community
        .addresses
        .cancel_orders(bot.pubkey(), seat, start, vec![id(0, 0)]);
    community.chain.send(&[cancel], &[&bot]).unwrap();
    assert_eq!(community.book(start).header.live_orders, 0);
    check_invariants(&community);
}

#[test]
fn given_a_delegate_when_it_reaches_for_money_or_the_seat_then_it_is_not_the_owner() {
    let (mut community, _, bot) = with_bot();
    let buyer = &community.households[BUYER];
    let destination = community
        .token
        .account(&mut community.chain, &bot.pubkey(), 0)
        .unwrap();
    let withdraw = community.withdrawal_of(buyer, 1);
    let withdraw = swap(&withdraw, buyer.tokens, destination);
    let close = instructions::close_seat(&community, buyer);
    let name = instructions::set_delegate(&community, buyer, Some(bot.pubkey()));
    for (what, instruction) in [("withdraw", withdraw), ("close", close), ("name", name)] {
        let altered = swap(&instruction, buyer.address(), bot.pubkey());
        refused_when(
            what,
            &mut community.chain,
            &altered,
            &[&bot],
            MarketError::NotOwner,
        );
    }
    check_invariants(&community);
}

#[test]
fn given_a_delegate_of_one_seat_when_it_trades_for_another_then_it_is_no_trader_there() {
    let (mut community, start, bot) = with_bot();
    let enter = place(&community, &bot, SELLER, start);
    refused(
        &mut community.chain,
        &enter,
        &[&bot],
        MarketError::NotTrader,
    );
}

#[test]
fn given_a_delegate_taken_back_when_it_trades_then_it_is_no_trader() {
    let (mut community, start, bot) = with_bot();
    let enter = place(&community, &bot, BUYER, start);
    community
        .chain
        .send(std::slice::from_ref(&enter), &[&bot])
        .unwrap();
    let forget = instructions::set_delegate(&community, &community.households[BUYER], None);
    send_as(&mut community, BUYER, forget).unwrap();
    refused(
        &mut community.chain,
        &enter,
        &[&bot],
        MarketError::NotTrader,
    );
    let seat = community.households[BUYER].seat;
    let cancel = community
        .addresses
        .cancel_orders(bot.pubkey(), seat, start, vec![id(0, 0)]);
    refused(
        &mut community.chain,
        &cancel,
        &[&bot],
        MarketError::NotTrader,
    );
    check_invariants(&community);
}

#[test]
fn given_someone_elses_seat_or_none_when_a_delegate_is_named_then_it_is_refused() {
    let (mut community, _, bot) = with_bot();
    let mut set =
        instructions::set_delegate(&community, &community.households[BUYER], Some(bot.pubkey()));
    let buyer = &community.households[BUYER].wallet;
    for (seat, why) in [
        (community.households[SELLER].seat, MarketError::NotOwner),
        (31, MarketError::NoSuchSeat),
        (32, MarketError::NoSuchSeat),
        (u16::MAX, MarketError::NoSuchSeat),
    ] {
        set.data[8..10].copy_from_slice(&seat.to_le_bytes());
        refused(&mut community.chain, &set, &[buyer], why);
    }
}

/// At the end of the grid it could trade away all of a seat's money otherwise.
#[test]
fn given_a_daily_limit_when_a_delegate_trades_then_its_orders_lock_no_more_in_a_day() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let bot = Keypair::new();
    // 10 Wh at 150,000 with fees of 20,000 and 1,500 lock 1,715,000.
    let name = instructions::set_bounded_delegate(
        &community,
        &community.households[BUYER],
        Some(bot.pubkey()),
        DelegateBounds::of_a_day(2 * 1_715_000 + 1_714_999),
    );
    send_as(&mut community, BUYER, name).unwrap();
    let enter = place(&community, &bot, BUYER, start);
    community
        .chain
        .send(&[enter.clone(), enter.clone()], &[&bot])
        .unwrap();
    refused(
        &mut community.chain,
        &enter,
        &[&bot],
        MarketError::DelegateLimit,
    );
    // What it cancels counts all the same: it might be an order of the owner.
    let seat = community.households[BUYER].seat;
    let cancel = community
        .addresses
        .cancel_orders(bot.pubkey(), seat, start, vec![id(0, 0)]);
    community.chain.send(&[cancel], &[&bot]).unwrap();
    refused(
        &mut community.chain,
        &enter,
        &[&bot],
        MarketError::DelegateLimit,
    );
    // The owner has no limit.
    community.place(BUYER, start, vec![buy(10, 50)]).unwrap();
    check_invariants(&community);

    let midnight = (community.chain.now() / 86_400 + 1) * 86_400;
    pass_until(&mut community, midnight);
    community.finish_pages_before(midnight).unwrap();
    let next = first_start(&community);
    community.open_window(next).unwrap();
    let enter = place(&community, &bot, BUYER, next);
    community
        .chain
        .send(&[enter.clone(), enter.clone()], &[&bot])
        .unwrap();
    refused(
        &mut community.chain,
        &enter,
        &[&bot],
        MarketError::DelegateLimit,
    );
    check_invariants(&community);
}

/// With a friend's order at the end of the grid it could buy dear, or sell cheap, otherwise.
#[test]
fn given_price_bounds_when_a_delegate_trades_then_it_neither_buys_above_nor_sells_below_them() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let bot = Keypair::new();
    // Ticks of 2,000 from 50,000 on: these are ticks 50, with its fees, and 45.
    let terms = Terms::from(&community.book(start).header);
    let next = terms.all_in(Price(152_000)).expect("fits");
    let bounds = DelegateBounds {
        highest_buy: next.0 - 1,
        lowest_sell: 138_001,
        ..DelegateBounds::of_a_day(u64::MAX)
    };
    for of in [BUYER, SELLER] {
        let household = &community.households[of];
        let name =
            instructions::set_bounded_delegate(&community, household, Some(bot.pubkey()), bounds);
        send_as(&mut community, of, name).unwrap();
    }
    let by_bot = |community: &LocalCommunity, of: usize, orders: Vec<NewOrder>| {
        let owner = community.households[of].address();
        community
            .addresses
            .place_orders(bot.pubkey(), &owner, start, orders)
    };
    let beyond = [
        (BUYER, vec![buy(10, 51)]),
        // None of them is placed then.
        (BUYER, vec![buy(10, 50), buy(10, 51)]),
        (SELLER, vec![sell(10, 44)]),
    ];
    for (of, orders) in beyond {
        let place = by_bot(&community, of, orders);
        refused(
            &mut community.chain,
            &place,
            &[&bot],
            MarketError::DelegatePrice,
        );
    }
    for (of, orders) in [(BUYER, vec![buy(10, 50)]), (SELLER, vec![sell(10, 45)])] {
        let place = by_bot(&community, of, orders);
        community.chain.send(&[place], &[&bot]).unwrap();
    }
    // The owner has no bounds.
    community.place(BUYER, start, vec![buy(10, 51)]).unwrap();
    assert_eq!(community.book(start).header.live_orders, 3);
    check_invariants(&community);
}

/// A key that was stolen trades no worse than with the supplier, whatever bounds it has.
#[test]
fn given_no_price_bounds_when_a_delegate_trades_then_no_worse_than_with_the_supplier() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let bot = Keypair::new();
    for of in [BUYER, SELLER] {
        let household = &community.households[of];
        let bounds = DelegateBounds::of_a_day(u64::MAX);
        let name =
            instructions::set_bounded_delegate(&community, household, Some(bot.pubkey()), bounds);
        send_as(&mut community, of, name).unwrap();
    }
    let book = community.book(start).header;
    let terms = Terms::from(&book);
    let ticks = || (0..book.ticks).map(Tick);
    let costs = |tick: Tick| terms.all_in(book.price(tick)).expect("fits");
    let dearest = ticks()
        .filter(|tick| costs(*tick) <= terms.tariff.short)
        .max();
    let cheapest = ticks().find(|tick| book.price(*tick) >= terms.tariff.long);
    let (dearest, cheapest) = (dearest.expect("one").0, cheapest.expect("one").0);
    assert!(
        dearest + 1 < book.ticks && cheapest > 0,
        "the grid goes beyond the supplier's prices"
    );
    for (of, beyond, within) in [
        (BUYER, buy(10, dearest + 1), buy(10, dearest)),
        (SELLER, sell(10, cheapest - 1), sell(10, cheapest)),
    ] {
        let owner = community.households[of].address();
        let place = community
            .addresses
            .place_orders(bot.pubkey(), &owner, start, vec![beyond]);
        let reason = MarketError::DelegatePrice;
        refused(&mut community.chain, &place, &[&bot], reason);
        let place = community
            .addresses
            .place_orders(bot.pubkey(), &owner, start, vec![within]);
        community.chain.send(&[place], &[&bot]).unwrap();
    }
    check_invariants(&community);
}

#[test]
fn given_a_delegate_of_several_seats_when_it_orders_for_all_then_it_sends_one_transaction() {
    let (mut community, start, bot) = with_bot();
    let household = &community.households[SELLER];
    let named = instructions::set_delegate(&community, household, Some(bot.pubkey()));
    send_as(&mut community, SELLER, named).unwrap();
    let orders = [BUYER, SELLER].map(|of| Metered {
        instruction: place(&community, &bot, of, start),
        units: 5_000,
    });
    let [batch] = &pack(&bot.pubkey(), &orders)[..] else {
        panic!("one transaction was expected");
    };
    community.chain.fund(&bot.pubkey());
    let sent = community.chain.send_from(&bot, &batch.instructions);
    sent.unwrap();
    assert_eq!(community.book(start).header.live_orders, 2);
    check_invariants(&community);
}
