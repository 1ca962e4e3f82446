//! `release_skipped`: intervals whose window will never be.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent, types::IntervalSkipped},
    oracle::{errors::OracleError, ORACLE_ID},
    registry::REGISTRY_ID,
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, contracted, deliver, first_start, make, market_events, pass_until, sound,
        village, BUYER, DEPOSIT, SELLER,
    },
    refused::{refused, refused_when},
};

const ROUND: i64 = 8 * 300;

/// A village with an interval open, and no window for it.
fn orphaned() -> (World, i64) {
    let mut world = village();
    let start = first_start(&world);
    pass_until(&mut world, start);
    world.open_interval(start).unwrap();
    (world, start)
}

#[test]
fn given_a_later_window_in_the_slot_when_the_interval_is_let_go_then_it_can_be_used_again() {
    let (mut world, start) = orphaned();
    let release = make::release_skipped(&world, start);
    refused(&mut world.chain, &release, &[], MarketError::NotSkipped);

    pass_until(&mut world, start + ROUND - 900);
    world.open_window(start + ROUND).unwrap();
    let receipt = sweep(&mut world.chain, &release, &[]);
    let skipped = IntervalSkipped {
        market: world.at.market,
        window: start,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::IntervalSkipped(skipped)]
    );
    assert_eq!(world.interval(start).header.phase, 0);
    refused(&mut world.chain, &release, &[], OracleError::NotOpen);

    pass_until(&mut world, start + ROUND);
    world.open_interval(start + ROUND).unwrap();
    sound(&world);
}

#[test]
fn given_energy_in_a_skipped_interval_when_it_is_let_go_then_the_next_window_settles_it() {
    let (mut world, start) = orphaned();
    let flows = [(700, 0), (0, 300)];
    world.chain.set_time(start + 300);
    let readings = world.read_meters(start, &flows);
    world.submit(start, readings).unwrap();
    pass_until(&mut world, start + ROUND - 900);
    let next = start + ROUND;
    world.open_window(next).unwrap();
    let release = make::release_skipped(&world, start);
    sweep(&mut world.chain, &release, &[]);
    assert!(world
        .interval(start)
        .entries
        .iter()
        .all(|entry| entry.import | entry.export == 0));

    pass_until(&mut world, next);
    world.clear_and_allocate(next).unwrap();
    world.open_interval(next).unwrap();
    world.chain.set_time(next + 300);
    let readings = world.read_meters(next, &[(10, 0), (0, 20)]);
    world.submit(next, readings).unwrap();
    world.meter_and_settle(next).unwrap();
    assert_eq!(world.seat(BUYER).imported, 710);
    assert_eq!(world.seat(SELLER).exported, 320);
    // Nothing was traded: what was drawn is paid at the retail price, what was left over at the feed-in tariff.
    let window = world.window(next).header;
    let paid = DEPOSIT * 1000 - world.seat(BUYER).free;
    assert_eq!(paid, 710 * u64::from(window.short));
    let earned = world.seat(SELLER).free - DEPOSIT * 1000;
    assert_eq!(earned, 320 * u64::from(window.long));
    sound(&world);
}

#[test]
fn given_its_own_window_in_the_slot_when_the_interval_is_let_go_then_it_must_be_settled() {
    let (mut world, start) = contracted(Setup::default());
    deliver(&mut world, start, &[]);
    let release = make::release_skipped(&world, start);
    refused(&mut world.chain, &release, &[], MarketError::NotSkipped);
    world.meter_and_settle(start).unwrap();
    refused(&mut world.chain, &release, &[], MarketError::NotSkipped);
    sound(&world);
}

#[test]
fn given_accounts_that_do_not_belong_together_when_an_interval_is_let_go_then_it_is_refused() {
    let (mut world, start) = orphaned();
    pass_until(&mut world, start + ROUND);
    world.open_window(start + ROUND).unwrap();
    let release = make::release_skipped(&world, start);
    let (window, interval) = (world.at.window(start), world.at.interval(start));
    let other_window = world.at.window(start + 300);
    let unused = world.at.interval(start + 300);
    for (what, from, to) in [
        ("another slot's window", window, other_window),
        ("an interval never used", interval, unused),
    ] {
        let bent = swap(&release, from, to);
        refused_when(what, &mut world.chain, &bent, &[], MarketError::WrongSlot);
    }
    let bent = swap(&release, ORACLE_ID, REGISTRY_ID);
    refused(&mut world.chain, &bent, &[], ErrorCode::InvalidProgramId);
    sound(&world);
}
