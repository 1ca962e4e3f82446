//! `meter`.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent, types::WindowMetered},
    oracle::ORACLE_ID,
    registry::REGISTRY_ID,
    tables::Phase,
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, close_gate, contracted, deliver, first_start, market_events, open_village,
        pass_until, read_start, sound, village, BUYER, SELLER,
    },
    refused::{refused, snapshot},
};

const METERED: u8 = 4;

#[test]
fn given_every_meter_heard_when_the_window_has_ended_then_its_energy_is_taken_over() {
    let (mut world, start) = contracted(Setup::default());
    deliver(&mut world, start, &[(1100, 7), (3, 900)]);
    let meter = world.at.meter(start);
    let receipt = sweep(&mut world.chain, &meter, &[]);

    let metered = WindowMetered {
        market: world.at.market,
        window: start,
        expected: 2,
        heard: 2,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::WindowMetered(metered)]
    );
    let window = world.window(start);
    assert_eq!(window.phase(), Some(Phase::Metered));
    for (place, energy) in [(BUYER, (1100, 7)), (SELLER, (3, 900))] {
        let position = window.positions[usize::from(world.households[place].seat)];
        assert_eq!((position.imported, position.exported), energy);
        assert_eq!(position.flags, METERED);
    }
    assert_eq!(world.interval(start).header.phase, 0);
    sound(&world);

    let accounts = [world.at.window(start), world.at.interval(start)];
    let before = snapshot(&world.chain, &accounts);
    let receipt = world.crank(&[meter]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&world.chain, &accounts), before);
}

#[test]
fn given_several_meters_of_a_seat_when_it_is_metered_then_they_are_added_up() {
    let (mut world, start) = contracted(Setup::default());
    world.add_meter(BUYER).unwrap();
    read_start(&mut world, start);
    world.open_interval(start).unwrap();
    pass_until(&mut world, start + 300);
    world.households[BUYER].devices[1].flow(40, 5);
    let readings = world.read_meters(start, &[(1000, 0), (0, 1000)]);
    world.submit(start, readings).unwrap();
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    let position = world.window(start).positions[usize::from(world.households[BUYER].seat)];
    assert_eq!((position.imported, position.exported), (1040, 5));
    sound(&world);
}

#[test]
fn given_readings_awaited_when_it_is_metered_before_the_grace_is_over_then_it_is_too_early() {
    let (mut world, start) = contracted(Setup::default());
    read_start(&mut world, start);
    world.open_interval(start).unwrap();
    let meter = world.at.meter(start);
    let why = || MarketError::TooEarlyToMeter;
    refused(&mut world.chain, &meter, &[], why());
    pass_until(&mut world, start + 300);
    refused(&mut world.chain, &meter, &[], why());
    let readings = world.read_meters(start, &[]);
    world.submit(start, readings[..1].to_vec()).unwrap();
    pass_until(&mut world, start + 899);
    refused(&mut world.chain, &meter, &[], why());
    pass_until(&mut world, start + 900);
    world.crank(&[meter]).unwrap();
    sound(&world);
}

#[test]
fn given_no_meters_when_the_window_has_ended_then_nobody_is_waited_for() {
    let mut world = World::new(Setup::default()).unwrap();
    let start = first_start(&world);
    world.open_window(start).unwrap();
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    pass_until(&mut world, start);
    world.open_interval(start).unwrap();
    let meter = world.at.meter(start);
    pass_until(&mut world, start + 299);
    refused(&mut world.chain, &meter, &[], MarketError::TooEarlyToMeter);
    pass_until(&mut world, start + 300);
    world.meter_and_settle(start).unwrap();
    sound(&world);
}

#[test]
fn given_a_window_not_allocated_when_it_is_metered_then_it_is_the_wrong_step() {
    let (mut world, start) = open_village(Setup::default());
    let meter = world.at.meter(start);
    let why = || MarketError::WrongPhase;
    refused(&mut world.chain, &meter, &[], why());
    close_gate(&mut world, start);
    let clear = world.at.clear(start);
    world.crank(&[clear]).unwrap();
    refused(&mut world.chain, &meter, &[], why());

    let mut fresh = village();
    let meter = fresh.at.meter(start);
    refused(&mut fresh.chain, &meter, &[], why());
}

#[test]
fn given_an_interval_never_opened_when_its_window_is_metered_then_it_must_be() {
    let (mut world, start) = contracted(Setup::default());
    pass_until(&mut world, start + 900);
    let meter = world.at.meter(start);
    refused(
        &mut world.chain,
        &meter,
        &[],
        MarketError::IntervalNotOpened,
    );
    world.open_interval(start).unwrap();
    world.crank(&[meter]).unwrap();
    sound(&world);
}

#[test]
fn given_the_interval_of_another_slot_when_it_is_metered_then_it_is_the_wrong_one() {
    let (mut world, start) = contracted(Setup::default());
    deliver(&mut world, start, &[]);
    let meter = world.at.meter(start);
    let other = world.at.interval(start + 300);
    let bent = swap(&meter, world.at.interval(start), other);
    refused(&mut world.chain, &bent, &[], MarketError::OtherInterval);
    let bent = swap(&meter, ORACLE_ID, REGISTRY_ID);
    refused(&mut world.chain, &bent, &[], ErrorCode::InvalidProgramId);
    sound(&world);
}
