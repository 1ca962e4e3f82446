//! `allocate`.

use joulebook_client::{
    layout::market::{Phase, WindowStatus},
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{OrdersAllocated, WindowAllocated},
    },
};
use joulebook_sim::Parameters;
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, buy, check_invariants, close_gate, community_with_open_window,
        first_start, id, market_events, pass_until, sell, trade, trading_community, BUYER, FREE,
        SELLER,
    },
    refused::{refused, refused_when, snapshot},
};

#[test]
fn given_a_cleared_window_when_it_is_allocated_then_contracts_are_paid_for_and_locks_let_go() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    let allocate = community.addresses.allocate(start, u16::MAX, None);
    let receipt = sweep(&mut community.chain, &allocate, &[]);

    let market = community.addresses.market;
    let orders = OrdersAllocated {
        market,
        number: 0,
        window: start,
        from: 0,
        to: 2,
        done: true,
    };
    let window = WindowAllocated {
        market,
        number: 0,
        window: start,
        volume: 1000,
        price: 150_000,
        grid_fees: amounts::GRID_FEES,
        market_fees: amounts::MARKET_FEES,
    };
    assert_eq!(
        market_events(&receipt),
        [
            MarketEvent::OrdersAllocated(orders),
            MarketEvent::WindowAllocated(window)
        ]
    );
    let book = community.book(start);
    assert_eq!(book.phase(), Some(Phase::Allocated));
    assert_eq!((book.orders[0].filled, book.orders[1].filled), (1000, 1000));
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).locked),
        (FREE - amounts::PAID, 0)
    );
    let seller = community.seat(SELLER);
    let locked = amounts::DELIVERY_LOCK;
    assert_eq!((seller.free, seller.locked), (FREE - locked, locked));
    check_invariants(&community);

    let accounts = [
        community.addresses.book(start),
        community.addresses.page(start),
        community.addresses.ledger,
    ];
    let before = snapshot(&community.chain, &accounts);
    let receipt = community.send_with_full_budget(&[allocate]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&community.chain, &accounts), before);
}

#[test]
fn given_an_allocated_window_when_its_page_is_read_then_it_has_outcome_and_contracts() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    assert!(community.window(start).is(WindowStatus::Open));
    trade(&mut community, start);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();

    let window = community.window(start);
    assert!(window.is(WindowStatus::Allocated));
    assert_eq!((window.volume, window.price), (1000, 150_000));
    assert_eq!((window.low, window.high, window.orders), (50, 50, 2));
    assert_eq!(window.market_fees, amounts::MARKET_FEES);
    let of = |place: usize| community.position(start, community.households[place].seat);
    let (buyer, seller) = (of(BUYER), of(SELLER));
    assert_eq!((buyer.bought, buyer.sold), (1000, 0));
    assert_eq!((buyer.earns, buyer.locked), (0, 0));
    assert_eq!((seller.bought, seller.sold), (0, 1000));
    assert_eq!(seller.earns, amounts::INCOME);
    assert_eq!(seller.locked, amounts::DELIVERY_LOCK);
}

#[test]
fn given_what_a_buyer_paid_when_its_window_is_allocated_then_fees_are_where_they_belong() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    let ledger = community.ledger();
    // Of 171,500,000: the grid operator's at once, the market's at once, the seller's once it has delivered.
    let operator = usize::from(community.grid_operator.seat);
    assert_eq!(ledger.seats[operator].free, amounts::GRID_FEES);
    assert_eq!(ledger.header.fees, amounts::MARKET_FEES);
    assert_eq!(ledger.header.escrow, amounts::INCOME);
    check_invariants(&community);
}

#[test]
fn given_the_page_of_other_windows_when_a_window_is_allocated_then_it_is_the_wrong_page() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let page = community.page_length();
    pass_until(&mut community, start - 100);
    community.open_pages(start + page).unwrap();
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    let allocate = community.addresses.allocate(start, u16::MAX, None);
    let at = community.addresses.clone();
    for (what, other) in [
        ("the page before", at.page(start - page)),
        ("the page behind", at.page(start + page)),
        ("a page that was never opened", at.page(start + 2 * page)),
    ] {
        let altered = swap(&allocate, at.page(start), other);
        let why = MarketError::WrongPage;
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
    community.send_with_full_budget(&[allocate]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_window_not_cleared_when_it_is_allocated_then_it_is_the_wrong_step() {
    let mut community = trading_community();
    let start = first_start(&community);
    let allocate = community.addresses.allocate(start, 1, None);
    refused(
        &mut community.chain,
        &allocate,
        &[],
        MarketError::WrongPhase,
    );
    community.open_window(start).unwrap();
    refused(
        &mut community.chain,
        &allocate,
        &[],
        MarketError::WrongPhase,
    );
    close_gate(&mut community, start);
    refused(
        &mut community.chain,
        &allocate,
        &[],
        MarketError::WrongPhase,
    );
    check_invariants(&community);
}

#[test]
fn given_a_limit_of_nothing_when_it_is_allocated_then_it_must_be_more() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    close_gate(&mut community, start);
    let none = community.addresses.allocate(start, 0, None);
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
    community.clear_and_allocate(start).unwrap();
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
}

#[test]
fn given_no_orders_when_the_window_is_allocated_then_only_its_seats_are_gone_through() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    close_gate(&mut community, start);
    let steps = [
        community.addresses.clear(start),
        community.addresses.allocate(start, 32, None),
    ];
    let receipt = community.send_with_full_budget(&steps).unwrap();
    let MarketEvent::OrdersAllocated(allocated) = &market_events(&receipt)[1] else {
        panic!("the second event is the allocation");
    };
    assert_eq!((allocated.from, allocated.to, allocated.done), (0, 0, true));
    assert_eq!(community.book(start).phase(), Some(Phase::Allocated));
    assert!(community.window(start).is(WindowStatus::Allocated));
    check_invariants(&community);
}

#[test]
fn given_more_asked_for_than_there_is_when_it_is_allocated_then_it_is_shared_by_size() {
    let mut community = trading_community();
    let third = community.join("third", 10_000_000).unwrap();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    // 100 to give at tick 60; 100 of 60, 30 and 10 asked for in that order: shares rounded cumulatively.
    community
        .place(BUYER, start, vec![buy(50, 70), buy(60, 60)])
        .unwrap();
    community
        .place(third, start, vec![buy(30, 60), buy(110, 60)])
        .unwrap();
    community.place(SELLER, start, vec![sell(150, 50)]).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    let book = community.book(start);
    let fills: Vec<_> = book.orders[..5].iter().map(|order| order.filled).collect();
    // Of 200: 60 × 100 / 200, 90 × 100 / 200 − 30, 200 × 100 / 200 − 45.
    assert_eq!(fills, [50, 30, 15, 55, 150]);
    assert_eq!(community.window(start).price, 170_000);
    check_invariants(&community);
}

#[test]
fn given_cancelled_orders_between_when_it_is_allocated_then_they_are_passed_over() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(BUYER, start, vec![buy(10, 60); 4]).unwrap();
    community.place(SELLER, start, vec![sell(25, 60)]).unwrap();
    community
        .cancel(BUYER, start, vec![id(0, 0), id(2, 0)])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    assert_eq!(community.window(start).volume, 20);
    let buyer = community.households[BUYER].seat;
    assert_eq!(community.position(start, buyer).bought, 20);
    check_invariants(&community);
}
