//! `meter`.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::market::Phase,
    market::{errors::MarketError, events::MarketEvent, types::WindowMetered},
    oracle::ORACLE_ID,
    registry::REGISTRY_ID,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, close_gate, community_with_open_window, contracted,
        deliver, first_start, market_events, pass_until, read_start, trading_community, BUYER,
        SELLER,
    },
    refused::{refused, snapshot},
};

const METERED: u8 = 4;

#[test]
fn given_every_meter_heard_when_the_window_has_ended_then_its_energy_is_taken_over() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1100, 7), (3, 900)]);
    let meter = community.addresses.meter(start);
    let receipt = sweep(&mut community.chain, &meter, &[]);

    let metered = WindowMetered {
        market: community.addresses.market,
        window: start,
        expected: 2,
        heard: 2,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::WindowMetered(metered)]
    );
    let window = community.window(start);
    assert_eq!(window.phase(), Some(Phase::Metered));
    for (place, energy) in [(BUYER, (1100, 7)), (SELLER, (3, 900))] {
        let position = window.positions[usize::from(community.households[place].seat)];
        assert_eq!((position.imported, position.exported), energy);
        assert_eq!(position.flags, METERED);
    }
    assert_eq!(community.interval(start).header.phase, 0);
    check_invariants(&community);

    let accounts = [
        community.addresses.window(start),
        community.addresses.interval(start),
    ];
    let before = snapshot(&community.chain, &accounts);
    let receipt = community.send_with_full_budget(&[meter]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&community.chain, &accounts), before);
}

#[test]
fn given_several_meters_of_a_seat_when_it_is_metered_then_they_are_added_up() {
    let (mut community, start) = contracted(Parameters::default());
    community.add_meter(BUYER).unwrap();
    read_start(&mut community, start);
    community.open_interval(start).unwrap();
    pass_until(&mut community, start + 300);
    community.households[BUYER].devices[1].flow(40, 5);
    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    community.submit(start, readings).unwrap();
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    let position = community.window(start).positions[usize::from(community.households[BUYER].seat)];
    assert_eq!((position.imported, position.exported), (1040, 5));
    check_invariants(&community);
}

#[test]
fn given_readings_awaited_when_it_is_metered_before_the_grace_is_over_then_it_is_too_early() {
    let (mut community, start) = contracted(Parameters::default());
    read_start(&mut community, start);
    community.open_interval(start).unwrap();
    let meter = community.addresses.meter(start);
    let why = || MarketError::TooEarlyToMeter;
    refused(&mut community.chain, &meter, &[], why());
    pass_until(&mut community, start + 300);
    refused(&mut community.chain, &meter, &[], why());
    let readings = community.read_meters(start, &[]);
    community.submit(start, readings[..1].to_vec()).unwrap();
    pass_until(&mut community, start + 899);
    refused(&mut community.chain, &meter, &[], why());
    pass_until(&mut community, start + 900);
    community.send_with_full_budget(&[meter]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_no_meters_when_the_window_has_ended_then_nobody_is_waited_for() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    pass_until(&mut community, start);
    community.open_interval(start).unwrap();
    let meter = community.addresses.meter(start);
    pass_until(&mut community, start + 299);
    refused(
        &mut community.chain,
        &meter,
        &[],
        MarketError::TooEarlyToMeter,
    );
    pass_until(&mut community, start + 300);
    community.meter_and_settle(start).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_window_not_allocated_when_it_is_metered_then_it_is_the_wrong_step() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let meter = community.addresses.meter(start);
    let why = || MarketError::WrongPhase;
    refused(&mut community.chain, &meter, &[], why());
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    refused(&mut community.chain, &meter, &[], why());

    let mut fresh = trading_community();
    let meter = fresh.addresses.meter(start);
    refused(&mut fresh.chain, &meter, &[], why());
}

#[test]
fn given_an_interval_never_opened_when_its_window_is_metered_then_it_must_be() {
    let (mut community, start) = contracted(Parameters::default());
    pass_until(&mut community, start + 900);
    let meter = community.addresses.meter(start);
    refused(
        &mut community.chain,
        &meter,
        &[],
        MarketError::IntervalNotOpened,
    );
    community.open_interval(start).unwrap();
    community.send_with_full_budget(&[meter]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_the_interval_of_another_slot_when_it_is_metered_then_it_is_the_wrong_one() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[]);
    let meter = community.addresses.meter(start);
    let other = community.addresses.interval(start + 300);
    let altered = swap(&meter, community.addresses.interval(start), other);
    refused(
        &mut community.chain,
        &altered,
        &[],
        MarketError::WrongInterval,
    );
    let altered = swap(&meter, ORACLE_ID, REGISTRY_ID);
    refused(
        &mut community.chain,
        &altered,
        &[],
        ErrorCode::InvalidProgramId,
    );
    check_invariants(&community);
}
