//! What orders lock.

use bolero::{check, ValueGenerator};
use joulebook_settlement::Terms;
use joulebook_units::{Price, Wh};

use super::{any_price, any_tariff};
use crate::{any_u32, time};

fn any_terms() -> impl ValueGenerator<Output = Terms> {
    let fees = (0..=i32::MAX, 0..=10_000u16, 1..=i32::MAX);
    (any_tariff(), fees).map_gen(|(tariff, (grid_fee, fee_bps, min_lock))| Terms {
        tariff,
        grid_fee: Price(grid_fee),
        fee_bps,
        min_lock: Price(min_lock),
    })
}

#[test]
fn given_any_terms_when_an_order_locks_then_it_covers_every_fill_at_every_price() {
    let order = (any_u32(), any_price(), any_u32(), any_price());
    check!()
        .with_test_time(time())
        .with_generator((any_terms(), order))
        .for_each(|(terms, (quantity, limit, fill, price))| {
            let (short, long) = (terms.tariff.short.0, terms.tariff.long.0);
            let [short, long] = [short, long].map(i128::from);
            let least = i128::from(terms.min_lock.0);
            let highest = i128::from(i32::MAX);
            let fill = fill.min(quantity);
            let all_in = |price: i128| {
                let parts = price.max(0) * i128::from(terms.fee_bps);
                price.max(0) + i128::from(terms.grid_fee.0) + (parts + 9_999) / 10_000
            };
            let lock_at =
                |cost: i128| (cost <= highest).then(|| i128::from(*quantity) * cost.max(least));

            // A buy pays its limit or less, and at worst leaves all of it at the long price.
            let lock = terms.buy_lock(Wh(*quantity), Price(*limit));
            let lock = lock.map(|lock| i128::from(lock.0));
            let fits = all_in((*limit).into()) <= highest;
            let expected = lock_at(all_in((*limit).into()) + (-long).max(0)).filter(|_| fits);
            assert_eq!(lock, expected);
            if let Some(lock) = lock {
                let paid = i128::from(*price.min(limit));
                let worst = all_in(paid) + paid.min(0) + (-long).max(0);
                let worst = i128::from(*fill) * worst;
                assert!(worst <= lock, "{fill} Wh at {paid} may cost {worst}");
            }

            // A sell gets its ask or more, and at worst buys all of it at the short price.
            let lock = terms.sell_lock(Wh(*quantity), Price(*limit));
            let lock = lock.map(|lock| i128::from(lock.0));
            let ask = i128::from(*limit);
            let expected = lock_at((short - ask.max(0)).max(0) + (-ask).max(0));
            assert_eq!(lock, expected);
            if let Some(lock) = lock {
                let got = i128::from(*price.max(limit));
                let worst = i128::from(*fill) * (short - got);
                assert!(worst <= lock, "{fill} Wh at {got} may cost {worst}");
            }
        });
}
