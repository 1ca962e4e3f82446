//! `post_prices`: the supplier's prices of single windows, ahead.

use joulebook_client::{
    layout::market::{DelegateBounds, WindowPrices},
    market::{errors::MarketError, events::MarketEvent, types::PricesPosted},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, close_gate, deliver_and_settle, first_start, govern,
        instructions, market_events, pass_until, trade, trading_community_with, BUYER, FREE,
        SELLER, SUPPLIER_DEPOSIT,
    },
    refused::refused_when,
};
use solana_signer::Signer;

/// A community, ten minutes before the page that starts then, which is open.
fn with_page(notice_seconds: u32) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(Parameters {
        notice_seconds,
        ..Parameters::default()
    });
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    (community, start)
}

fn prices(short: i32, long: i32, grid_fee: i32) -> WindowPrices {
    WindowPrices {
        short,
        long,
        grid_fee,
    }
}

#[track_caller]
fn refuse(
    case: &str,
    community: &mut LocalCommunity,
    start: i64,
    new: Vec<WindowPrices>,
    why: MarketError,
) {
    let post = instructions::post_prices(community, start, new);
    let supplier = &community.supplier.wallet;
    refused_when(case, &mut community.chain, &post, &[supplier], why);
}

fn post(community: &mut LocalCommunity, start: i64, new: Vec<WindowPrices>) {
    let post = instructions::post_prices(community, start, new);
    govern(community, post).unwrap();
}

/// Short, long and grid fee of the windows of the page that starts at `page`.
fn posted(community: &LocalCommunity, page: i64) -> Vec<(i32, i32, i32)> {
    let page = community.page(page);
    let windows = page.windows.iter();
    windows
        .map(|window| (window.short, window.long, window.grid_fee))
        .collect()
}

const TARIFF: (i32, i32, i32) = (300_000, 80_000, 20_000);

#[test]
fn given_windows_ahead_when_their_prices_are_posted_then_these_have_them_and_no_others() {
    let (mut community, start) = with_page(0);
    let new = vec![prices(400_000, -50_000, 0), prices(90_000, 90_000, 1_000)];
    let post = instructions::post_prices(&community, start + 300, new.clone());
    let receipt = sweep(&mut community.chain, &post, &[&community.supplier.wallet]);
    let event = PricesPosted {
        market: community.addresses.market,
        number: 0,
        window: start + 300,
        prices: new,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::PricesPosted(event)]);
    let new = [(400_000, -50_000, 0), (90_000, 90_000, 1_000)];
    assert_eq!(posted(&community, start), [TARIFF, new[0], new[1], TARIFF]);
    check_invariants(&community);
}

#[test]
fn given_posted_prices_when_the_window_lives_then_orders_and_deviations_go_by_them() {
    let (mut community, start) = with_page(0);
    post(&mut community, start, vec![prices(400_000, 50_000, 10_000)]);
    community.open_window(start).unwrap();
    let book = community.book(start).header;
    assert_eq!(
        (book.short, book.long, book.grid_fee),
        (400_000, 50_000, 10_000)
    );
    trade(&mut community, start);
    // 1000 × (170,000 + 10,000 + 1,700), 1200 × (400,000 − 150,000)
    assert_eq!(community.seat(BUYER).locked, 181_700_000);
    assert_eq!(community.seat(SELLER).locked, 300_000_000);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[(900, 0), (0, 900)]);
    // At 150,000: 1000 × (150,000 + 10,000 + 1,500) paid, 100 × 50,000 back for what was not taken.
    assert_eq!(community.seat(BUYER).free, FREE - 161_500_000 + 5_000_000);
    // 100 Wh not delivered, at 400,000.
    assert_eq!(community.seat(SELLER).free, FREE + 150_000_000 - 40_000_000);
    let supplier = SUPPLIER_DEPOSIT * 1000 + 35_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
}

#[test]
fn given_prices_posted_twice_when_the_window_opens_then_the_last_hold() {
    let (mut community, start) = with_page(0);
    post(&mut community, start, vec![prices(5, 4, 3)]);
    post(&mut community, start, vec![prices(7, 6, 5); 4]);
    assert_eq!(posted(&community, start), [(7, 6, 5); 4]);
    community.open_window(start).unwrap();
    assert_eq!(community.book(start).header.short, 7);
    check_invariants(&community);
}

#[test]
fn given_prices_out_of_bounds_when_they_are_posted_alone_or_after_good_ones_then_none_are() {
    let (mut community, start) = with_page(0);
    for (what, bad, why) in [
        ("upside down", prices(1, 2, 0), MarketError::TariffInvalid),
        (
            "dearer than the market allows",
            prices(10_000_001, 0, 0),
            MarketError::TariffInvalid,
        ),
        (
            "lower than the market allows",
            prices(0, -10_000_001, 0),
            MarketError::TariffInvalid,
        ),
        (
            "the highest number",
            prices(i32::MAX, i32::MAX, 0),
            MarketError::TariffInvalid,
        ),
        (
            "the lowest number",
            prices(i32::MIN, i32::MIN, 0),
            MarketError::TariffInvalid,
        ),
        (
            "a grid fee below zero",
            prices(2, 1, -1),
            MarketError::FeeInvalid,
        ),
        (
            "a grid fee beyond the bound",
            prices(2, 1, 1_000_001),
            MarketError::FeeInvalid,
        ),
    ] {
        refuse(what, &mut community, start, vec![bad], why.clone());
        let good = prices(10_000_000, -10_000_000, 1_000_000);
        refuse(what, &mut community, start, vec![good, good, bad], why);
    }
    assert_eq!(posted(&community, start), [TARIFF; 4]);
    check_invariants(&community);
}

#[test]
fn given_windows_that_the_page_has_not_when_prices_are_posted_then_it_is_the_wrong_page() {
    let (mut community, start) = with_page(0);
    let good = prices(2, 1, 0);
    for (what, window, count) in [
        ("none", start, 0),
        ("one more than there are", start, 5),
        ("one beyond the last", start + 900, 2),
    ] {
        let new = vec![good; count];
        refuse(what, &mut community, window, new, MarketError::WrongPage);
    }
    for first_window in [4u16, u16::MAX] {
        let mut beyond = instructions::post_prices(&community, start, vec![good]);
        beyond.data[8..10].copy_from_slice(&first_window.to_le_bytes());
        let supplier = &community.supplier.wallet;
        let why = MarketError::WrongPage;
        refused_when("beyond", &mut community.chain, &beyond, &[supplier], why);
    }
}

#[test]
fn given_a_notice_period_when_prices_are_posted_then_windows_within_it_keep_theirs() {
    let (mut community, start) = with_page(900);
    let new = || vec![prices(2, 1, 0)];
    let why = || MarketError::PricesStand;
    // It is ten minutes before `start`.
    refuse("within", &mut community, start, new(), why());
    refuse(
        "also more",
        &mut community,
        start,
        vec![prices(2, 1, 0); 4],
        why(),
    );
    pass_until(&mut community, start - 599);
    refuse("a second less", &mut community, start + 300, new(), why());
    community.chain.set_time(start - 600);
    post(&mut community, start + 300, new());
    let new = (2, 1, 0);
    assert_eq!(posted(&community, start), [TARIFF, new, TARIFF, TARIFF]);
    check_invariants(&community);
}

#[test]
fn given_an_open_window_when_prices_are_posted_then_they_stand_for_good() {
    let (mut community, start) = with_page(0);
    let new = |count| vec![prices(2, 1, 0); count];
    let why = || MarketError::PricesStand;
    community.open_window(start + 300).unwrap();
    refuse("open", &mut community, start + 300, new(1), why());
    refuse("one of four is", &mut community, start, new(4), why());
    pass_until(&mut community, start + 240);
    community.clear_and_allocate(start + 300).unwrap();
    refuse("allocated", &mut community, start + 300, new(1), why());
    refuse("begun", &mut community, start, new(1), why());
    post(&mut community, start + 600, new(2));
    let new = (2, 1, 0);
    assert_eq!(posted(&community, start), [TARIFF, TARIFF, new, new]);
    check_invariants(&community);
}

#[test]
fn given_a_page_that_is_past_or_was_never_opened_when_prices_are_posted_then_there_is_nothing_to() {
    let (mut community, start) = with_page(0);
    let new = || vec![prices(2, 1, 0)];
    let why = || MarketError::PricesStand;
    refuse("never opened", &mut community, start + 1200, new(), why());
    community.finish_page(start).unwrap();
    refuse("final", &mut community, start, new(), why());
    check_invariants(&community);
}

#[test]
fn given_another_signer_when_it_posts_prices_then_it_is_not_the_supplier() {
    let (mut community, start) = with_page(0);
    let post = instructions::post_prices(&community, start, vec![prices(2, 1, 0)]);
    let supplier = community.supplier.address();
    for other in [
        &community.households[BUYER].wallet,
        &community.grid_operator.wallet,
        &community.authority,
    ] {
        let altered = swap(&post, supplier, other.pubkey());
        let why = MarketError::NotSupplier;
        refused_when("", &mut community.chain, &altered, &[other], why);
    }
}

#[test]
fn given_a_delegate_of_the_supplier_when_it_posts_prices_then_it_may_as_long_as_it_is_one() {
    let (mut community, start) = with_page(0);
    let delegate = community.households[BUYER].address();
    let named = |community: &LocalCommunity, delegate| {
        let supplier = &community.supplier;
        instructions::set_bounded_delegate(
            community,
            supplier,
            delegate,
            DelegateBounds::of_a_day(0),
        )
    };
    let name = named(&community, Some(delegate));
    govern(&mut community, name).unwrap();
    let post = instructions::post_prices(&community, start, vec![prices(2, 1, 0)]);
    let post = swap(&post, community.supplier.address(), delegate);
    govern(&mut community, post.clone()).unwrap();
    assert_eq!(posted(&community, start)[0], (2, 1, 0));

    let dismiss = named(&community, None);
    govern(&mut community, dismiss).unwrap();
    let signers = [&community.households[BUYER].wallet];
    let why = MarketError::NotSupplier;
    refused_when("", &mut community.chain, &post, &signers, why);
}
