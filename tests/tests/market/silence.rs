//! Seats whose meters stay silent, and windows that no meter could be heard in.

use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent, types::WindowMetered},
    tables::Phase,
};
use joulebook_testkit::{world::CONSUMER, Failure, Setup};
use joulebook_tests::{
    market::{
        amounts, buy, close_gate, contract, contracted, deliver_and_settle, first_start,
        market_events, pass_until, read_start, sell, sound, stay_silent, village_of, BUYER, FREE,
        SELLER,
    },
    refused::refused,
};

const UNREAD: u8 = 8;

#[test]
fn given_meters_silent_for_too_long_when_their_seats_place_orders_then_they_must_be_read_first() {
    let mut setup = Setup::default();
    setup.terms.max_estimated = 2;
    let mut world = village_of(setup);
    let first = first_start(&world);
    let bystander = world.admit("bystander", CONSUMER).unwrap();
    let open = world.open_seat_of(&bystander);
    world.chain.send(&[open], &[&bystander.wallet]).unwrap();
    for window in 0..2 {
        let start = first + window * 1200;
        assert_eq!(i64::from(world.seat(BUYER).estimated_windows), window);
        pass_until(&mut world, start - 900);
        contract(&mut world, start);
        stay_silent(&mut world, start);
        world.meter_and_settle(start).unwrap();
    }
    let later = first + 2 * 1200;
    world.open_window(later).unwrap();
    let silent = Err(Failure::Market(MarketError::MetersSilent));
    assert_eq!(
        world.place(BUYER, later, vec![buy(1, 1)]).map(|_| ()),
        silent
    );
    assert_eq!(
        world.place(SELLER, later, vec![sell(1, 1)]).map(|_| ()),
        silent
    );
    // Without a meter there is no silence: all that is missing is money.
    let place = world
        .at
        .place_orders(&bystander.address(), &bystander, later, vec![buy(1, 0)]);
    let why = MarketError::NotEnoughFree;
    refused(&mut world.chain, &place, &[&bystander.wallet], why);
    sound(&world);

    close_gate(&mut world, later);
    world.clear_and_allocate(later).unwrap();
    deliver_and_settle(&mut world, later, &[(2000, 0), (0, 2000)]);
    assert_eq!(world.seat(BUYER).estimated_windows, 0);
    let next = later + 600;
    pass_until(&mut world, next - 900);
    world.open_window(next).unwrap();
    world.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    sound(&world);
}

#[test]
fn given_no_limit_when_meters_stay_silent_then_their_seats_may_go_on() {
    let mut setup = Setup::default();
    setup.terms.max_estimated = 0;
    let (mut world, start) = contracted(setup);
    stay_silent(&mut world, start);
    world.meter_and_settle(start).unwrap();
    assert_eq!(world.seat(BUYER).estimated_windows, 1);
    let next = start + 1200;
    world.open_window(next).unwrap();
    world.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    sound(&world);
}

#[test]
fn given_an_interval_nobody_opened_when_a_later_one_has_its_slot_then_all_counts_as_delivered() {
    let (mut world, start) = contracted(Setup {
        interval_ring: 4,
        ..Setup::default()
    });
    read_start(&mut world, start);
    // The grace is over, and nobody has come.
    let later = start + 1200;
    pass_until(&mut world, later);
    world.open_interval(later).unwrap();
    let meter = world.at.meter(start);
    let receipt = world.crank(&[meter]).unwrap();
    let metered = WindowMetered {
        market: world.at.market,
        window: start,
        expected: 0,
        heard: 0,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::WindowMetered(metered)]
    );
    assert!(world
        .window(start)
        .positions
        .iter()
        .all(|position| position.flags == UNREAD));
    // It is the later window's, and not let go of.
    assert_eq!(world.interval(later).header.phase, 1);
    let settle = world.at.settle(start, u16::MAX, None);
    world.crank(&[settle]).unwrap();
    assert_eq!(world.window(start).phase(), Some(Phase::Settled));
    assert_eq!(world.seat(BUYER).free, FREE - amounts::PAID);
    assert_eq!(world.seat(SELLER).free, FREE + amounts::INCOME);
    assert_eq!(
        (world.seat(BUYER).estimated, world.seat(SELLER).estimated),
        (1000, -1000)
    );
    // That nobody could be heard is not the seats' fault.
    assert_eq!(world.seat(BUYER).estimated_windows, 0);
    sound(&world);

    world.open_window(later).unwrap();
    world.clear_and_allocate(later).unwrap();
    pass_until(&mut world, later + 300);
    let readings = world.read_meters(later, &[(1300, 0), (0, 1000)]);
    world.submit(later, readings).unwrap();
    world.meter_and_settle(later).unwrap();
    // 300 Wh beyond the estimate, at the tariff as nothing traded.
    assert_eq!(world.seat(BUYER).free, FREE - amounts::PAID - 90_000_000);
    assert_eq!(world.seat(SELLER).free, FREE + amounts::INCOME);
    sound(&world);
}
