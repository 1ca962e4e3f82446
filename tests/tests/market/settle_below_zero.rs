//! `settle` where prices are below zero: drawing energy brings money, leaving it over costs some.

use joulebook_client::layout::market::WindowPrices;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    buy, check_invariants, check_settled, close_gate, deliver_and_settle, first_start, govern,
    instructions, meters_of, pass_until, sell, trading_community_with, BUYER, FREE, SELLER,
    SUPPLIER_DEPOSIT,
};

fn with(free: u64, change: i64) -> u64 {
    free.checked_add_signed(change).unwrap()
}

/// Drawing brings 10,000 atoms per kWh, leaving over costs 80,000. 1000 Wh are traded at −60,000: 1200 were on offer at
/// tick 20.
fn below_zero() -> (LocalCommunity, i64) {
    let mut parameters = Parameters::default();
    parameters.terms.floor_price = -100_000;
    let mut community = trading_community_with(parameters);
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    let prices = WindowPrices {
        short: -10_000,
        long: -80_000,
        grid_fee: 20_000,
    };
    let post = instructions::post_prices(&community, start, vec![prices]);
    govern(&mut community, post).unwrap();
    community.open_window(start).unwrap();
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    community
        .place(SELLER, start, vec![sell(1200, 20)])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    assert_eq!(community.window(start).price, -60_000);
    (community, start)
}

#[test]
fn given_prices_below_zero_when_it_is_settled_then_money_goes_the_other_way() {
    // What buyer and seller then have beyond their contracts.
    for (flows, buyer, seller) in [
        ([(1000, 0), (0, 1000)], 0, 0),
        ([(1100, 0), (0, 1000)], 1_000_000, 0),
        ([(900, 0), (0, 1000)], -8_000_000, 0),
        ([(1000, 0), (0, 900)], 0, 1_000_000),
        ([(1000, 0), (0, 1100)], 0, -8_000_000),
        ([(0, 0), (0, 0)], -80_000_000, 10_000_000),
    ] {
        let (mut community, start) = below_zero();
        // The grid fee of 20,000 is paid, and what not taking 1000 Wh costs beyond the 60,000 that taking them earns is locked.
        let locked = community.seat(BUYER);
        let free = FREE - 20_000_000 - 20_000_000;
        assert_eq!((locked.free, locked.locked), (free, 20_000_000));
        assert_eq!(community.seat(SELLER).free, FREE - 60_000_000);
        deliver_and_settle(&mut community, start, &flows);
        let bought = FREE - 20_000_000 + 60_000_000;
        assert_eq!(community.seat(BUYER).free, with(bought, buyer));
        assert_eq!(community.seat(SELLER).free, with(FREE - 60_000_000, seller));
        let supplier = with(SUPPLIER_DEPOSIT * 1000, -buyer - seller);
        assert_eq!(community.supplier_seat().free, supplier);
        let operator = usize::from(community.grid_operator.seat);
        assert_eq!(community.ledger().seats[operator].free, 20_000_000);
        check_invariants(&community);
        check_settled(&community, start);
    }
}

#[test]
fn given_prices_below_zero_when_a_value_is_corrected_up_and_down_then_the_difference_is_paid() {
    let (mut community, start) = below_zero();
    deliver_and_settle(&mut community, start, &[(900, 0), (0, 1000)]);
    pass_until(&mut community, start + 1200 + 600);
    let meter = meters_of(&community, BUYER)[0];
    let bought = FREE - 20_000_000 + 60_000_000;
    // 100 Wh left over cost 8,000,000, 100 Wh drawn bring 1,000,000, 1000 Wh fed in cost 160,000,000.
    for (value, change) in [
        ((900, 0), -8_000_000),
        ((1100, 0), 1_000_000),
        ((0, 1000), -160_000_000),
        ((1000, 0), 0),
    ] {
        let owner = &community.households[BUYER];
        let replace = instructions::replace_values(&community, owner, start, meter, &[value]);
        govern(&mut community, replace).unwrap();
        community.settle(start).unwrap();
        assert_eq!(community.seat(BUYER).free, with(bought, change));
        let supplier = with(SUPPLIER_DEPOSIT * 1000, -change);
        assert_eq!(community.supplier_seat().free, supplier);
        check_invariants(&community);
        check_settled(&community, start);
    }
}
