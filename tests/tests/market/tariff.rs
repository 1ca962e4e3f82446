//! `set_tariff`, and which entry a window takes.

use joulebook_client::{
    layout::market::{DayTariff, DelegateBounds, ImbalancePrices, MarketTerms},
    market::{errors::MarketError, events::MarketEvent, types::TariffChanged},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, first_start, govern, instructions, market_events,
        trading_community, trading_community_with, BUYER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1800;

fn entry(short: i32, long: i32) -> ImbalancePrices {
    ImbalancePrices { short, long }
}

/// Refused, with the authority's and the supplier's signatures.
#[track_caller]
fn refuse(
    case: &str,
    community: &mut LocalCommunity,
    first: u8,
    entries: Vec<ImbalancePrices>,
    why: MarketError,
) {
    let set = instructions::set_tariff(community, true, first, entries);
    let signers = [&community.authority, &community.supplier.wallet];
    refused_when(case, &mut community.chain, &set, &signers, why);
}

#[test]
fn given_half_hours_of_a_day_when_their_tariff_changes_then_the_others_stay() {
    let mut community = trading_community();
    let before = community.market().tariffs;
    let entries = vec![
        entry(400_000, 90_000),
        entry(10_000_000, -10_000_000),
        entry(0, 0),
    ];
    let set = instructions::set_tariff(&community, false, 45, entries.clone());
    let signers = [&community.authority, &community.supplier.wallet];
    let receipt = sweep(&mut community.chain, &set, &signers);

    let changed = TariffChanged {
        market: community.addresses.market,
        number: 0,
        from: community.chain.now(),
        working_day: false,
        first_half_hour: 45,
        entries: entries.clone(),
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TariffChanged(changed)]
    );
    let market = community.market();
    assert_eq!(market.planned_tariffs_from, community.chain.now());
    assert_eq!(market.tariffs, before);
    let after = market.planned_tariffs;
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
    let planned = community.market().planned_tariffs;
    assert_eq!(planned[0].half_hours.as_slice(), entries);
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
        let entries = vec![entry(2, 1); count];
        let why = MarketError::TariffRangeInvalid;
        refuse(what, &mut community, first, entries, why);
    }
}

#[test]
fn given_one_entry_that_can_not_be_when_the_tariff_changes_then_nothing_does() {
    let mut community = trading_community();
    for (what, bad) in [
        ("upside down", entry(1, 2)),
        ("dearer than the market allows", entry(10_000_001, 2)),
        ("lower than the market allows", entry(2, -10_000_001)),
        ("the highest number", entry(i32::MAX, 2)),
        ("the lowest number", entry(2, i32::MIN)),
    ] {
        let entries = vec![entry(2, 1), entry(2, 2), bad];
        let why = MarketError::TariffInvalid;
        refuse(what, &mut community, 3, entries, why);
    }
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

/// In the first version the authority alone set both prices, of energy that had flowed already.
#[test]
fn given_another_seat_than_the_suppliers_when_the_tariff_changes_then_nobody_else_can_agree() {
    let mut community = trading_community();
    let set = instructions::set_tariff(&community, true, 0, vec![entry(2, 1)]);
    let supplier = community.supplier.address();
    // A delegate trades for a seat, and binds it no further.
    let delegate = community.households[BUYER].address();
    let at = &community.addresses;
    let bounds = DelegateBounds::of_a_day(u64::MAX);
    let name = at.set_delegate(supplier, community.supplier.seat, Some(delegate), bounds);
    let wallet = community.supplier.wallet.insecure_clone();
    community.chain.send(&[name], &[&wallet]).unwrap();
    let altered = swap(&set, supplier, delegate);
    let signers = [&community.authority, &community.households[BUYER].wallet];
    refused(
        &mut community.chain,
        &altered,
        &signers,
        MarketError::NotSupplier,
    );
    let altered = swap(&set, supplier, community.authority.pubkey());
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::NotSupplier,
    );
    govern(&mut community, set).unwrap();
}

#[test]
fn given_a_supplier_without_an_open_seat_when_the_tariff_changes_then_nobody_is_there_to_agree() {
    let chain = joulebook_sim::Chain::new(&joulebook_sim::Chain::programs_dir(), 0).unwrap();
    let mut community = LocalCommunity::without_market(chain, Parameters::default(), 0).unwrap();
    community.create_market().unwrap();
    refuse(
        "",
        &mut community,
        0,
        vec![entry(2, 1)],
        MarketError::NoSuchSeat,
    );
}

#[test]
fn given_a_notice_when_the_tariff_changes_then_windows_within_it_keep_the_old_one() {
    let mut community = trading_community_with(Parameters {
        notice_seconds: 900,
        ..Parameters::default()
    });
    let start = first_start(&community);
    let entries = vec![entry(500_000, 10_000); 48];
    let set = instructions::set_tariff(&community, true, 0, entries);
    govern(&mut community, set).unwrap();
    // Set ten minutes before `start`.
    assert_eq!(community.market().planned_tariffs_from, start + 300);
    community.open_pages(start).unwrap();
    let page = community.page(start);
    let prices: Vec<_> = page
        .windows
        .iter()
        .map(|window| (window.short, window.long))
        .collect();
    let (old, new) = ((300_000, 80_000), (500_000, 10_000));
    assert_eq!(prices, [old, new, new, new]);
}

/// The authority alone can neither put off nor replace what the supplier signed, however often it changes the terms.
#[test]
fn given_a_planned_tariff_when_terms_change_then_it_holds_from_when_it_did() {
    let mut community = trading_community_with(Parameters {
        notice_seconds: 900,
        ..Parameters::default()
    });
    let start = first_start(&community);
    let set = instructions::set_tariff(&community, true, 0, vec![entry(500_000, 10_000); 48]);
    govern(&mut community, set).unwrap();
    let signed = community.market();
    assert_eq!(signed.planned_tariffs_from, start + 300);
    for now in [start - 600, start - 300, start] {
        community.chain.set_time(now);
        let terms = MarketTerms {
            fee_bps: 3,
            ..community.parameters.terms
        };
        let set = instructions::set_terms(&community, terms);
        govern(&mut community, set).unwrap();
        let market = community.market();
        assert_eq!(market.planned_terms_from, now + 900);
        assert_eq!(market.planned_tariffs_from, signed.planned_tariffs_from);
        assert_eq!(market.planned_tariffs, signed.planned_tariffs);
        assert_eq!(market.tariffs, signed.tariffs);
    }
    community.open_pages(start).unwrap();
    let page = community.page(start);
    let shorts: Vec<_> = page.windows.iter().map(|window| window.short).collect();
    assert_eq!(shorts, [300_000, 500_000, 500_000, 500_000]);
}

/// A tariff comes in several calls: the later ones put off the earlier, and all were signed by the same.
#[test]
fn given_a_planned_tariff_when_other_half_hours_are_planned_then_all_hold_when_the_last_does() {
    let mut community = trading_community_with(Parameters {
        notice_seconds: 600,
        ..Parameters::default()
    });
    let start = first_start(&community);
    for (now, working_day) in [(start - 600, true), (start - 300, false)] {
        community.chain.set_time(now);
        let set = instructions::set_tariff(&community, working_day, 0, vec![entry(9, 8); 48]);
        govern(&mut community, set).unwrap();
    }
    let market = community.market();
    assert_eq!(market.planned_tariffs_from, start + 300);
    let all = |tariffs: &[DayTariff; 2], short| {
        let mut days = tariffs.iter().flat_map(|day| day.half_hours);
        days.all(|entry| entry.short == short)
    };
    assert!(all(&market.tariffs, 300_000));
    assert!(all(&market.planned_tariffs, 9));
    assert_eq!(market.planned_terms_from, 0);
}

/// Energy that flows already is paid for at prices that were known.
#[test]
fn given_an_open_page_when_the_tariff_changes_then_its_prices_stay() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    let before = community.page(start);
    let entries = vec![entry(10_000_000, -10_000_000); 48];
    let set = instructions::set_tariff(&community, true, 0, entries);
    govern(&mut community, set).unwrap();
    assert_eq!(community.page(start), before);
    community.open_window(start).unwrap();
    let book = community.book(start).header;
    assert_eq!((book.short, book.long), (300_000, 80_000));
    check_invariants(&community);
}

#[test]
fn given_a_tariff_by_half_hours_when_pages_open_then_windows_have_that_of_their_local_time() {
    // Midnight UTC of a Monday is one o'clock here.
    let monday = Parameters::default().now;
    let saturday = monday + 5 * DAY;
    for (start, short) in [
        (monday, 1002),
        (monday + HALF_HOUR, 1003),
        (monday + 2 * HALF_HOUR - 300, 1003),
        (monday + 23 * 3600 - 300, 1047),
        (monday + 23 * 3600, 1000),
        (saturday - 3600 - 300, 1047),
        (saturday - 3600, 2000),
        (saturday + DAY, 2002),
    ] {
        assert_eq!(short_at(start, [0; 16]), short, "{start}");
    }
    let tuesday = monday + 8 * DAY;
    let mut holidays = [0; 16];
    holidays[15] = u32::try_from(tuesday / DAY).unwrap();
    for (start, short) in [
        (tuesday - 3600 - 300, 1047),
        (tuesday - 3600, 2000),
        (tuesday + DAY, 1002),
    ] {
        assert_eq!(short_at(start, holidays), short, "{start}");
    }
}

/// The short price of the window that begins at `start`, in a community whose half hours are numbered, from 1000 on of
/// working days, from 2000 on of others.
fn short_at(start: i64, holidays: [u32; 16]) -> i32 {
    let mut parameters = Parameters::default();
    parameters.now = start - start.rem_euclid(1200);
    parameters.terms = MarketTerms {
        holidays,
        ..parameters.terms
    };
    let mut community = LocalCommunity::new(parameters).unwrap();
    let numbered = |day: i32| (0..48).map(|hour| entry(1000 * day + hour, hour)).collect();
    for (working_day, entries) in [(true, numbered(1)), (false, numbered(2))] {
        let set = instructions::set_tariff(&community, working_day, 0, entries);
        govern(&mut community, set).unwrap();
    }
    community.open_pages(start).unwrap();
    let window = community.window(start);
    assert_eq!(window.long, window.short % 1000);
    window.short
}
