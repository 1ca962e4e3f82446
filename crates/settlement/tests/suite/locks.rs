//! What an order locks covers whatever comes of it.

use joulebook_settlement::{
    position::{cost, due, final_due, Flow},
    Contract, Terms,
};
use joulebook_units::{Price, Wh};
use proptest::{collection::vec, prelude::*};

use crate::support::{any_terms, contract, net};

/// A price from `low` to `high`.
fn between(low: i32, high: i32, part: u32) -> Price {
    let width = i128::from(high) - i128::from(low) + 1;
    let value = i128::from(low) + i128::from(part) * width / (1 << 32);
    Price(i32::try_from(value).expect("between two prices"))
}

/// What contracts cost in all when they are allocated, less what they earn. Milli-atoms.
fn paid_at_once(terms: &Terms, price: Price, contract: Contract) -> i128 {
    let value = |energy: Wh, price: i64| i128::from(energy.0) * i128::from(price);
    let price = i64::from(price.0);
    let fee = (price.max(0) * i64::from(terms.fee_bps) + 9_999) / 10_000;
    let fees = value(contract.bought, i64::from(terms.grid_fee.0) + fee);
    fees + value(contract.bought, price) - value(contract.sold, price)
}

/// What contracts cost in all once every meter was heard. Milli-atoms.
fn cost_in_all(terms: &Terms, price: Price, contract: Contract, moved: i64) -> i128 {
    let due = due(contract, Flow::Whole(net(moved)), terms.tariff, Wh(0));
    paid_at_once(terms, price, contract) + i128::from(due.pays.0)
}

/// An order of one window: side, limit, quantity, and how much of it is filled, in parts of 2³².
#[derive(Clone, Copy, Debug)]
struct Order {
    is_buy: bool,
    limit: i32,
    quantity: u32,
    fill: u32,
}

fn any_orders() -> impl Strategy<Value = Vec<Order>> {
    let limit = prop_oneof![-i32::MAX..=i32::MAX, -1_000_000..1_000_000i32];
    let order = (any::<bool>(), limit, 1..1u32 << 28, any::<u32>());
    let order = order.prop_map(|(is_buy, limit, quantity, fill)| Order {
        is_buy,
        limit,
        quantity,
        fill,
    });
    vec(order, 1..6)
}

/// What a seat's orders lock together, and its contracts at `price`. `None` if one locks more than can be.
fn contracts_of(terms: &Terms, price: Price, orders: &[Order]) -> Option<(i128, Contract)> {
    let (mut locked, mut contracts) = (0, contract(0, 0));
    for order in orders {
        let (limit, quantity) = (Price(order.limit), Wh(order.quantity));
        let fill = (u64::from(order.quantity) * u64::from(order.fill)) >> 32;
        let fill = u32::try_from(fill).expect("a part of it");
        let lock = if order.is_buy {
            contracts.bought.0 += if limit >= price { fill } else { 0 };
            terms.buy_lock(quantity, limit)
        } else {
            contracts.sold.0 += if limit <= price { fill } else { 0 };
            terms.sell_lock(quantity, limit)
        };
        locked += i128::from(lock?.0);
    }
    Some((locked, contracts))
}

/// Buys and sells of one window, and its price.
fn any_window() -> impl Strategy<Value = (Terms, Price, Vec<Order>)> {
    (any_terms(), any_orders(), any::<prop::sample::Index>()).prop_map(
        |(terms, orders, marginal)| {
            // The limit of one of them, so that some are filled at exactly that.
            let price = Price(marginal.get(&orders).limit);
            (terms, price, orders)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever it is filled at up to its limit, however much of it, and however little of that is taken.
    #[test]
    fn given_any_buy_when_filled_and_taken_in_part_then_its_lock_covers_the_cost(
        terms in any_terms(), limit in -i32::MAX..=i32::MAX, quantity in 1..u32::MAX / 2,
        (filled, taken, price) in any::<(u32, u32, u32)>()
    ) {
        let Some(lock) = terms.buy_lock(Wh(quantity), Price(limit)) else { return Ok(()) };
        let fill = filled % (quantity + 1);
        let taken = taken % (fill + 1);
        let price = between(-i32::MAX, limit, price);
        prop_assert!(terms.all_in(price).is_some(), "a limit that fits makes every lower price fit");
        prop_assert!(terms.surplus(price).is_some());
        // Energy taken replaces energy at the retail price: what it costs beyond that is its own.
        let beyond = cost_in_all(&terms, price, contract(fill, 0), taken.into());
        prop_assert!(beyond <= i128::from(lock.0), "{beyond} of {}", lock.0);
    }

    /// Whatever it is filled at from its ask on, however much of it, and however little of that is delivered.
    #[test]
    fn given_any_sell_when_filled_and_delivered_in_part_then_its_lock_covers_the_cost(
        terms in any_terms(), ask in -i32::MAX..=i32::MAX, quantity in 1..u32::MAX / 2,
        (filled, delivered, price) in any::<(u32, u32, u32)>()
    ) {
        let Some(lock) = terms.sell_lock(Wh(quantity), Price(ask)) else { return Ok(()) };
        let fill = filled % (quantity + 1);
        let delivered = delivered % (fill + 1);
        let price = between(ask, i32::MAX, price);
        let cost = cost_in_all(&terms, price, contract(0, fill), -i64::from(delivered));
        prop_assert!(cost <= i128::from(lock.0), "{cost} of {}", lock.0);
    }

    /// Several orders of one seat, on both sides of a window. What flows costs something without contracts, too; beside
    /// that they never cost more than they lock.
    #[test]
    fn given_any_orders_when_filled_then_their_locks_cover_what_contracts_cost_whatever_flows(
        (terms, price, orders) in any_window(), moved in -(1i64 << 30)..1 << 30
    ) {
        let Some((locked, contracts)) = contracts_of(&terms, price, &orders) else { return Ok(()) };
        let without = cost_in_all(&terms, price, contract(0, 0), moved);
        let beyond = cost_in_all(&terms, price, contracts, moved) - without;
        prop_assert!(beyond <= locked, "{beyond} of {locked}");
    }

    /// The same if a meter is missing: while its values can still come, and when they can't any more.
    #[test]
    fn given_a_missing_meter_when_settled_then_locks_cover_what_contracts_cost(
        (terms, price, orders) in any_window(), heard in -(1i64 << 30)..1 << 30, draw in 0..1u32 << 20
    ) {
        let Some((locked, contracts)) = contracts_of(&terms, price, &orders) else { return Ok(()) };
        let flow = Flow::Partial(net(heard));
        let at_once = paid_at_once(&terms, price, contracts);
        for rule in [due, final_due] {
            let pays = |contract| rule(contract, flow, terms.tariff, Wh(draw)).pays;
            // The draw is the meter's, not the contracts'.
            let beyond = i128::from(pays(contracts).0) - i128::from(pays(contract(0, 0)).0);
            prop_assert!(at_once + beyond <= locked, "{at_once} and {beyond} of {locked}");
        }
    }

    /// While a meter is missing, what contracts earn is not the seat's yet.
    #[test]
    fn given_contracts_not_confirmed_when_they_earn_nothing_yet_then_locks_cover_what_was_paid(
        (terms, price, orders) in any_window()
    ) {
        let Some((locked, contracts)) = contracts_of(&terms, price, &orders) else { return Ok(()) };
        let value = |energy: Wh, price: i32| i128::from(energy.0) * i128::from(price);
        let bought = value(contracts.bought, terms.all_in(price).map_or(0, |all_in| all_in.0));
        let sold = value(contracts.sold, -price.0.min(0));
        prop_assert!(bought + sold <= locked);
    }

    /// Once the price is known, what is paid at once and what stays locked come out of the lock, and what stays
    /// locked covers the rest.
    #[test]
    fn given_a_price_when_allocated_then_lock_pays_and_what_is_left_covers_the_rest(
        terms in any_terms(), (limit, ask) in (-i32::MAX..=i32::MAX, -i32::MAX..=i32::MAX), quantity in 1..u32::MAX / 2,
        price in any::<u32>()
    ) {
        if let Some(lock) = terms.buy_lock(Wh(quantity), Price(limit)) {
            let price = between(-i32::MAX, limit, price);
            let paid = (Wh(quantity) * terms.all_in(price).expect("below its limit")).paid();
            let kept = (Wh(quantity) * terms.surplus(price).expect("it fits")).paid();
            prop_assert!(paid.checked_add(kept).is_some_and(|sum| sum <= lock));
            let earned = i128::from(quantity) * i128::from(price.0.min(0));
            let untaken = cost(net(-i64::from(quantity)), terms.tariff);
            prop_assert!(i128::from(untaken.0) + earned <= i128::from(kept.0));
        }
        if let Some(lock) = terms.sell_lock(Wh(quantity), Price(ask)) {
            let price = between(ask, i32::MAX, price);
            let paid = (Wh(quantity) * Price(-price.0.min(0))).paid();
            let kept = (Wh(quantity) * terms.shortfall(price).expect("it fits")).paid();
            prop_assert!(paid.checked_add(kept).is_some_and(|sum| sum <= lock));
            let earned = i128::from(quantity) * i128::from(price.0.max(0));
            let missing = cost(net(quantity.into()), terms.tariff);
            prop_assert!(i128::from(missing.0) - earned <= i128::from(kept.0));
        }
    }

    #[test]
    fn given_two_limits_when_locked_then_the_one_that_can_cost_more_never_locks_less(
        terms in any_terms(), (one, other) in any::<(i32, i32)>(), quantity in any::<u32>()
    ) {
        let (low, high) = (Price(one.min(other)), Price(one.max(other)));
        if let Some(higher) = terms.buy_lock(Wh(quantity), high) {
            prop_assert!(terms.buy_lock(Wh(quantity), low).is_some_and(|lower| lower <= higher));
        }
        if let Some(lower) = terms.sell_lock(Wh(quantity), low) {
            prop_assert!(terms.sell_lock(Wh(quantity), high).is_some_and(|higher| higher <= lower));
        }
    }

    #[test]
    fn given_any_order_when_locked_then_it_locks_the_least_at_least(
        terms in any_terms(), (limit, quantity) in any::<(i32, u32)>()
    ) {
        let least = i128::from(quantity) * i128::from(terms.min_lock.0);
        for lock in [terms.buy_lock(Wh(quantity), Price(limit)), terms.sell_lock(Wh(quantity), Price(limit))] {
            prop_assert!(lock.is_none_or(|lock| i128::from(lock.0) >= least));
        }
    }

    /// What is paid in is what those who earn, grid and market take out: nothing is left or missing, below zero too.
    #[test]
    fn given_any_fills_when_paid_then_the_escrow_comes_out_even(
        terms in any_terms(), price in -1_000_000_000..1_000_000_000i32,
        bought in vec(0..1_000_000u32, 1..20), cut in any::<prop::sample::Index>()
    ) {
        let price = Price(price);
        let Some(all_in) = terms.all_in(price) else { return Ok(()) };
        let volume: u32 = bought.iter().sum();
        let first = cut.index(volume as usize + 1) as u32;
        let sold = [first, volume - first];
        let value = |energy: u32, price: i32| i128::from(energy) * i128::from(price);
        let total = |energies: &[u32], price: i32| energies.iter().map(|energy| value(*energy, price)).sum::<i128>();
        let paid_in = total(&bought, all_in.0) + total(&sold, -price.0.min(0));
        let earned = total(&sold, price.0.max(0)) + total(&bought, -price.0.min(0));
        let fees = value(volume, terms.grid_fee.0) + value(volume, terms.market_fee(price).0);
        prop_assert_eq!(paid_in, earned + fees);
    }
}
