//! `set_tariff`, and which entry a window takes.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{MarketTerms, TariffChanged, TariffEntry},
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::sweep,
    market::{bend::swap, govern, make, market_events, village},
    refused::{refused, refused_when},
};
use solana_signer::Signer;

const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1800;

fn entry(short: u32, long: u32) -> TariffEntry {
    TariffEntry { short, long }
}

#[test]
fn given_half_hours_of_a_day_when_their_tariff_changes_then_the_others_stay() {
    let mut world = village();
    let before = world.market().tariffs;
    let entries = vec![
        entry(400_000, 90_000),
        entry(u32::MAX, u32::MAX),
        entry(0, 0),
    ];
    let set = make::set_tariff(&world, false, 45, entries.clone());
    let receipt = sweep(&mut world.chain, &set, &[&world.authority]);

    let changed = TariffChanged {
        market: world.at.market,
        working_day: false,
        first_half_hour: 45,
        entries: entries.clone(),
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TariffChanged(changed)]
    );
    let after = world.market().tariffs;
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].half_hours[..45], before[1].half_hours[..45]);
    assert_eq!(after[1].half_hours[45..], entries);
}

#[test]
fn given_a_whole_day_when_its_tariff_changes_then_all_of_it_does() {
    let mut world = village();
    let entries: Vec<_> = (0..48).map(|hour| entry(1000 + hour, hour)).collect();
    let set = make::set_tariff(&world, true, 0, entries.clone());
    govern(&mut world, set).unwrap();
    assert_eq!(world.market().tariffs[0].half_hours.as_slice(), entries);
}

#[test]
fn given_half_hours_that_no_day_has_when_their_tariff_changes_then_it_is_refused() {
    let mut world = village();
    for (what, first, count) in [
        ("none", 0, 0),
        ("none at the end", 48, 0),
        ("the first beyond", 48, 1),
        ("one beyond", 47, 2),
        ("a day and one", 0, 49),
        ("far beyond", 255, 1),
    ] {
        let set = make::set_tariff(&world, true, first, vec![entry(2, 1); count]);
        let why = MarketError::TariffRange;
        refused_when(what, &mut world.chain, &set, &[&world.authority], why);
    }
}

#[test]
fn given_one_entry_upside_down_when_the_tariff_changes_then_nothing_does() {
    let mut world = village();
    let entries = vec![entry(2, 1), entry(2, 2), entry(1, 2)];
    let set = make::set_tariff(&world, true, 3, entries);
    refused(
        &mut world.chain,
        &set,
        &[&world.authority],
        MarketError::TariffInverted,
    );
}

#[test]
fn given_someone_else_when_it_changes_the_tariff_then_it_is_not_the_authority() {
    let mut world = village();
    let set = make::set_tariff(&world, true, 0, vec![entry(2, 1)]);
    let supplier = &world.supplier.wallet;
    let set = swap(&set, world.authority.pubkey(), supplier.pubkey());
    refused(
        &mut world.chain,
        &set,
        &[supplier],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_a_tariff_by_half_hours_when_windows_open_then_each_has_that_of_its_local_time() {
    let mut world = village();
    let numbered = |day: u32| (0..48).map(|hour| entry(1000 * day + hour, hour)).collect();
    for (working_day, entries) in [(true, numbered(1)), (false, numbered(2))] {
        let set = make::set_tariff(&world, working_day, 0, entries);
        govern(&mut world, set).unwrap();
    }
    // Midnight UTC of a Monday is one o'clock here.
    let monday = world.setup.now;
    assert_eq!(short_at(&mut world, monday), 1002);
    assert_eq!(short_at(&mut world, monday + HALF_HOUR), 1003);
    assert_eq!(short_at(&mut world, monday + 2 * HALF_HOUR - 300), 1003);
    assert_eq!(short_at(&mut world, monday + 23 * 3600 - 300), 1047);
    assert_eq!(short_at(&mut world, monday + 23 * 3600), 1000);
    let saturday = monday + 5 * DAY;
    assert_eq!(short_at(&mut world, saturday - 3600 - 300), 1047);
    assert_eq!(short_at(&mut world, saturday - 3600), 2000);
    assert_eq!(short_at(&mut world, saturday + DAY), 2002);

    let tuesday = monday + 8 * DAY;
    let mut holidays = [0; 16];
    holidays[15] = u32::try_from(tuesday / DAY).unwrap();
    let terms = MarketTerms {
        holidays,
        ..Setup::default().terms
    };
    let set = make::set_terms(&world, terms);
    govern(&mut world, set).unwrap();
    assert_eq!(short_at(&mut world, tuesday - 3600 - 300), 1047);
    assert_eq!(short_at(&mut world, tuesday - 3600), 2000);
    assert_eq!(short_at(&mut world, tuesday + DAY), 1002);
}

/// The short price of a window that opens at `start` and is over and done with at once, so that its
/// slot is free for another.
fn short_at(world: &mut World, start: i64) -> u32 {
    world.chain.set_time(start);
    world.open_window(start).unwrap();
    let window = world.window(start).header;
    assert_eq!(window.long, window.short % 1000);
    world.clear_and_allocate(start).unwrap();
    world.open_interval(start).unwrap();
    world.chain.set_time(window.settle_by);
    world.meter_and_settle(start).unwrap();
    window.short
}
