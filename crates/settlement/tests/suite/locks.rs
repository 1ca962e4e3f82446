//! What an order locks covers whatever comes of it.

use joulebook_settlement::{ordinary_payment, Terms};
use joulebook_units::{Price, Wh};
use proptest::{collection::vec, prelude::*};

use crate::support::{any_terms, contract};

/// A price from `low` to `high`.
fn between(low: i32, high: i32, part: u32) -> Price {
    let width = i128::from(high) - i128::from(low) + 1;
    let value = i128::from(low) + i128::from(part) * width / (1 << 32);
    Price(i32::try_from(value).expect("between two prices"))
}

/// What a contract costs in all: paid when it is allocated, its imbalance, less what it earns. Milli-atoms.
fn cost(terms: &Terms, price: Price, bought: u32, sold: u32, import: u32, export: u32) -> i128 {
    let value = |energy: u32, price: i64| i128::from(energy) * i128::from(price);
    let price = i64::from(price.0);
    let fee = (price.max(0) * i64::from(terms.fee_bps) + 9_999) / 10_000;
    let fees = value(bought, i64::from(terms.grid_fee.0) + fee);
    let contracts = value(bought, price) - value(sold, price);
    let imbalance = ordinary_payment(contract(bought, sold), Wh(import), Wh(export), terms.tariff);
    fees + contracts + i128::from(imbalance.expect("energy that fits").0)
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
        let beyond = cost(&terms, price, fill, 0, taken, 0);
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
        let cost = cost(&terms, price, 0, fill, 0, delivered);
        prop_assert!(cost <= i128::from(lock.0), "{cost} of {}", lock.0);
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
            let untaken = -i128::from(quantity) * i128::from(terms.tariff.long.0);
            prop_assert!(untaken + earned <= i128::from(kept.0));
        }
        if let Some(lock) = terms.sell_lock(Wh(quantity), Price(ask)) {
            let price = between(ask, i32::MAX, price);
            let paid = (Wh(quantity) * Price(-price.0.min(0))).paid();
            let kept = (Wh(quantity) * terms.shortfall(price).expect("it fits")).paid();
            prop_assert!(paid.checked_add(kept).is_some_and(|sum| sum <= lock));
            let earned = i128::from(quantity) * i128::from(price.0.max(0));
            let missing = i128::from(quantity) * i128::from(terms.tariff.short.0);
            prop_assert!(missing - earned <= i128::from(kept.0));
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
