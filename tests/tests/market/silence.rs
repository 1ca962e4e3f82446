//! Seats whose meters stay silent, and windows that no meter could be heard in.

use joulebook_client::{
    layout::market::Phase,
    market::{errors::MarketError, events::MarketEvent, types::WindowMetered},
};
use joulebook_sim::{roles::CONSUMER, Failure, Parameters};
use joulebook_tests::{
    market::{
        amounts, buy, check_invariants, close_gate, contract, contracted, deliver_and_settle,
        first_start, market_events, pass_until, read_start, sell, stay_silent,
        trading_community_with, BUYER, FREE, SELLER,
    },
    refused::refused,
};

const UNREAD: u8 = 8;

#[test]
fn given_meters_silent_for_too_long_when_their_seats_place_orders_then_they_must_be_read_first() {
    let mut parameters = Parameters::default();
    parameters.terms.max_estimated = 2;
    let mut community = trading_community_with(parameters);
    let first = first_start(&community);
    let bystander = community.admit("bystander", CONSUMER).unwrap();
    let open = community.seat_of(&bystander);
    community.chain.send(&[open], &[&bystander.wallet]).unwrap();
    for window in 0..2 {
        let start = first + window * 1200;
        assert_eq!(i64::from(community.seat(BUYER).estimated_windows), window);
        pass_until(&mut community, start - 900);
        contract(&mut community, start);
        stay_silent(&mut community, start);
        community.meter_and_settle(start).unwrap();
    }
    let later = first + 2 * 1200;
    community.open_window(later).unwrap();
    let silent = Err(Failure::Market(MarketError::MetersSilent));
    assert_eq!(
        community.place(BUYER, later, vec![buy(1, 1)]).map(|_| ()),
        silent
    );
    assert_eq!(
        community.place(SELLER, later, vec![sell(1, 1)]).map(|_| ()),
        silent
    );
    // Without a meter there is no silence: all that is missing is money.
    let place = community.orders_of(&bystander, later, vec![buy(1, 0)]);
    let why = MarketError::NotEnoughFree;
    refused(&mut community.chain, &place, &[&bystander.wallet], why);
    check_invariants(&community);

    close_gate(&mut community, later);
    community.clear_and_allocate(later).unwrap();
    deliver_and_settle(&mut community, later, &[(2000, 0), (0, 2000)]);
    assert_eq!(community.seat(BUYER).estimated_windows, 0);
    let next = later + 600;
    pass_until(&mut community, next - 900);
    community.open_window(next).unwrap();
    community.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_no_limit_when_meters_stay_silent_then_their_seats_may_go_on() {
    let mut parameters = Parameters::default();
    parameters.terms.max_estimated = 0;
    let (mut community, start) = contracted(parameters);
    stay_silent(&mut community, start);
    community.meter_and_settle(start).unwrap();
    assert_eq!(community.seat(BUYER).estimated_windows, 1);
    let next = start + 1200;
    community.open_window(next).unwrap();
    community.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_an_interval_nobody_opened_when_a_later_one_has_its_slot_then_all_counts_as_delivered() {
    let (mut community, start) = contracted(Parameters {
        interval_ring: 4,
        ..Parameters::default()
    });
    read_start(&mut community, start);
    // The grace is over, and nobody has come.
    let later = start + 1200;
    pass_until(&mut community, later);
    community.open_interval(later).unwrap();
    let meter = community.addresses.meter(start);
    let receipt = community.send_with_full_budget(&[meter]).unwrap();
    let metered = WindowMetered {
        market: community.addresses.market,
        window: start,
        expected: 0,
        heard: 0,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::WindowMetered(metered)]
    );
    assert!(community
        .window(start)
        .positions
        .iter()
        .all(|position| position.flags == UNREAD));
    // It is the later window's, and not let go of.
    assert_eq!(community.interval(later).header.phase, 1);
    let settle = community.addresses.settle(start, u16::MAX, None);
    community.send_with_full_budget(&[settle]).unwrap();
    assert_eq!(community.window(start).phase(), Some(Phase::Settled));
    assert_eq!(community.seat(BUYER).free, FREE - amounts::PAID);
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    assert_eq!(
        (
            community.seat(BUYER).estimated,
            community.seat(SELLER).estimated
        ),
        (1000, -1000)
    );
    // That nobody could be heard is not the seats' fault.
    assert_eq!(community.seat(BUYER).estimated_windows, 0);
    check_invariants(&community);

    community.open_window(later).unwrap();
    community.clear_and_allocate(later).unwrap();
    pass_until(&mut community, later + 300);
    let readings = community.read_meters(later, &[(1300, 0), (0, 1000)]);
    community.submit(later, readings).unwrap();
    community.meter_and_settle(later).unwrap();
    // 300 Wh beyond the estimate, at the tariff as nothing traded.
    assert_eq!(
        community.seat(BUYER).free,
        FREE - amounts::PAID - 90_000_000
    );
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    check_invariants(&community);
}
