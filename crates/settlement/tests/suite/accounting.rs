//! Every Wh is accounted for once: however late values are, and whether they come at all, what was paid for is what
//! the meters moved.

use joulebook_settlement::{
    position::{cost, due, Due, Flow},
    Contract, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price, Wh};
use proptest::prelude::*;

use crate::{
    support::{contract, contract_gain, net},
    windows::{any_pages, any_tariff, cost_of},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// With one price for everything, money is energy times price, whatever was heard and when. So all energy that was
    /// not seen is paid for once, and all that a silence keeps is paid back once.
    #[test]
    fn given_one_price_for_everything_when_registers_are_heard_then_the_seat_paid_for_what_it_moved(
        mut pages in any_pages(), price in -500..500i32
    ) {
        let price = Price(price);
        for window in pages.iter_mut().flat_map(|page| &mut page.windows) {
            window.tariff = Tariff { short: price, long: price };
        }
        let windows = || pages.iter().flat_map(|page| &page.windows);
        let gained: i128 = windows().map(|window| contract_gain(window.contract, price)).sum();
        let moved: i64 = windows().map(|window| window.moved()).sum();
        let moved = i128::from(moved) * i128::from(price.0);
        prop_assert_eq!(i128::from(cost_of(&pages)) - gained, moved);
    }

    #[test]
    fn given_a_missing_meter_when_due_then_only_what_others_drew_beyond_what_was_bought_is_paid(
        (bought, sold) in (0..2_000u32, 0..2_000u32), heard in -3_000..3_000i64, (short, long) in any::<(i32, i32)>()
    ) {
        let tariff = Tariff { short: Price(short), long: Price(long) };
        let due = due(contract(bought, sold), Flow::Partial(net(heard)), tariff, Wh(0));
        let beyond = (heard - i64::from(bought)).max(0);
        let pays = NetMilliAtoms((beyond * i64::from(short)).max(0));
        prop_assert_eq!(due, Due { pays, ..Due::default() });
    }

    /// The supplier is the other side of every deviation: two seats pay it at least what one with the energy of both
    /// would.
    #[test]
    fn given_two_deviations_when_taken_together_then_they_never_cost_more_than_apart(
        (one, other) in (-3_000..3_000i64, -3_000..3_000i64), tariff in any_tariff()
    ) {
        let cost = |energy| cost(net(energy), tariff).0;
        prop_assert!(cost(one + other) <= cost(one) + cost(other));
    }

    #[test]
    fn given_prices_in_order_when_a_window_is_measured_then_trading_right_never_costs_more_than_not(
        moved in -3_000..3_000i64, (one, two, three) in any::<(i32, i32, i32)>()
    ) {
        let mut prices = [one, two, three];
        prices.sort();
        let [long, price, short] = prices.map(Price);
        let tariff = Tariff { short, long };
        let worth = |contract: Contract| {
            let due = due(contract, Flow::Whole(net(moved)), tariff, Wh(0));
            contract_gain(contract, price) - i128::from(due.pays.0)
        };
        let right = if moved > 0 {
            contract(moved as u32, 0)
        } else {
            contract(0, moved.unsigned_abs() as u32)
        };
        prop_assert!(worth(right) >= worth(contract(0, 0)));
    }
}
