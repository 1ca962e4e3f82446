//! `open_window`.

use joulebook_client::{
    layout::market::{Book, BookSeat, MarketTerms, Phase, WindowStatus},
    market::{errors::MarketError, events::MarketEvent, types::WindowOpened},
    ring,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, buy, check_invariants, community_with_open_window, contracted, first_start,
        govern, instructions, market_events, pass_until, trading_community, BUYER,
    },
    refused::{refused, refused_when},
};

/// Of the book ring, seconds.
const ROUND: i64 = 8 * 300;

/// A community whose page of the first window is open, and the window's start.
fn with_page() -> (LocalCommunity, i64) {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    (community, start)
}

#[track_caller]
fn refuse(community: &mut LocalCommunity, start: i64, why: MarketError) {
    let open = community.addresses.open_window(start);
    refused(&mut community.chain, &open, &[], why);
}

#[test]
fn given_an_idle_book_when_its_window_opens_then_it_has_the_markets_terms_and_the_pages_prices() {
    let (mut community, start) = with_page();
    assert!(community.window(start).is(WindowStatus::Unopened));
    let open = community.addresses.open_window(start);
    let receipt = sweep(&mut community.chain, &open, &[]);

    let slot = ring::slot(start, 300, 8).unwrap();
    let opened = WindowOpened {
        market: community.addresses.market,
        window: start,
        slot,
        gate: start - 60,
        short: 300_000,
        long: 80_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::WindowOpened(opened)]);
    assert!(community.window(start).is(WindowStatus::Open));
    let book = community.book(start);
    assert_eq!(book.phase(), Some(Phase::Open));
    let header = book.header;
    assert_eq!(
        (header.start, header.gate, header.end),
        (start, start - 60, start + 300)
    );
    assert_eq!(
        (header.short, header.long, header.grid_fee),
        (300_000, 80_000, 20_000)
    );
    assert_eq!((header.floor_price, header.tick_size), (50_000, 2_000));
    assert_eq!(header.min_quantity, 1);
    assert_eq!(
        (header.min_lock, header.fee_bps, header.max_silent),
        (1, 100, 12)
    );
    assert_eq!(header.slot, slot);
    assert_eq!(
        (header.live_orders, header.used_orders, header.free_order),
        (0, 0, u16::MAX)
    );
    check_invariants(&community);
}

/// Somebody comes second: what else is in the transaction goes on.
#[track_caller]
fn opened_again(community: &mut LocalCommunity, start: i64) {
    let addresses = [
        community.addresses.book(start),
        community.addresses.page(start),
        community.addresses.ledger,
    ];
    let data = |community: &LocalCommunity| addresses.map(|address| community.chain.data(&address));
    let before = data(community);
    let receipt = community.open_window(start).unwrap();
    assert!(market_events(&receipt).is_empty());
    assert_eq!(data(community), before);
}

#[test]
fn given_a_window_that_was_opened_when_it_is_opened_again_then_nothing_happens_whatever_became_of_it(
) {
    let (mut community, start) = community_with_open_window(Parameters::default());
    opened_again(&mut community, start);
    pass_until(&mut community, start - 60);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    opened_again(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    opened_again(&mut community, start);
    check_invariants(&community);
}

/// Terms that let a gate close later could open a window for which a book was allocated already.
#[test]
fn given_a_window_that_had_its_book_when_its_gate_is_later_then_it_is_not_opened_again() {
    let (mut community, start) = contracted(Parameters::default());
    let terms = MarketTerms {
        gate_lead: 0,
        ..community.parameters.terms
    };
    let set = instructions::set_terms(&community, terms);
    govern(&mut community, set).unwrap();
    opened_again(&mut community, start);
    assert_eq!(community.window(start).volume, 1000);
    check_invariants(&community);
}

#[test]
fn given_a_busy_book_when_the_window_a_round_later_is_due_then_it_waits_for_the_allocation() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let later = start + ROUND;
    pass_until(&mut community, later - 900);
    community.open_pages(later).unwrap();
    refuse(&mut community, later, MarketError::SlotBusy);
    community.clear_and_allocate(start).unwrap();
    let open = community.addresses.open_window(later);
    community.send_with_full_budget(&[open]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_book_that_had_orders_when_it_is_used_again_then_it_is_empty() {
    let (mut community, start) = contracted(Parameters::default());
    let later = start + ROUND;
    pass_until(&mut community, later - 900);
    community.open_window(later).unwrap();
    let book = community.book(later);
    assert_eq!(book.header.start, later);
    assert_eq!((book.nodes[0].volume, book.nodes[0].price), (0, 0));
    for seat in &book.seats {
        let connection = BookSeat {
            may_buy: seat.may_buy,
            may_sell: seat.may_sell,
            ..BookSeat::default()
        };
        assert_eq!(*seat, connection);
    }
    let mut levels = book.levels.iter().chain(&book.blocks);
    assert!(levels.all(|level| level.buy == 0 && level.sell == 0));
    assert_eq!(book.live_orders().count(), 0);
    // The contracts of the window before are in its page.
    assert_eq!(community.window(start).volume, 1000);
    check_invariants(&community);
}

#[test]
fn given_a_start_that_the_book_does_not_have_when_it_is_opened_then_it_is_the_wrong_one() {
    let (mut community, start) = with_page();
    for (what, bad, error) in [
        ("off the boundary", start + 1, MarketError::OffBoundary),
        ("another slot's", start + 300, MarketError::WrongSlot),
        ("nowhere", i64::MAX, MarketError::OffBoundary),
        ("before time", i64::MIN, MarketError::OffBoundary),
    ] {
        let mut open = community.addresses.open_window(start);
        open.data[8..].copy_from_slice(&bad.to_le_bytes());
        refused_when(what, &mut community.chain, &open, &[], error);
    }
    let at = &community.addresses;
    let next = at.open_window(start + 300);
    let altered = swap(&next, at.book(start + 300), at.book(start));
    refused(&mut community.chain, &altered, &[], MarketError::WrongSlot);
}

#[test]
fn given_the_ends_of_time_when_windows_open_there_then_the_sums_do_not_fit() {
    let (mut community, _) = with_page();
    let last = i64::MAX - i64::MAX.rem_euclid(300);
    let first = i64::MIN + (300 - i64::MIN.rem_euclid(300));
    for end in [last, first] {
        refuse(&mut community, end, MarketError::Overflow);
    }
}

#[test]
fn given_a_start_beyond_the_horizon_when_it_is_opened_then_it_is_too_early_until_then() {
    let (mut community, start) = with_page();
    let third = start + 600;
    for early in [third, start + ROUND] {
        refuse(&mut community, early, MarketError::TooEarlyToOpen);
    }
    pass_until(&mut community, third - 901);
    refuse(&mut community, third, MarketError::TooEarlyToOpen);
    pass_until(&mut community, third - 900);
    let open = community.addresses.open_window(third);
    community.send_with_full_budget(&[open]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_gate_that_has_closed_when_its_window_opens_then_it_has_no_book_any_more() {
    let (mut community, start) = with_page();
    pass_until(&mut community, start - 60);
    for past in [start, start - 300, start - ROUND, 0] {
        refuse(&mut community, past, MarketError::GateClosed);
    }
    assert_eq!(community.book(start).header.start, Book::NEVER);
    // The next one can be had until its own.
    pass_until(&mut community, start + 300 - 61);
    let open = community.addresses.open_window(start + 300);
    community.send_with_full_budget(&[open]).unwrap();
    community
        .place(BUYER, start + 300, vec![buy(1, 1)])
        .unwrap();
    check_invariants(&community);
}

#[test]
fn given_no_page_of_the_window_when_it_is_opened_then_the_page_is_the_wrong_one() {
    let mut community = trading_community();
    let start = first_start(&community);
    refuse(&mut community, start, MarketError::WrongPage);
    community.open_pages(start - 1).unwrap();
    refuse(&mut community, start, MarketError::WrongPage);
    let at = &community.addresses;
    let open = at.open_window(start);
    let earlier = swap(&open, at.page(start), at.page(start - 1));
    refused(&mut community.chain, &earlier, &[], MarketError::WrongPage);
    community.open_pages(start).unwrap();
    // A page behind it holds it no more than one before. The gate of the last window before `start` is open.
    let last = start - 300;
    let at = &community.addresses;
    let open = at.open_window(last);
    let later = swap(&open, at.page(last), at.page(start));
    refused(&mut community.chain, &later, &[], MarketError::WrongPage);
    check_invariants(&community);
}
