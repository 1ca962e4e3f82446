//! `open_page`: one page after the other, with the prices of all its windows.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    events::Event,
    layout::{
        market::{ImbalancePrices, Page, Position, WindowStatus},
        oracle::IntervalPage,
    },
    market::{errors::MarketError, events::MarketEvent, types::PageOpened},
    oracle::{self, errors::OracleError, events::OracleEvent, ORACLE_ID},
    registry::REGISTRY_ID,
    ring,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, contract, first_start, govern, instructions,
        market_events, pass_until, trading_community, BUYER, FREE, SELLER,
    },
    refused::{refused, NamedError},
};
use solana_signer::Signer;

/// Of a page, seconds. A page is opened 900 s, the horizon, and another page ahead.
const PAGE: i64 = 1200;

#[track_caller]
fn refuse(community: &mut LocalCommunity, page: i64, why: impl NamedError) {
    let open = community.addresses.open_page(page);
    refused(&mut community.chain, &open, &[], why);
}

fn open(community: &mut LocalCommunity, page: i64) {
    let open = community.addresses.open_page(page);
    community.send_with_full_budget(&[open]).unwrap();
    assert_eq!(community.market().last_page, page);
}

#[test]
fn given_a_new_market_when_a_page_is_opened_then_it_is_the_one_that_holds_now() {
    let mut community = trading_community();
    // Half a page before the first one with meters in service.
    let page = first_start(&community) - PAGE;
    let call = community.addresses.open_page(page);
    let receipt = sweep(&mut community.chain, &call, &[]);

    let at = community.addresses.clone();
    let slot = ring::slot(page, PAGE, 6).unwrap();
    let opened = PageOpened {
        market: at.market,
        number: 0,
        page,
        slot,
    };
    let of_oracle = oracle::types::PageOpened {
        meter_table: at.meter_table,
        number: 0,
        start: page,
        slot,
    };
    let events = [
        Event::Oracle(OracleEvent::PageOpened(of_oracle)),
        Event::Market(MarketEvent::PageOpened(opened)),
    ];
    assert_eq!(receipt.events(), events);
    let header = community.page(page).header;
    assert_eq!((header.start, header.previous), (page, Page::NEVER));
    assert_eq!((header.metering_grace, header.draw_after), (600, 12));
    assert_eq!((header.final_seats, header.slot), (0, slot));
    let of_oracle = community.interval_page(page).header;
    assert_eq!(of_oracle.start, page);
    assert_eq!(of_oracle.previous, IntervalPage::NEVER);
    assert_eq!(community.market().last_page, page);
    check_invariants(&community);
}

#[test]
fn given_a_page_when_another_is_opened_then_it_is_the_next_one() {
    let mut community = trading_community();
    let first = first_start(&community) - PAGE;
    open(&mut community, first);
    // Somebody comes second: what else is in the transaction goes on.
    let again = community.addresses.open_page(first);
    let before = community.chain.data(&community.addresses.page(first));
    let receipt = community.send_with_full_budget(&[again]).unwrap();
    assert!(market_events(&receipt).is_empty());
    assert_eq!(community.market().last_page, first);
    assert_eq!(
        community.chain.data(&community.addresses.page(first)),
        before
    );
    // Nobody can leave one out.
    refuse(&mut community, first + 2 * PAGE, OracleError::WrongSlot);
    open(&mut community, first + PAGE);
    assert_eq!(community.page(first + PAGE).header.previous, first);
    let of_oracle = community.interval_page(first + PAGE).header;
    assert_eq!(of_oracle.previous, first);
    check_invariants(&community);
}

#[test]
fn given_a_page_more_than_a_page_and_the_horizon_ahead_when_it_is_opened_then_it_is_too_early() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start + PAGE).unwrap();
    let third = start + 2 * PAGE;
    refuse(&mut community, third, MarketError::TooEarlyToOpen);
    pass_until(&mut community, third - PAGE - 901);
    refuse(&mut community, third, MarketError::TooEarlyToOpen);
    pass_until(&mut community, third - PAGE - 900);
    open(&mut community, third);
    check_invariants(&community);
}

#[test]
fn given_a_tariff_by_half_hours_when_a_page_is_opened_then_every_window_has_its_own_prices() {
    let mut community = LocalCommunity::new(Parameters {
        window_seconds: 1800,
        ..Parameters::default()
    })
    .unwrap();
    let entries: Vec<_> = (0..48)
        .map(|hour| ImbalancePrices {
            short: 1000 + hour,
            long: hour,
        })
        .collect();
    let set = instructions::set_tariff(&community, true, 0, entries);
    govern(&mut community, set).unwrap();
    // Midnight UTC is one o'clock here.
    let page = community.chain.now();
    open(&mut community, page);
    let windows = community.page(page).windows;
    let prices: Vec<_> = windows
        .iter()
        .map(|window| (window.short, window.long))
        .collect();
    assert_eq!(prices, [(1002, 2), (1003, 3), (1004, 4), (1005, 5)]);
    for window in windows {
        assert!(window.is(WindowStatus::Unopened));
        assert_eq!((window.supplier, window.grid_operator), (0, 1));
        assert_eq!((window.grid_fee, window.price), (20_000, 0));
    }
    check_invariants(&community);
}

#[test]
fn given_an_account_of_another_slot_when_a_page_is_opened_then_it_is_the_wrong_one() {
    let mut community = trading_community();
    let page = first_start(&community) - PAGE;
    let at = community.addresses.clone();
    let call = at.open_page(page);
    let other = swap(&call, at.page(page), at.page(page + PAGE));
    refused(&mut community.chain, &other, &[], MarketError::WrongSlot);
    let next = at.interval_page(page + PAGE);
    let other = swap(&call, at.interval_page(page), next);
    refused(&mut community.chain, &other, &[], OracleError::WrongSlot);
    let other = swap(&call, ORACLE_ID, REGISTRY_ID);
    refused(
        &mut community.chain,
        &other,
        &[],
        ErrorCode::InvalidProgramId,
    );
    check_invariants(&community);
}

#[test]
fn given_a_slot_whose_page_is_not_final_when_a_page_is_opened_there_then_it_waits() {
    let mut community = trading_community();
    let start = first_start(&community);
    contract(&mut community, start);
    // Six slots: the page that takes this one's comes six pages later.
    let later = start + 6 * PAGE;
    for page in (1..6).map(|number| start + number * PAGE) {
        pass_until(&mut community, page - PAGE - 900);
        if page == later - PAGE {
            community.finish_page(start - PAGE).unwrap();
        }
        open(&mut community, page);
    }
    pass_until(&mut community, later - PAGE - 900);
    refuse(&mut community, later, MarketError::SlotBusy);
    let finish = instructions::finish_interval_page(&community, start);
    community.send_with_full_budget(&[finish]).unwrap();
    refuse(&mut community, later, MarketError::SlotBusy);
    community.finish_page(start).unwrap();
    open(&mut community, later);

    // Nothing of what was before is left.
    let table = community.page(later);
    assert_eq!((table.header.start, table.header.final_seats), (later, 0));
    let mut positions = table.positions.iter();
    assert!(positions.all(|position| *position == Position::default()));
    assert!(table.windows.iter().all(|window| window.volume == 0));
    check_invariants(&community);
}

#[test]
fn given_pages_that_nobody_opened_when_one_is_opened_then_those_before_them_are_final_first() {
    let mut community = trading_community();
    let start = first_start(&community);
    let first = start - PAGE;
    open(&mut community, first);
    // The values of a page come until 1200 s after its end: those of three pages can come no more.
    pass_until(&mut community, start + 5 * PAGE);
    let next = start + 4 * PAGE;
    refuse(&mut community, start, OracleError::WrongSlot);
    refuse(&mut community, next, MarketError::EarlierUnfinished);
    community.finish_page(first).unwrap();
    open(&mut community, next);
    assert_eq!(community.page(next).header.previous, first);
    // Those that follow need not wait.
    open(&mut community, next + PAGE);
    check_invariants(&community);
}

/// The first version lost what flowed where nobody had opened a window, or could not count it.
#[test]
fn given_energy_of_pages_that_nobody_opened_when_it_comes_to_light_then_the_next_page_settles_it() {
    let mut community = trading_community();
    let start = first_start(&community);
    // From two o'clock of local time on, and from half past two.
    let entries = [(300_000, 70_000), (400_000, -10_000)];
    let entries = entries.map(|(short, long)| ImbalancePrices { short, long });
    let set = instructions::set_tariff(&community, true, 4, entries.to_vec());
    govern(&mut community, set).unwrap();
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.read_start(start).unwrap();
    pass_until(&mut community, start + 4 * PAGE);
    community.finish_page(start).unwrap();
    // Twenty past two: two windows have the one tariff, two the other. The page before it had 300,000 and 80,000.
    let next = start + 3 * PAGE;
    open(&mut community, next);

    // It flowed before: at the page's start all of it is on the registers.
    for (place, (import, export)) in [(BUYER, (700, 0)), (SELLER, (0, 300))] {
        community.households[place].devices[0].flow(import, export);
    }
    community.read_start(next).unwrap();
    for window in (0..4).map(|number| next + number * 300) {
        let readings = community.read_meters(window, &[]);
        community.submit(window, readings).unwrap();
    }
    community.settle_page(next).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE);
    community.finish_page(next).unwrap();
    // At the dearest short price, 400,000, and the lowest long price, −10,000, of the page: 700 Wh are paid for, and for
    // leaving 300 Wh over, too.
    assert_eq!(community.seat(BUYER).free, FREE - 280_000_000);
    assert_eq!(community.seat(SELLER).free, FREE - 3_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_market_that_ends_when_pages_from_its_end_on_are_opened_then_there_are_none() {
    let mut community = trading_community();
    let start = first_start(&community);
    let at = &community.addresses;
    let end = at.end_market(community.authority.pubkey(), start + PAGE);
    govern(&mut community, end).unwrap();
    community.open_pages(start).unwrap();
    refuse(&mut community, start + PAGE, MarketError::MarketEnded);
    assert_eq!(community.market().last_page, start);
    check_invariants(&community);
}

#[test]
fn given_a_meter_table_that_was_let_go_when_a_page_is_opened_then_it_is_settled_by_another() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.end_market().unwrap();
    let release = community.addresses.release_meter_table();
    community.send_with_full_budget(&[release]).unwrap();
    refuse(&mut community, start, MarketError::WrongSettlement);
}
