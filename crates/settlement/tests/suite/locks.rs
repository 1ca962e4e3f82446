//! What an order locks covers whatever comes of it.

use joulebook_settlement::{difference, Metered};
use joulebook_units::{MilliAtoms, Price, Wh, WhSum};
use proptest::{collection::vec, prelude::*};

use crate::support::{any_terms, contract, net};

fn sum(amounts: impl Iterator<Item = MilliAtoms>) -> u128 {
    amounts.map(|amount| u128::from(amount.0)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_buy_when_filled_in_part_below_its_limit_then_its_lock_covers_the_cost(
        terms in any_terms(), limit in 0..2_000_000_000u32, quantity in any::<u32>(),
        (filled, price) in any::<(prop::sample::Index, prop::sample::Index)>()
    ) {
        let Some(lock) = terms.buy_lock(Wh(quantity), Price(limit)) else { return Ok(()) };
        let fill = Wh(filled.index(quantity as usize + 1) as u32);
        let price = Price(price.index(limit as usize + 1) as u32);
        let all_in = terms.all_in(price);
        prop_assert!(all_in.is_some(), "a limit that fits makes every lower price fit");
        prop_assert!(fill * all_in.unwrap_or_default() <= lock);
    }

    #[test]
    fn given_two_limits_when_locked_then_the_higher_never_locks_less(
        terms in any_terms(), (one, other, quantity) in any::<(u32, u32, u32)>()
    ) {
        let lock = |limit| terms.buy_lock(Wh(quantity), Price(limit));
        if let Some(higher) = lock(one.max(other)) {
            prop_assert!(lock(one.min(other)).is_some_and(|lower| lower <= higher));
        }
        let (low, high) = (Price(one.min(other)), Price(one.max(other)));
        prop_assert!(terms.sell_lock(Wh(quantity), high) <= terms.sell_lock(Wh(quantity), low));
    }

    #[test]
    fn given_any_sell_when_filled_in_part_above_its_ask_then_its_lock_covers_the_shortfall(
        terms in any_terms(), (ask, more, quantity) in any::<(u32, u32, u32)>(),
        filled in any::<prop::sample::Index>()
    ) {
        let lock = terms.sell_lock(Wh(quantity), Price(ask));
        let fill = Wh(filled.index(quantity as usize + 1) as u32);
        let price = Price(ask.saturating_add(more));
        prop_assert!(fill * terms.shortfall(price) <= lock);
    }

    /// Money from outside the contracts is never needed to be short of what was sold.
    #[test]
    fn given_any_seller_when_it_delivers_any_part_then_income_and_lock_pay_for_the_rest(
        terms in any_terms(), (ask, more, quantity) in any::<(u32, u32, u32)>(),
        (filled, delivered) in any::<(prop::sample::Index, prop::sample::Index)>()
    ) {
        let fill = filled.index(quantity as usize + 1) as u32;
        let delivered = delivered.index(fill as usize + 1) as i64;
        let price = Price(ask.saturating_add(more));
        let metered = Metered::Measured(net(-delivered));
        let found = difference(contract(0, fill), metered, net(0)).expect("it fits");
        let due = found.payment(terms.tariff).seat_pays;
        let held = sum([terms.sell_lock(Wh(quantity), Price(ask)), Wh(fill) * price].into_iter());
        prop_assert!(u128::from(due.0) <= held);
    }

    /// What buyers pay in is what sellers, grid and market take out: nothing is left or missing.
    #[test]
    fn given_any_fills_when_paid_then_the_escrow_comes_out_even(
        terms in any_terms(), price in 0..1_000_000_000u32,
        bought in vec(0..1_000_000u32, 1..20), cut in any::<prop::sample::Index>()
    ) {
        let price = Price(price);
        let Some(all_in) = terms.all_in(price) else { return Ok(()) };
        let volume: u32 = bought.iter().sum();
        let first = cut.index(volume as usize + 1) as u32;
        let sold = [first, volume - first];
        let value = |price| WhSum::from(Wh(volume)).value(price).expect("it fits");
        let paid_in = sum(bought.iter().map(|fill| Wh(*fill) * all_in));
        let income = sold.iter().map(|fill| Wh(*fill) * price);
        let fees = [value(terms.grid_fee), value(terms.market_fee(price))];
        prop_assert_eq!(paid_in, sum(income.chain(fees)));
    }
}
