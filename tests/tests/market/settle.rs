//! `settle`.

use joulebook_client::{
    layout::market::{HistoryRecord, Phase},
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{SeatsSettled, WindowRecorded},
    },
    ring,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        amounts, check_invariants, close_gate, community_with_open_window, contracted, deliver,
        deliver_and_settle, first_start, market_events, sell, trading_community, BUYER, FREE,
        SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, refused_when, snapshot},
};

fn operator_free(community: &LocalCommunity) -> u64 {
    community.ledger().seats[usize::from(community.grid_operator.seat)].free
}

#[test]
fn given_everything_delivered_when_it_is_settled_then_contracts_alone_are_paid() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    let settle = community.addresses.settle(start, u16::MAX, None);
    let receipt = sweep(&mut community.chain, &settle, &[]);

    let market = community.addresses.market;
    let settled = SeatsSettled {
        market,
        window: start,
        from: 0,
        to: 32,
        done: true,
    };
    let recorded = WindowRecorded {
        market,
        window: start,
        volume: 1000,
        imported: 1000,
        exported: 1000,
        grid_fees: amounts::GRID_FEES,
        market_fees: amounts::MARKET_FEES,
        estimated_seats: 0,
    };
    let events = [
        MarketEvent::SeatsSettled(settled),
        MarketEvent::WindowRecorded(recorded),
    ];
    assert_eq!(market_events(&receipt), events);
    assert_eq!(community.window(start).phase(), Some(Phase::Settled));
    let (buyer, seller) = (community.seat(BUYER), community.seat(SELLER));
    assert_eq!((buyer.free, buyer.locked), (FREE - amounts::PAID, 0));
    assert_eq!((seller.free, seller.locked), (FREE + amounts::INCOME, 0));
    assert_eq!(
        (buyer.bought, buyer.imported, buyer.engaged),
        (1000, 1000, 0)
    );
    assert_eq!(
        (seller.sold, seller.exported, seller.engaged),
        (1000, 1000, 0)
    );
    assert_eq!(operator_free(&community), amounts::GRID_FEES);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
    let ledger = community.ledger().header;
    assert_eq!((ledger.fees, ledger.escrow), (amounts::MARKET_FEES, 0));
    check_invariants(&community);

    let accounts = [
        community.addresses.window(start),
        community.addresses.ledger,
        community.addresses.history,
    ];
    let before = snapshot(&community.chain, &accounts);
    let steps = [
        settle,
        community.addresses.meter(start),
        community.addresses.allocate(start, 1, None),
        community.addresses.clear(start),
    ];
    let receipt = community.send_with_full_budget(&steps).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&community.chain, &accounts), before);
}

#[test]
fn given_a_settled_window_when_its_record_is_read_then_it_says_what_happened() {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1100, 100), (50, 950)]);
    let history = community.history();
    let slot = ring::slot(start, 300, 16).unwrap();
    let record = HistoryRecord {
        start,
        volume: 1000,
        imported: 1150,
        exported: 1050,
        price: 150_000,
        short: 300_000,
        long: 80_000,
        low: 50,
        high: 50,
        orders: 2,
        estimated: 0,
        reserved: 0,
    };
    assert_eq!(history.records[usize::from(slot)], record);
    assert_eq!((history.header.windows, history.header.volume), (1, 1000));
    check_invariants(&community);
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
        let with = |free: u64, change: i64| free.checked_add_signed(change).unwrap();
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
    }
}

#[test]
fn given_a_seat_without_orders_when_it_draws_then_it_pays_the_supplier() {
    let mut community = trading_community();
    let start = first_start(&community);
    let third = community.join("third", 1_000_000).unwrap();
    joulebook_tests::market::contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000), (50, 0)]);
    assert_eq!(community.seat(third).free, 1_000_000_000 - 15_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_supplier_that_trades_when_it_is_settled_then_it_owes_itself_nothing() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community
        .place(BUYER, start, vec![joulebook_tests::market::buy(1000, 60)])
        .unwrap();
    let supplier = &community.supplier;
    let offer = vec![sell(1200, 50)];
    let place = community.orders_of(supplier, start, offer);
    community
        .chain
        .send(&[place], &[&community.supplier.wallet])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[(1010, 0), (0, 0)]);
    let supplier = community.supplier_seat();
    let free = SUPPLIER_DEPOSIT * 1000 + amounts::INCOME + 3_000_000;
    assert_eq!(
        (supplier.free, supplier.locked, supplier.engaged),
        (free, 0, 0)
    );
    check_invariants(&community);
}

#[test]
fn given_a_window_not_metered_when_it_is_settled_then_it_is_the_wrong_step() {
    let mut community = trading_community();
    let start = first_start(&community);
    let settle = community.addresses.settle(start, 1, None);
    let refuse = |community: &mut LocalCommunity, case| {
        refused_when(
            case,
            &mut community.chain,
            &settle,
            &[],
            MarketError::WrongPhase,
        );
    };
    refuse(&mut community, "free");
    community.open_window(start).unwrap();
    refuse(&mut community, "open");
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    refuse(&mut community, "cleared");
    let allocate = community.addresses.allocate(start, 99, None);
    community.send_with_full_budget(&[allocate]).unwrap();
    refuse(&mut community, "allocated");
    check_invariants(&community);
}

#[test]
fn given_a_limit_of_nothing_when_it_is_settled_then_it_must_be_more() {
    let (mut community, start) = contracted(Parameters::default());
    let none = community.addresses.settle(start, 0, None);
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
    deliver_and_settle(&mut community, start, &[]);
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
}

#[test]
fn given_a_history_shorter_than_the_days_when_windows_are_recorded_then_the_oldest_make_room() {
    let mut community = joulebook_tests::market::trading_community_with(Parameters {
        history: 2,
        ..Parameters::default()
    });
    let first = first_start(&community);
    for start in [first, first + 900, first + 1800] {
        joulebook_tests::market::pass_until(&mut community, start - 900);
        joulebook_tests::market::contract(&mut community, start);
        deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    }
    let history = community.history();
    let mut starts: Vec<_> = history.records.iter().map(|record| record.start).collect();
    starts.sort_unstable();
    assert_eq!(starts, [first + 900, first + 1800]);
    assert_eq!((history.header.windows, history.header.volume), (3, 3000));
    check_invariants(&community);
}
