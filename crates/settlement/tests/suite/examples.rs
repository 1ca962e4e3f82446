//! Settlement worked out by hand: a market price of 0.25, retail 0.30, feed-in 0.08 tokens per kWh.

use joulebook_settlement::{difference, Contract, Difference, Metered, Tariff, Terms};
use joulebook_units::{MilliAtoms, NetMilliAtoms, NetWh, Price, Wh};

use crate::support::{contract, net, paid, MARKET_PRICE, TERMS};

/// Milli-atoms in a thousandth of a token of 6 decimals.
const THOUSANDTH: i64 = 1_000_000;

fn measured(contract: Contract, energy: i64) -> Difference {
    difference(contract, Metered::Measured(net(energy)), net(0)).expect("it fits")
}

fn pays(thousandths: i64) -> NetMilliAtoms {
    NetMilliAtoms(thousandths * THOUSANDTH)
}

fn receives(thousandths: i64) -> NetMilliAtoms {
    NetMilliAtoms(-thousandths * THOUSANDTH)
}

#[test]
fn given_a_buyer_who_draws_what_it_bought_when_settled_then_nothing_more_is_paid() {
    assert_eq!(paid(measured(contract(1_000, 0), 1_000)), pays(0));
}

#[test]
fn given_a_buyer_who_draws_more_when_settled_then_the_rest_costs_the_retail_price() {
    assert_eq!(paid(measured(contract(1_000, 0), 1_200)), pays(60));
}

#[test]
fn given_a_buyer_who_draws_less_when_settled_then_the_rest_earns_the_feed_in_tariff() {
    assert_eq!(paid(measured(contract(1_000, 0), 700)), receives(24));
}

#[test]
fn given_a_seller_who_delivers_when_settled_then_nothing_more_is_paid() {
    assert_eq!(paid(measured(contract(0, 1_000), -1_000)), receives(0));
}

#[test]
fn given_a_seller_who_delivers_less_when_settled_then_the_rest_costs_the_retail_price() {
    assert_eq!(paid(measured(contract(0, 1_000), -600)), pays(120));
}

#[test]
fn given_a_seller_who_delivers_more_when_settled_then_the_rest_earns_the_feed_in_tariff() {
    assert_eq!(paid(measured(contract(0, 1_000), -1_300)), receives(24));
}

#[test]
fn given_a_seller_who_draws_instead_when_settled_then_both_cost_the_retail_price() {
    assert_eq!(paid(measured(contract(0, 1_000), 500)), pays(450));
}

#[test]
fn given_a_seat_that_bought_and_sold_when_settled_then_its_net_counts() {
    // Sold 500 more than it bought, fed in 350 more than it drew.
    assert_eq!(contract(300, 800).net(), NetWh(-500));
    let energy = NetWh::between(Wh(100), Wh(450));
    assert_eq!(paid(measured(contract(300, 800), energy.0)), pays(45));
}

/// powertac/powertac-server issue 1054: negative net demand was charged.
#[test]
fn given_no_contract_and_a_surplus_when_settled_then_it_is_credited_not_charged() {
    assert_eq!(paid(measured(contract(0, 0), -1_000)), receives(80));
    assert_eq!(paid(measured(contract(0, 0), 1_000)), pays(300));
}

#[test]
fn given_a_true_up_when_settled_then_the_tariff_holds_for_it() {
    let with = |energy| Difference {
        true_up: net(energy),
        ..Difference::default()
    };
    assert_eq!(paid(with(1_000)), pays(300));
    assert_eq!(paid(with(-1_000)), receives(80));
}

#[test]
fn given_an_imbalance_and_a_true_up_the_other_way_when_settled_then_each_has_its_price() {
    let difference = Difference {
        imbalance: net(100),
        true_up: net(-100),
        estimated: net(0),
    };
    assert_eq!(paid(difference), pays(30 - 8));
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
    let due = paid(measured(contract(0, 1_000), 0));
    assert_eq!(income.checked_add(needed), Some(due));
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
