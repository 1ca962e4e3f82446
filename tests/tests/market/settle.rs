//! `settle`: what a position comes to once its meters are heard.

use joulebook_client::{
    layout::market::PositionStatus,
    market::{errors::MarketError, events::MarketEvent, types::PositionsSettled},
};
use joulebook_sim::{roles::PRODUCER, LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, buy, check_invariants, check_settled, close_gate,
        community_with_open_window, contract, contracted, deliver, deliver_and_settle, first_start,
        instructions, market_events, sell, send_as, stay_silent, trading_community, BUYER, FREE,
        SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, snapshot},
};

/// A household beside buyer and seller.
const THIRD: usize = 2;

fn operator_free(community: &LocalCommunity) -> u64 {
    community.ledger().seats[usize::from(community.grid_operator.seat)].free
}

fn with(free: u64, change: i64) -> u64 {
    free.checked_add_signed(change).unwrap()
}

#[test]
fn given_everything_delivered_when_it_is_settled_then_contracts_alone_are_paid() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let settle = instructions::settle(&community, start);
    let receipt = sweep(&mut community.chain, &settle, &[]);

    let settled = PositionsSettled {
        market: community.addresses.market,
        number: 0,
        page: start,
        first_window: 0,
        windows: 1,
        first_seat: 0,
        seats: 32,
    };
    let events = [MarketEvent::PositionsSettled(settled)];
    assert_eq!(market_events(&receipt), events);
    let (buyer, seller) = (community.seat(BUYER), community.seat(SELLER));
    assert_eq!((buyer.free, buyer.locked), (FREE - amounts::PAID, 0));
    assert_eq!((seller.free, seller.locked), (FREE + amounts::INCOME, 0));
    assert_eq!((buyer.bought, buyer.engaged), (1000, 0));
    assert_eq!((seller.sold, seller.engaged), (1000, 0));
    for place in [BUYER, SELLER] {
        let position = community.position(start, community.households[place].seat);
        assert!(position.is(PositionStatus::Confirmed));
        assert_eq!((position.earns, position.locked, position.paid), (0, 0, 0));
    }
    assert_eq!(operator_free(&community), amounts::GRID_FEES);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
    let ledger = community.ledger().header;
    assert_eq!((ledger.fees, ledger.escrow), (amounts::MARKET_FEES, 0));
    check_invariants(&community);
    check_settled(&community, start);

    let accounts = [community.addresses.page(start), community.addresses.ledger];
    let before = snapshot(&community.chain, &accounts);
    community.send_with_full_budget(&[settle]).unwrap();
    assert_eq!(snapshot(&community.chain, &accounts), before);
}

#[test]
fn given_imbalances_when_they_are_settled_then_the_supplier_is_the_other_side() {
    // Import and export of buyer and seller, and what each then has beyond the contracts: drawing costs
    // 300,000 atoms per kWh, leaving over brings 80,000.
    for (flows, buyer, seller) in [
        ([(1100, 0), (0, 1000)], -30_000_000, 0),
        ([(900, 0), (0, 1000)], 8_000_000, 0),
        ([(1000, 0), (0, 900)], 0, -30_000_000),
        ([(1000, 0), (0, 1200)], 0, 16_000_000),
        ([(1100, 0), (0, 1200)], -30_000_000, 16_000_000),
        ([(1500, 500), (200, 1200)], 0, 0),
        ([(0, 0), (0, 0)], 80_000_000, -300_000_000),
        ([(0, 500), (500, 0)], 120_000_000, -450_000_000),
    ] {
        let (mut community, start) = contracted(Parameters::default());
        deliver_and_settle(&mut community, start, &flows);
        assert_eq!(
            community.seat(BUYER).free,
            with(FREE - amounts::PAID, buyer)
        );
        assert_eq!(
            community.seat(SELLER).free,
            with(FREE + amounts::INCOME, seller)
        );
        let supplier = with(SUPPLIER_DEPOSIT * 1000, -buyer - seller);
        assert_eq!(community.supplier_seat().free, supplier);
        check_invariants(&community);
        check_settled(&community, start);
    }
}

#[test]
fn given_nobody_heard_when_it_is_settled_then_what_contracts_earn_waits_for_the_meters() {
    let (mut community, start) = contracted(Parameters::default());
    stay_silent(&mut community, start);
    community.settle(start).unwrap();
    // The buyer has paid at allocation; the seller has neither its income nor its lock.
    assert_eq!(community.seat(BUYER).free, FREE - amounts::PAID);
    let seller = community.seat(SELLER);
    let locked = amounts::DELIVERY_LOCK;
    assert_eq!((seller.free, seller.locked), (FREE - locked, locked));
    assert_eq!(community.ledger().header.escrow, amounts::INCOME);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
    for place in [BUYER, SELLER] {
        let position = community.position(start, community.households[place].seat);
        assert!(position.is(PositionStatus::Open));
        assert_eq!(position.paid, 0);
    }
    check_invariants(&community);
    check_settled(&community, start);

    community.read_start(start).unwrap();
    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    community.submit(start, readings).unwrap();
    community.settle(start).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    assert_eq!(community.ledger().header.escrow, 0);
    check_invariants(&community);
    check_settled(&community, start);
}

#[test]
fn given_a_seat_without_orders_when_it_draws_then_it_pays_the_supplier() {
    let mut community = trading_community();
    let third = community.join("third", 1_000_000).unwrap();
    let start = first_start(&community);
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000), (50, 0)]);
    assert_eq!(community.seat(third).free, 1_000_000_000 - 15_000_000);
    let position = community.position(start, community.households[third].seat);
    assert_eq!(position.paid, 15_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_supplier_that_trades_when_it_is_settled_then_it_owes_itself_nothing() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    let place = community.orders_of(&community.supplier, start, vec![sell(1200, 50)]);
    let supplier = community.supplier.wallet.insecure_clone();
    community.chain.send(&[place], &[&supplier]).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[(1010, 0), (0, 0)]);
    let supplier = community.supplier_seat();
    // 1000 Wh sold, and 10 Wh more that the buyer drew; of what it did not deliver itself it is the other side.
    let free = SUPPLIER_DEPOSIT * 1000 + amounts::INCOME + 3_000_000;
    assert_eq!(
        (supplier.free, supplier.locked, supplier.engaged),
        (free, 0, 0)
    );
    let position = community.position(start, community.supplier.seat);
    assert!(position.is(PositionStatus::Confirmed));
    assert_eq!(position.paid, 0);
    check_invariants(&community);
    check_settled(&community, start);
}

#[test]
fn given_a_row_that_nobody_has_opened_when_its_meter_feeds_in_then_what_it_earns_waits_there() {
    let mut community = trading_community();
    let guest = community.admit("guest", PRODUCER).unwrap();
    community.households.push(guest);
    community.add_meter(THIRD).unwrap();
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 0), (0, 100)]);
    let row = community.seat(THIRD);
    assert!(!row.is_open());
    // 100 × 80,000
    assert_eq!((row.free, row.claim()), (8_000_000, 0));
    check_invariants(&community);
    check_settled(&community, start);

    let open = community.seat_of(&community.households[THIRD]);
    send_as(&mut community, THIRD, open).unwrap();
    community.withdraw(THIRD, 8_000).unwrap();
    check_invariants(&community);
}

#[test]
fn given_the_oracles_page_of_another_time_when_it_is_settled_then_it_is_the_wrong_one() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[]);
    let settle = instructions::settle(&community, start);
    let at = community.addresses.clone();
    for other in [start - 1200, start + 1200] {
        let altered = swap(&settle, at.interval_page(start), at.interval_page(other));
        refused(&mut community.chain, &altered, &[], MarketError::WrongPage);
    }
}
