//! What a delegate may trade at, against trying all prices.

use joulebook_layout::market::{DelegateBounds, Side};
use joulebook_settlement::{DelegatePrices, Tariff, Terms};
use joulebook_units::Price;
use proptest::prelude::*;

fn terms(short: i32, long: i32, grid_fee: i32, fee_bps: u16) -> Terms {
    Terms {
        tariff: Tariff {
            short: Price(short),
            long: Price(long),
        },
        grid_fee: Price(grid_fee),
        fee_bps,
        ..Terms::default()
    }
}

#[test]
fn given_no_bounds_when_a_delegate_trades_then_no_worse_than_the_supplier() {
    // 0.30 a kWh, a grid fee of 0.02 and 1 % of the price: 277,227 and a fee of 2,773 leave 20,000.
    let terms = terms(300_000, 80_000, 20_000, 100);
    let prices = DelegatePrices::of(&DelegateBounds::of_a_day(0), &terms);
    assert_eq!(prices.highest_buy, Some(Price(277_227)));
    assert_eq!(terms.all_in(Price(277_227)), Some(Price(300_000)));
    assert_eq!(prices.lowest_sell, Price(80_000));
}

#[test]
fn given_bounds_when_a_delegate_trades_then_the_narrower_hold() {
    let bounds = DelegateBounds {
        daily_limit: 0,
        highest_buy: 250_000,
        lowest_sell: 100_000,
    };
    let dear = DelegatePrices::of(&bounds, &terms(300_000, 80_000, 0, 0));
    assert_eq!(
        (dear.highest_buy, dear.lowest_sell),
        (Some(Price(250_000)), Price(100_000))
    );
    let cheap = DelegatePrices::of(&bounds, &terms(200_000, 120_000, 0, 0));
    assert_eq!(
        (cheap.highest_buy, cheap.lowest_sell),
        (Some(Price(200_000)), Price(120_000))
    );
}

#[test]
fn given_fees_beyond_the_retail_price_when_a_delegate_buys_then_at_no_price() {
    let prices = DelegatePrices::of(&DelegateBounds::of_a_day(0), &terms(10, 0, 11, 0));
    assert_eq!(prices.highest_buy, None);
    assert!(!prices.allow(Side::Buy, Price(i32::MIN)));
    assert_eq!(prices.nearest(Side::Buy, 0), None);
}

proptest! {
    #[test]
    fn given_any_terms_when_the_highest_price_is_asked_then_it_is_the_last_that_costs_no_more(
        most in -300..3_000i32,
        grid_fee in 0..500i32,
        fee_bps in 0..=10_000u16,
    ) {
        let terms = terms(0, 0, grid_fee, fee_bps);
        let costs_no_more = |price: &i32| terms.all_in(Price(*price)).is_some_and(|cost| cost.0 <= most);
        let last = (0..=3_000).filter(costs_no_more).max();
        prop_assert_eq!(terms.highest_price(Price(most)).map(|price| price.0), last);
    }

    #[test]
    fn given_anything_when_a_limit_is_moved_then_it_is_allowed_and_moved_no_further_than_it_must(
        bounds in (any::<i32>(), any::<i32>()),
        tariff in (any::<i32>(), any::<i32>()),
        grid_fee in 0..=i32::MAX,
        fee_bps in 0..=10_000u16,
        limit in any::<i32>(),
    ) {
        let bounds = DelegateBounds { daily_limit: 0, highest_buy: bounds.0, lowest_sell: bounds.1 };
        let prices = DelegatePrices::of(&bounds, &terms(tariff.0, tariff.1, grid_fee, fee_bps));
        for side in [Side::Buy, Side::Sell] {
            let Some(near) = prices.nearest(side, limit.into()) else { continue };
            let near = Price(i32::try_from(near).expect("a price"));
            prop_assert!(prices.allow(side, near));
            prop_assert_eq!(prices.allow(side, Price(limit)), near.0 == limit);
        }
    }
}
