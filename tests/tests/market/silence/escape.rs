//! What others may yet have a right to can't leave a seat: not to its owner, and not through a friend.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    market::{buy, check_invariants, pass_until, sell},
    refused::{refused, refused_when},
};

use super::{change, deal, hear, priced, Deal, Prices, FRIEND, NOTHING, OTHER, SILENT};

/// The same price in all windows.
const EVEN: Prices = [(300_000, 50_000); 4];

/// 1 kWh sold at 200,000, not delivered and not heard; the seller takes out what it can at once.
fn silent_seller() -> (LocalCommunity, i64) {
    let (mut community, page) = priced(EVEN);
    deal(&mut community, page, &[Deal(0, SILENT, OTHER, 1000, 75)]);
    let free = community.seat(SILENT).free / 1000;
    // All but 1000 × (300,000 − 200,000).
    assert_eq!(free, 10_000_000 - 100_000);
    community.withdraw(SILENT, free).unwrap();
    hear(&mut community, page, &[NOTHING.heard_at(&[0])]);
    (community, page)
}

/// In the first version what a silent seller had to keep could be spent: on energy of a friend, in the cheapest half hour.
#[test]
fn given_sold_energy_that_no_meter_confirmed_when_its_seller_would_move_the_money_then_it_has_none()
{
    let (mut community, page) = silent_seller();
    let owner = &community.households[SILENT];
    let signers = [&owner.wallet];
    let withdraw = community.withdrawal_of(owner, 1);
    let none = || MarketError::NotEnoughFree;
    refused(&mut community.chain, &withdraw, &signers, none());

    // The friend would sell at any price.
    let window = page + 1200 + 600;
    community.open_window(window).unwrap();
    community
        .place(FRIEND, window, vec![sell(1000, 0)])
        .unwrap();
    let owner = &community.households[SILENT];
    for (what, orders) in [
        ("from the friend", vec![buy(1000, 127)]),
        ("the least", vec![buy(1, 0)]),
        ("a sell that can cost nothing", vec![sell(1, 127)]),
    ] {
        let orders = community.orders_of(owner, window, orders);
        let signers = [&owner.wallet];
        refused_when(what, &mut community.chain, &orders, &signers, none());
    }
    check_invariants(&community);
}

#[test]
fn given_a_seller_that_took_everything_out_when_its_page_is_final_then_nobody_misses_anything() {
    let (mut community, page) = silent_seller();
    community.finish_page(page).unwrap();
    // What it earned and what it had locked are the 300,000,000 that not delivering costs.
    let seat = community.seat(SILENT);
    assert_eq!((seat.free, seat.locked, seat.debt()), (0, 0, 0));
    assert_eq!(change(&community, SILENT), -10_000_000_000);
    let supplier = community.supplier_seat().free;
    assert_eq!(supplier, 100_000_000_000 + 300_000_000);
    check_invariants(&community);
}

/// With prices below zero it is the buyer that must keep something.
#[test]
fn given_bought_energy_at_prices_below_zero_when_its_buyer_is_silent_then_what_it_may_cost_stays() {
    let (mut community, page) = priced([(300_000, -50_000); 4]);
    // At tick 5, 60,000 a kWh: paid at once.
    deal(&mut community, page, &[Deal(0, OTHER, SILENT, 1000, 5)]);
    let seat = community.seat(SILENT);
    assert_eq!((seat.free, seat.locked), (9_890_000_000, 50_000_000));
    community.withdraw(SILENT, 9_890_000).unwrap();
    hear(&mut community, page, &[NOTHING.heard_at(&[0])]);
    assert_eq!(community.seat(SILENT).locked, 50_000_000);
    pass_until(&mut community, page + 2400);
    community.finish_page(page).unwrap();
    // It took nothing, as far as anybody knows: 1000 × 50,000.
    let seat = community.seat(SILENT);
    assert_eq!((seat.free, seat.locked, seat.debt()), (0, 0, 0));
    assert_eq!(seat.owed, 0);
    check_invariants(&community);
}
