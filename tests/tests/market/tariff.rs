//! `set_tariff`, and which entry a window takes.

use joulebook_client::{
    layout::market::{ImbalancePrices, MarketTerms},
    market::{errors::MarketError, events::MarketEvent, types::TariffChanged},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{altered::swap, govern, instructions, market_events, trading_community},
    refused::{refused, refused_when},
};
use solana_signer::Signer;

const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1800;

fn entry(short: i32, long: i32) -> ImbalancePrices {
    ImbalancePrices { short, long }
}

#[test]
fn given_half_hours_of_a_day_when_their_tariff_changes_then_the_others_stay() {
    let mut community = trading_community();
    let before = community.market().tariffs;
    let entries = vec![
        entry(400_000, 90_000),
        entry(i32::MAX, -i32::MAX),
        entry(0, 0),
    ];
    let set = instructions::set_tariff(&community, false, 45, entries.clone());
    let receipt = sweep(&mut community.chain, &set, &[&community.authority]);

    let changed = TariffChanged {
        market: community.addresses.market,
        working_day: false,
        first_half_hour: 45,
        entries: entries.clone(),
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TariffChanged(changed)]
    );
    let after = community.market().tariffs;
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].half_hours[..45], before[1].half_hours[..45]);
    assert_eq!(after[1].half_hours[45..], entries);
}

#[test]
fn given_a_whole_day_when_its_tariff_changes_then_all_of_it_does() {
    let mut community = trading_community();
    let entries: Vec<_> = (0..48).map(|hour| entry(1000 + hour, hour)).collect();
    let set = instructions::set_tariff(&community, true, 0, entries.clone());
    govern(&mut community, set).unwrap();
    assert_eq!(community.market().tariffs[0].half_hours.as_slice(), entries);
}

#[test]
fn given_half_hours_that_no_day_has_when_their_tariff_changes_then_it_is_refused() {
    let mut community = trading_community();
    for (what, first, count) in [
        ("none", 0, 0),
        ("none at the end", 48, 0),
        ("the first beyond", 48, 1),
        ("one beyond", 47, 2),
        ("a day and one", 0, 49),
        ("far beyond", 255, 1),
    ] {
        let set = instructions::set_tariff(&community, true, first, vec![entry(2, 1); count]);
        let why = MarketError::TariffRangeInvalid;
        refused_when(
            what,
            &mut community.chain,
            &set,
            &[&community.authority],
            why,
        );
    }
}

#[test]
fn given_one_entry_upside_down_when_the_tariff_changes_then_nothing_does() {
    let mut community = trading_community();
    let entries = vec![entry(2, 1), entry(2, 2), entry(1, 2)];
    let set = instructions::set_tariff(&community, true, 3, entries);
    refused(
        &mut community.chain,
        &set,
        &[&community.authority],
        MarketError::TariffInvalid,
    );
}

#[test]
fn given_someone_else_when_it_changes_the_tariff_then_it_is_not_the_authority() {
    let mut community = trading_community();
    let set = instructions::set_tariff(&community, true, 0, vec![entry(2, 1)]);
    let supplier = &community.supplier.wallet;
    let set = swap(&set, community.authority.pubkey(), supplier.pubkey());
    refused(
        &mut community.chain,
        &set,
        &[supplier],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_a_tariff_by_half_hours_when_windows_open_then_each_has_that_of_its_local_time() {
    let mut community = trading_community();
    let numbered = |day: i32| (0..48).map(|hour| entry(1000 * day + hour, hour)).collect();
    for (working_day, entries) in [(true, numbered(1)), (false, numbered(2))] {
        let set = instructions::set_tariff(&community, working_day, 0, entries);
        govern(&mut community, set).unwrap();
    }
    // Midnight UTC of a Monday is one o'clock here.
    let monday = community.parameters.now;
    assert_eq!(short_at(&mut community, monday), 1002);
    assert_eq!(short_at(&mut community, monday + HALF_HOUR), 1003);
    assert_eq!(short_at(&mut community, monday + 2 * HALF_HOUR - 300), 1003);
    assert_eq!(short_at(&mut community, monday + 23 * 3600 - 300), 1047);
    assert_eq!(short_at(&mut community, monday + 23 * 3600), 1000);
    let saturday = monday + 5 * DAY;
    assert_eq!(short_at(&mut community, saturday - 3600 - 300), 1047);
    assert_eq!(short_at(&mut community, saturday - 3600), 2000);
    assert_eq!(short_at(&mut community, saturday + DAY), 2002);

    let tuesday = monday + 8 * DAY;
    let mut holidays = [0; 16];
    holidays[15] = u32::try_from(tuesday / DAY).unwrap();
    let terms = MarketTerms {
        holidays,
        ..Parameters::default().terms
    };
    let set = instructions::set_terms(&community, terms);
    govern(&mut community, set).unwrap();
    assert_eq!(short_at(&mut community, tuesday - 3600 - 300), 1047);
    assert_eq!(short_at(&mut community, tuesday - 3600), 2000);
    assert_eq!(short_at(&mut community, tuesday + DAY), 1002);
}

/// The short price of a window that opens at `start` and is over and done with at once, so that its
/// slot is free for another.
fn short_at(community: &mut LocalCommunity, start: i64) -> i32 {
    community.chain.set_time(start);
    community.open_window(start).unwrap();
    let window = community.window(start).header;
    assert_eq!(window.long, window.short % 1000);
    community.clear_and_allocate(start).unwrap();
    community.open_interval(start).unwrap();
    community.chain.set_time(window.settle_by);
    community.meter_and_settle(start).unwrap();
    window.short
}
