//! 100 kWh drawn over twenty silent windows, by somebody who took everything out at the start.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        buy, check_invariants, check_settled, first_start, govern, instructions, meters_of,
        pass_until, DEPOSIT, SUPPLIER_DEPOSIT,
    },
    refused::refused,
};

/// The only household.
const LOAD: usize = 0;
const PAGE: i64 = 1200;
/// What 5,000 Wh, the standard draw of a window, cost at 300,000.
const DRAW: u64 = 1_500_000_000;

/// A household whose standard draw is 5 kWh, read at the start of the page at the returned time, with `left` atoms.
fn load(left: u64) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("load", DEPOSIT).unwrap();
    community.fund_supplier(SUPPLIER_DEPOSIT).unwrap();
    let meter = meters_of(&community, LOAD)[0];
    let owner = &community.households[LOAD];
    let set = instructions::set_standard_draw(&community, owner, meter, 5_000);
    govern(&mut community, set).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    community.open_pages(start).unwrap();
    pass_until(&mut community, start);
    community.read_start(start).unwrap();
    match left.checked_sub(DEPOSIT) {
        None => community
            .withdraw(LOAD, DEPOSIT - left)
            .map(|_| ())
            .unwrap(),
        Some(0) => {}
        Some(more) => community.deposit(LOAD, more).map(|_| ()).unwrap(),
    }
    (community, start)
}

/// Lets page number `number` and the grace of its last window pass with nobody heard; makes all pages final that can be, and
/// settles.
fn pass_page(community: &mut LocalCommunity, start: i64, number: i64) {
    let page = start + number * PAGE;
    pass_until(community, page);
    community.open_pages(page).unwrap();
    // By then all but this one.
    pass_until(community, page + PAGE + 600);
    community.finish_page(page - PAGE).unwrap();
    assert_eq!(community.chain.now(), page + PAGE + 600);
    community.settle_page(page).unwrap();
    check_invariants(community);
    check_settled(community, page);
}

/// Its device, which was never read, has counted 5 kWh in each of twenty windows; read at the end of the last, and behind
/// it, when nothing flows.
fn hear(community: &mut LocalCommunity, start: i64) {
    let next = start + 5 * PAGE;
    pass_until(community, next + PAGE);
    community.open_pages(next).unwrap();
    community.households[LOAD].devices[0].flow(100_000, 0);
    community.read_start(next).unwrap();
    for window in (0..4).map(|number| next + number * 300) {
        let readings = community.read_meters(window, &[]);
        community.submit(window, readings).unwrap();
    }
    community.finish_page(next).unwrap();
    check_invariants(community);
}

/// The first version: a debt of nothing, and nothing to take it from.
#[test]
fn given_twenty_silent_windows_and_no_money_left_when_they_pass_then_all_of_it_is_debt() {
    let (mut community, start) = load(0);
    let debt = |community: &LocalCommunity| community.seat(LOAD).debt();
    // Silent for twelve windows: no draw yet.
    for number in 0..3 {
        pass_page(&mut community, start, number);
        assert_eq!(debt(&community), 0);
    }
    for (number, draws) in [(3, 4), (4, 8)] {
        pass_page(&mut community, start, number);
        assert_eq!(debt(&community), draws * DRAW);
    }
    let in_debt = |community: &mut LocalCommunity| {
        let window = start + 6 * PAGE;
        community.open_window(window).unwrap();
        let buyer = &community.households[LOAD];
        let orders = community.orders_of(buyer, window, vec![buy(1, 0)]);
        let signers = [&buyer.wallet];
        refused(&mut community.chain, &orders, &signers, MarketError::InDebt);
    };
    pass_until(&mut community, start + 6 * PAGE - 900);
    in_debt(&mut community);

    hear(&mut community, start);
    // 100 kWh at 300,000; the draws were part of it.
    assert_eq!(debt(&community), 30_000_000_000);
    assert_eq!(community.seat(LOAD).free, 0);
    assert_eq!(community.seat(LOAD).silent_windows, 0);
    check_invariants(&community);
}

#[test]
fn given_twenty_silent_windows_and_money_when_draws_are_charged_then_it_can_not_be_taken_out() {
    let (mut community, start) = load(40_000_000);
    for number in 0..5 {
        pass_page(&mut community, start, number);
    }
    let left = 40_000_000_000 - 8 * DRAW;
    assert_eq!(community.seat(LOAD).free, left);
    let more = community.withdrawal_of(&community.households[LOAD], left / 1000 + 1);
    let signers = [&community.households[LOAD].wallet];
    let why = MarketError::NotEnoughFree;
    refused(&mut community.chain, &more, &signers, why);
    hear(&mut community, start);
    let seat = community.seat(LOAD);
    assert_eq!((seat.free, seat.debt()), (10_000_000_000, 0));
    let supplier = SUPPLIER_DEPOSIT * 1000 + 30_000_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
}
