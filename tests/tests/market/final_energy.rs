//! What a page that becomes final charges: meters that were not heard count as if nothing had flowed, and what flowed is
//! paid for at the worst prices once they are.

use joulebook_client::layout::market::{PositionStatus, Seat, WindowPrices};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, buy, check_invariants, close_gate, contract, contracted, first_start, govern,
    instructions, pass_until, sell, trading_community, BUYER, DEPOSIT, FREE, SELLER,
    SUPPLIER_DEPOSIT,
};

/// Short and long prices of the windows of [`priced_page`]: the dearest is 400,000, the lowest 10,000.
const PRICES: [(i32, i32); 4] = [
    (300_000, 80_000),
    (400_000, 90_000),
    (200_000, 10_000),
    (250_000, 20_000),
];

/// A community whose next page has [`PRICES`] and no grid fee.
pub fn priced_page() -> (LocalCommunity, i64) {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    let prices = PRICES.map(|(short, long)| WindowPrices {
        short,
        long,
        grid_fee: 0,
    });
    let post = instructions::post_prices(&community, start, prices.to_vec());
    govern(&mut community, post).unwrap();
    (community, start)
}

/// Lets the page pass, and has the meter number `meter` of a household read at boundaries of it, by their index, each with
/// the energy that has flowed since the one before, Wh.
pub fn read(
    community: &mut LocalCommunity,
    start: i64,
    (place, meter): (usize, usize),
    readings: &[(i64, (u64, u64))],
) {
    pass_until(community, start + community.page_length());
    community.open_pages(start).unwrap();
    let binding = community.binding();
    let boundaries = readings
        .iter()
        .map(|(index, energy)| (start + index * 300, *energy));
    let device = &mut community.households[place].devices[meter];
    let signed = device.signed_at(&binding, boundaries);
    community.submit(start, signed).unwrap();
}

/// Silent windows, dearest and lowest price, and what is owed when the silence ends.
pub fn silence(seat: &Seat) -> (u32, (i32, i32), i64) {
    (seat.silent_windows, (seat.dearest, seat.lowest), seat.owed)
}

pub const NO_SILENCE: (u32, (i32, i32), i64) = (0, (0, 0), 0);

#[test]
fn given_nobody_heard_when_the_page_is_final_then_contracts_count_as_if_nothing_had_flowed() {
    let (mut community, start) = contracted(Parameters::default());
    community.finish_page(start).unwrap();
    // 1000 Wh sold and not delivered cost 300,000 each; those bought and not taken bring 80,000 once the meter is heard.
    let (buyer, seller) = (community.seat(BUYER), community.seat(SELLER));
    assert_eq!(buyer.free, FREE - amounts::PAID);
    assert_eq!(seller.free, FREE + amounts::INCOME - 300_000_000);
    assert_eq!(silence(&buyer), (4, (300_000, 80_000), 80_000_000));
    assert_eq!(silence(&seller), (4, (300_000, 80_000), 0));
    for (place, paid) in [(BUYER, 0), (SELLER, 300_000_000)] {
        let position = community.position(start, community.households[place].seat);
        assert!(position.is(PositionStatus::Confirmed));
        assert_eq!((position.earns, position.locked), (0, 0));
        assert_eq!(position.paid, paid);
        let seat = community.seat(place);
        assert_eq!((seat.locked, seat.engaged, seat.debt()), (0, 0, 0));
    }
    assert_eq!(community.ledger().header.escrow, 0);
    let supplier = SUPPLIER_DEPOSIT * 1000 + 300_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
}

#[test]
fn given_energy_of_a_gap_when_the_page_is_final_then_it_costs_the_dearest_and_earns_the_lowest() {
    let (mut community, start) = priced_page();
    read(
        &mut community,
        start,
        (BUYER, 0),
        &[(0, (0, 0)), (4, (1000, 0))],
    );
    read(
        &mut community,
        start,
        (SELLER, 0),
        &[(0, (0, 0)), (4, (200, 500))],
    );
    community.settle_page(start).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE);
    community.finish_page(start).unwrap();
    // 1000 × 400,000; 200 × 400,000 less 500 × 10,000
    assert_eq!(community.seat(BUYER).free, FREE - 400_000_000);
    assert_eq!(community.seat(SELLER).free, FREE - 80_000_000 + 5_000_000);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    let supplier = SUPPLIER_DEPOSIT * 1000 + 475_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
}

/// Only windows in which a meter was missing count for the prices of what it moved in them.
#[test]
fn given_a_gap_of_two_windows_when_the_page_is_final_then_only_their_prices_count() {
    let (mut community, start) = priced_page();
    let readings = [(0, (0, 0)), (1, (0, 0)), (2, (100, 0)), (4, (1000, 500))];
    read(&mut community, start, (BUYER, 0), &readings);
    community.finish_page(start).unwrap();
    // 100 Wh of the second window at its 400,000. Then 1000 × 250,000, less 500 × 10,000.
    let paid = 40_000_000 + 250_000_000 - 5_000_000;
    assert_eq!(community.seat(BUYER).free, FREE - paid);
    check_invariants(&community);
}

#[test]
fn given_a_meter_heard_in_the_middle_when_the_page_is_final_then_only_the_rest_is_silent() {
    let (mut community, start) = priced_page();
    community.open_window(start).unwrap();
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    community
        .place(SELLER, start, vec![sell(1200, 50)])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    // Missing in the first two windows, of which it took 300 Wh, and in the last two.
    let readings = [(0, (0, 0)), (2, (300, 0))];
    read(&mut community, start, (BUYER, 0), &readings);
    community.finish_page(start).unwrap();
    // 1000 × (150,000 + 1,500), no grid fee; 80,000,000 back for not taking it; 300 × 400,000, the dearest of all windows
    // that it was missing in.
    let paid = 151_500_000 - 80_000_000 + 120_000_000;
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - paid);
    assert_eq!(silence(&buyer), (2, (250_000, 10_000), 0));
    check_invariants(&community);
}

#[test]
fn given_a_silent_page_when_the_meter_is_heard_in_the_next_then_what_was_kept_back_is_paid() {
    for (taken, pays) in [
        // Nothing was taken: 80,000,000 come back.
        (0, -80_000_000),
        // 600 × 300,000 less that.
        (600, 100_000_000),
        // All of it.
        (1000, 220_000_000),
    ] {
        let (mut community, start) = contracted(Parameters::default());
        let next = start + community.page_length();
        read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
        let readings = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
        community.households[BUYER].devices[0].flow(taken, 0);
        read(&mut community, next, (BUYER, 0), &readings);
        community.finish_page(start).unwrap();
        assert_eq!(community.seat(BUYER).free, FREE - amounts::PAID);
        assert_eq!(community.seat(BUYER).owed, 80_000_000);
        community.finish_page(next).unwrap();
        let free = (FREE - amounts::PAID).checked_add_signed(-pays);
        assert_eq!(Some(community.seat(BUYER).free), free);
        assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
        check_invariants(&community);
    }
}

#[test]
fn given_one_of_two_meters_missing_when_the_page_is_final_then_the_other_counts() {
    let mut community = trading_community();
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    contract(&mut community, start);
    let readings = [
        (0, (0, 0)),
        (1, (400, 0)),
        (2, (0, 0)),
        (3, (0, 0)),
        (4, (0, 0)),
    ];
    read(&mut community, start, (BUYER, 0), &readings);
    read(&mut community, start, (BUYER, 1), &[(0, (0, 0))]);
    community.finish_page(start).unwrap();
    // 600 of 1000 Wh not taken, as far as is known: 48,000,000 wait for the other meter.
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID);
    assert_eq!(silence(&buyer), (4, (300_000, 80_000), 48_000_000));
    check_invariants(&community);

    // It drew the 600 Wh.
    let next = start + community.page_length();
    let heard = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, next, (BUYER, 0), &heard);
    community.households[BUYER].devices[1].flow(600, 0);
    read(&mut community, next, (BUYER, 1), &heard);
    community.finish_page(next).unwrap();
    // 600 × 300,000 less 48,000,000
    let free = FREE - amounts::PAID - 132_000_000;
    assert_eq!(community.seat(BUYER).free, free);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    check_invariants(&community);
}

/// Prices of energy of before count, windows that nobody was silent in do not.
#[test]
fn given_pages_that_nobody_opened_when_a_meter_is_silent_behind_them_then_its_silence_is_as_long_as_it_is(
) {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start - 1).unwrap();
    pass_until(&mut community, start + 5 * 1200);
    community.finish_page(start - 1200).unwrap();
    let next = start + 4 * 1200;
    community.open_pages(next).unwrap();
    community.finish_page(next).unwrap();
    let kept = (4, (300_000, 80_000), 0);
    assert_eq!(silence(&community.seat(BUYER)), kept);
    check_invariants(&community);
}

/// What can't be paid is debt of the row, and nobody waits for it.
#[test]
fn given_a_seat_without_money_when_its_page_is_final_then_what_it_must_pay_is_debt() {
    let (mut community, start) = priced_page();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let readings = [(0, (0, 0)), (4, (1000, 0))];
    read(&mut community, start, (BUYER, 0), &readings);
    community.finish_page(start).unwrap();
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (0, 400_000_000));
    check_invariants(&community);
}
