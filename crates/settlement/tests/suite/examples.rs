//! Settlement worked out by hand: a market price of 0.25, retail 0.30, feed-in 0.08 tokens per kWh.

use joulebook_settlement::{position::cost, Tariff, Terms};
use joulebook_units::{MilliAtoms, NetMilliAtoms, NetWh, Price, Wh};

use crate::support::{contract, net, paid, pays, receives, MARKET_PRICE, TERMS};

#[test]
fn given_a_buyer_who_draws_what_it_bought_when_settled_then_nothing_more_is_paid() {
    assert_eq!(paid(contract(1_000, 0), 1_000), pays(0));
}

#[test]
fn given_a_buyer_who_draws_more_when_settled_then_the_rest_costs_the_retail_price() {
    assert_eq!(paid(contract(1_000, 0), 1_200), pays(60));
}

#[test]
fn given_a_buyer_who_draws_less_when_settled_then_the_rest_earns_the_feed_in_tariff() {
    assert_eq!(paid(contract(1_000, 0), 700), receives(24));
}

#[test]
fn given_a_seller_who_delivers_when_settled_then_nothing_more_is_paid() {
    assert_eq!(paid(contract(0, 1_000), -1_000), receives(0));
}

#[test]
fn given_a_seller_who_delivers_less_when_settled_then_the_rest_costs_the_retail_price() {
    assert_eq!(paid(contract(0, 1_000), -600), pays(120));
}

#[test]
fn given_a_seller_who_delivers_more_when_settled_then_the_rest_earns_the_feed_in_tariff() {
    assert_eq!(paid(contract(0, 1_000), -1_300), receives(24));
}

#[test]
fn given_a_seller_who_draws_instead_when_settled_then_both_cost_the_retail_price() {
    assert_eq!(paid(contract(0, 1_000), 500), pays(450));
}

#[test]
fn given_a_seat_that_bought_and_sold_when_settled_then_its_net_counts() {
    // Sold 500 more than it bought, fed in 350 more than it drew.
    assert_eq!(contract(300, 800).net(), NetWh(-500));
    let energy = NetWh::between(Wh(100), Wh(450));
    assert_eq!(paid(contract(300, 800), energy.0), pays(45));
}

/// powertac/powertac-server issue 1054: negative net demand was charged.
#[test]
fn given_no_contract_and_a_surplus_when_settled_then_it_is_credited_not_charged() {
    assert_eq!(paid(contract(0, 0), -1_000), receives(80));
    assert_eq!(paid(contract(0, 0), 1_000), pays(300));
}

#[test]
fn given_prices_below_zero_when_settled_then_drawing_earns_and_feeding_in_costs() {
    // Atoms per kWh, and Wh: 3 Wh at 0.02 and 0.05 atoms each.
    let tariff = Tariff {
        short: Price(-20),
        long: Price(-50),
    };
    assert_eq!(cost(net(3), tariff), NetMilliAtoms(-60));
    assert_eq!(cost(net(-3), tariff), NetMilliAtoms(150));
    assert_eq!(cost(net(0), tariff), NetMilliAtoms::ZERO);
}

#[test]
fn given_a_buy_when_it_fills_then_price_grid_fee_and_market_fee_are_paid() {
    assert_eq!(TERMS.market_fee(MARKET_PRICE), Price(2_500));
    assert_eq!(TERMS.all_in(MARKET_PRICE), Some(Price(272_500)));
    let cost = Wh(1_000) * Price(272_500);
    assert_eq!(cost, NetMilliAtoms(272_500_000));
    // Its limit was 0.28: 0.28 + 0.02 + 0.0028 were locked.
    assert_eq!(
        TERMS.buy_lock(Wh(1_000), Price(280_000)),
        Some(MilliAtoms(302_800_000))
    );
}

#[test]
fn given_a_seller_who_delivers_nothing_when_settled_then_income_and_lock_pay_for_it() {
    // Asked 0.20, sold at 0.25: 0.10 was locked per kWh, 0.05 is needed beside the income.
    let lock = TERMS.sell_lock(Wh(1_000), Price(200_000));
    assert_eq!(lock, Some(MilliAtoms(100_000_000)));
    let needed = Wh(1_000) * TERMS.shortfall(MARKET_PRICE).expect("it fits");
    assert_eq!(needed, NetMilliAtoms(50_000_000));
    let income = Wh(1_000) * MARKET_PRICE;
    let due = paid(contract(0, 1_000), 0);
    assert_eq!(income.checked_add(needed), Some(due));
}

#[test]
fn given_a_buyer_who_takes_nothing_at_a_price_below_zero_when_settled_then_its_lock_pays_for_it() {
    // Bought at 0.25 with the limit 0.25, feed-in −0.03: 0.25, 0.02 and 0.0025 are paid, 0.03 is kept.
    let terms = Terms {
        tariff: Tariff {
            short: Price(300_000),
            long: Price(-30_000),
        },
        ..TERMS
    };
    let lock = terms.buy_lock(Wh(1_000), MARKET_PRICE);
    assert_eq!(lock, Some(MilliAtoms(302_500_000)));
    assert_eq!(terms.all_in(MARKET_PRICE), Some(Price(272_500)));
    assert_eq!(terms.surplus(MARKET_PRICE), Some(Price(30_000)));
    assert_eq!(cost(net(-1_000), terms.tariff), pays(30));
}

#[test]
fn given_many_orders_when_locked_then_each_locks_what_it_would_alone() {
    let locks = TERMS.locks();
    // 0.28 + 0.02 + 0.0028 a kWh; 0.30 less 0.20.
    let buy = locks.buy(Wh(1_000), Price(280_000));
    assert_eq!(buy, Some(MilliAtoms(302_800_000)));
    let sell = locks.sell(Wh(1_000), Price(200_000));
    assert_eq!(sell, Some(MilliAtoms(100_000_000)));
    assert_eq!(locks.buy(Wh(1_000), Price(280_000)), buy);
}

#[test]
fn given_an_ask_above_the_retail_price_when_placed_then_it_locks_the_least() {
    assert_eq!(
        TERMS.sell_lock(Wh(1_000), Price(300_000)),
        Some(MilliAtoms(1_000))
    );
    let most = u64::from(u32::MAX);
    assert_eq!(
        TERMS.sell_lock(Wh(u32::MAX), Price(300_001)),
        Some(MilliAtoms(most))
    );
}

#[test]
fn given_prices_below_zero_when_placed_then_paying_to_sell_and_not_taking_are_locked() {
    let terms = Terms {
        tariff: Tariff {
            short: Price(50_000),
            long: Price(-30_000),
        },
        ..TERMS
    };
    // Sold at −0.10: 0.10 is paid at once, and 0.05 for each kWh not delivered.
    assert_eq!(
        terms.sell_lock(Wh(1_000), Price(-100_000)),
        Some(MilliAtoms(150_000_000))
    );
    // Bought at −0.10: the grid fee of 0.02 is paid at once; not taken, each kWh costs 0.03.
    assert_eq!(
        terms.buy_lock(Wh(1_000), Price(-100_000)),
        Some(MilliAtoms(50_000_000))
    );
    // Bought at −0.01, what it earns pays a third of that.
    assert_eq!(terms.surplus(Price(-10_000)), Some(Price(20_000)));
    assert_eq!(terms.surplus(Price(-30_000)), Some(Price(0)));
    assert_eq!(terms.shortfall(Price(-100_000)), Some(Price(50_000)));
}
