//! Values that come late, in any order, or are corrected: positions end the same, each at its own window's prices.

use joulebook_client::{
    layout::{
        market::{PositionStatus, WindowPrices},
        oracle::Quality,
    },
    market::errors::MarketError,
    oracle::types::SignedReading,
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::restore, amounts, check_invariants, check_settled, close_gate, contracted,
        deliver, first_start, govern, instructions, length, meters_of, pass_until, stay_silent,
        trade, trading_community, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{snapshot, Snapshot},
};

/// What the buyer draws and the seller feeds in, window by window, Wh.
const DRAWN: [u64; 4] = [1100, 200, 0, 50];
const FED_IN: [u64; 4] = [900, 0, 300, 0];

/// 1000 Wh bought: 100 more drawn at 300,000, 200 at 400,000, 50 at 300,000.
const BUYER_PAYS: u64 = amounts::PAID + 30_000_000 + 80_000_000 + 15_000_000;
/// 1000 Wh sold: 100 not delivered at 300,000; 300 left over at 50,000.
const SELLER_GETS: u64 = amounts::INCOME - 30_000_000 + 15_000_000;
/// What the one and the other pay, less what it pays for what is left over.
const SUPPLIER_GETS: u64 = 125_000_000 + 30_000_000 - 15_000_000;

fn prices(short: i32, long: i32) -> WindowPrices {
    WindowPrices {
        short,
        long,
        grid_fee: 20_000,
    }
}

/// The four windows of a page have prices of their own, the first of them contracts. All of it is over, nobody was
/// heard.
fn silent_page() -> (LocalCommunity, i64) {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    let prices = vec![
        prices(300_000, 80_000),
        prices(400_000, 100_000),
        prices(200_000, 50_000),
        prices(300_000, 80_000),
    ];
    let post = instructions::post_prices(&community, start, prices);
    govern(&mut community, post).unwrap();
    community.open_window(start).unwrap();
    trade(&mut community, start);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    let end = start + community.page_length();
    pass_until(&mut community, end);
    (community, start)
}

/// The readings of both meters at all boundaries of the page, in the sequence of time.
fn readings(community: &mut LocalCommunity, start: i64) -> Vec<SignedReading> {
    let length = length(community);
    let binding = community.binding();
    let boundaries = (1..).map(|number| start + number * length);
    let flows = [DRAWN.map(|wh| (wh, 0)), FED_IN.map(|wh| (0, wh))];
    let mut all = vec![];
    for (household, flows) in community.households.iter_mut().zip(flows) {
        let device = &mut household.devices[0];
        all.push(device.signed(&binding, start));
        all.extend(device.signed_at(&binding, boundaries.clone().zip(flows)));
    }
    all.sort_by_key(|reading| reading.boundary);
    all
}

fn tables(community: &LocalCommunity, start: i64) -> Snapshot {
    let at = &community.addresses;
    let tables = [
        at.ledger,
        at.page(start),
        at.interval_page(start),
        at.meter_table,
    ];
    snapshot(&community.chain, &tables)
}

#[track_caller]
fn settle_page(community: &mut LocalCommunity, start: i64) {
    community.settle_page(start).unwrap();
    check_invariants(community);
    check_settled(community, start);
}

#[track_caller]
fn check_paid(community: &LocalCommunity) {
    assert_eq!(community.seat(BUYER).free, FREE - BUYER_PAYS);
    assert_eq!(community.seat(SELLER).free, FREE + SELLER_GETS);
    let supplier = SUPPLIER_DEPOSIT * 1000 + SUPPLIER_GETS;
    assert_eq!(community.supplier_seat().free, supplier);
}

#[test]
fn given_readings_in_any_order_when_they_are_settled_at_any_time_then_everyone_ends_the_same() {
    let (mut community, start) = silent_page();
    let in_time = readings(&mut community, start);
    let backwards: Vec<_> = in_time.iter().rev().cloned().collect();
    let of = |place: usize| {
        let meter = meters_of(&community, place)[0];
        let readings = in_time.iter().filter(move |reading| reading.meter == meter);
        readings.cloned().collect::<Vec<_>>()
    };
    let one_by_one = [of(SELLER), of(BUYER)].concat();
    // The registers at the end, then those between: a gap that is filled.
    let mut end_first = in_time.clone();
    end_first.rotate_right(2);
    let before = tables(&community, start);
    let mut outcomes = vec![];
    for order in [in_time, backwards, one_by_one, end_first] {
        for settles_each in [false, true] {
            restore(&mut community.chain, &before);
            for reading in &order {
                community.submit(start, vec![reading.clone()]).unwrap();
                if settles_each {
                    settle_page(&mut community, start);
                }
            }
            settle_page(&mut community, start);
            check_paid(&community);
            let at = &community.addresses;
            let settled = [at.ledger, at.page(start)];
            outcomes.push(snapshot(&community.chain, &settled));
        }
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));

    community.finish_page(start).unwrap();
    check_invariants(&community);
    check_paid(&community);
}

#[test]
fn given_settled_positions_when_they_are_settled_again_then_nothing_changes() {
    let (mut community, start) = silent_page();
    let readings = readings(&mut community, start);
    community.submit(start, readings).unwrap();
    settle_page(&mut community, start);
    let before = tables(&community, start);
    settle_page(&mut community, start);
    assert!(tables(&community, start) == before);
}

#[test]
fn given_a_silent_meter_when_its_window_is_settled_then_contracts_count_as_kept_and_earn_nothing_yet(
) {
    let (mut community, start) = contracted(Parameters::default());
    stay_silent(&mut community, start);
    settle_page(&mut community, start);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked), (FREE - amounts::PAID, 0));
    let seller = community.seat(SELLER);
    let locked = amounts::DELIVERY_LOCK;
    assert_eq!((seller.free, seller.locked), (FREE - locked, locked));
    assert_eq!(community.ledger().header.escrow, amounts::INCOME);
    let position = community.position(start, community.households[SELLER].seat);
    assert!(position.is(PositionStatus::Open));

    // Neither what it earns nor what it locks can be taken out.
    let too_much = community.withdraw(SELLER, (FREE - locked) / 1000 + 1);
    let poor = Err(Failure::Market(MarketError::NotEnoughFree));
    assert_eq!(too_much.map(|_| ()), poor);

    let length = length(&community);
    community.read_start(start).unwrap();
    let readings = community.read_meters(start, &[(1000, 0), (0, 1000)]);
    assert!(community.chain.now() >= start + length);
    community.submit(start, readings).unwrap();
    settle_page(&mut community, start);
    let seller = community.seat(SELLER);
    assert_eq!((seller.free, seller.locked), (FREE + amounts::INCOME, 0));
    assert_eq!(community.ledger().header.escrow, 0);
}

#[test]
fn given_one_of_two_meters_missing_when_a_position_is_settled_then_it_waits_for_both() {
    let mut community = trading_community();
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    joulebook_tests::market::contract(&mut community, start);
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.read_start(start).unwrap();
    pass_until(&mut community, start + 300);
    community.households[BUYER].devices[1].flow(700, 0);
    let mut readings = community.read_meters(start, &[(400, 0), (0, 1000)]);
    let late = readings.remove(1);
    community.submit(start, readings).unwrap();
    settle_page(&mut community, start);
    let buyer = community.households[BUYER].seat;
    assert!(community.position(start, buyer).is(PositionStatus::Open));
    assert_eq!(community.seat(BUYER).free, FREE - amounts::PAID);

    community.submit(start, vec![late]).unwrap();
    settle_page(&mut community, start);
    // 400 and 700 where 1000 were bought: 100 at 300,000.
    assert!(community
        .position(start, buyer)
        .is(PositionStatus::Confirmed));
    let paid = amounts::PAID + 30_000_000;
    assert_eq!(community.seat(BUYER).free, FREE - paid);
}

/// Has a verifier set the values of a household's meter from the window at `start` on; the page takes no readings any more.
fn correct(community: &mut LocalCommunity, place: usize, start: i64, values: &[(u32, u32)]) {
    let page = community.addresses.page_start(start);
    let closes = i64::from(community.parameters.reading_seconds);
    pass_until(community, page + community.page_length() + closes);
    let meter = meters_of(community, place)[0];
    let owner = &community.households[place];
    let replace = instructions::replace_values(community, owner, start, meter, values);
    govern(community, replace).unwrap();
}

#[test]
fn given_a_corrected_value_when_it_is_settled_then_the_difference_is_paid_at_each_windows_prices() {
    let (mut community, start) = silent_page();
    let readings = readings(&mut community, start);
    community.submit(start, readings).unwrap();
    settle_page(&mut community, start);
    check_paid(&community);

    // 100 of the 1100 Wh flowed in the next window, the clock was wrong: 300,000 back, 400,000 to pay.
    correct(&mut community, BUYER, start, &[(1000, 0), (300, 0)]);
    let meter = meters_of(&community, BUYER)[0];
    assert!(community.entry(start, meter).is(Quality::Replaced));
    settle_page(&mut community, start);
    let free = FREE - BUYER_PAYS + 30_000_000 - 40_000_000;
    assert_eq!(community.seat(BUYER).free, free);
    let supplier = SUPPLIER_DEPOSIT * 1000 + SUPPLIER_GETS + 10_000_000;
    assert_eq!(community.supplier_seat().free, supplier);

    // The registers say as much in all as they did.
    community.finish_page(start).unwrap();
    assert_eq!(community.seat(BUYER).free, free);
    check_invariants(&community);
}

#[test]
fn given_a_value_corrected_more_than_once_when_it_is_settled_then_only_the_last_one_counts() {
    let outcome = |settles_each: bool| {
        let (mut community, start) = contracted(Parameters::default());
        deliver(&mut community, start, &[(1100, 0), (0, 1000)]);
        settle_page(&mut community, start);
        for drawn in [400, 2000, 1010] {
            correct(&mut community, BUYER, start, &[(drawn, 0)]);
            if settles_each {
                settle_page(&mut community, start);
            }
        }
        settle_page(&mut community, start);
        community.seat(BUYER).free
    };
    // 10 Wh at 300,000.
    let free = FREE - amounts::PAID - 3_000_000;
    assert_eq!(outcome(false), free);
    assert_eq!(outcome(true), free);
}

#[test]
fn given_money_that_is_gone_when_a_correction_is_settled_then_it_is_owed() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1100, 0), (0, 1000)]);
    settle_page(&mut community, start);
    // 100 Wh at 300,000 beside what it had.
    let supplier = community.withdrawal_of(&community.supplier, SUPPLIER_DEPOSIT + 30_000);
    govern(&mut community, supplier).unwrap();
    let sellers = community.seat(SELLER).free / 1000;
    community.withdraw(SELLER, sellers).unwrap();

    correct(&mut community, BUYER, start, &[(1000, 0)]);
    settle_page(&mut community, start);
    assert_eq!(community.seat(BUYER).claim(), 30_000_000);
    assert_eq!(community.ledger().header.claims(), 30_000_000);
    // The seller had delivered 10 Wh less than it sold.
    correct(&mut community, SELLER, start, &[(0, 990)]);
    settle_page(&mut community, start);
    assert_eq!(community.seat(SELLER).debt(), 3_000_000);
    assert_eq!(community.seat(BUYER).claim(), 30_000_000);
}
