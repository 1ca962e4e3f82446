//! Locks, differences and payments, against the same in 128 bits.

use bolero::{check, ValueGenerator};
use joulebook_settlement::{
    difference, ordinary_payment, Contract, Difference, Metered, Tariff, Terms,
};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh};

use crate::{any_i64, any_u32, time};

fn any_price() -> impl ValueGenerator<Output = i32> {
    any_u32().map_gen(|bits| bits.cast_signed())
}

fn any_tariff() -> impl ValueGenerator<Output = Tariff> {
    // The lowest number is no price of a tariff.
    (any_price(), any_price()).map_gen(|(one, other)| Tariff {
        short: Price(one.max(other).max(-i32::MAX)),
        long: Price(one.min(other).max(-i32::MAX)),
    })
}

fn any_terms() -> impl ValueGenerator<Output = Terms> {
    let fees = (0..=i32::MAX, 0..=10_000u16, 1..=i32::MAX);
    (any_tariff(), fees).map_gen(|(tariff, (grid_fee, fee_bps, min_lock))| Terms {
        tariff,
        grid_fee: Price(grid_fee),
        fee_bps,
        min_lock: Price(min_lock),
    })
}

fn any_contract() -> impl ValueGenerator<Output = Contract> {
    (any_u32(), any_u32()).map_gen(|(bought, sold)| Contract {
        bought: Wh(bought),
        sold: Wh(sold),
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

fn metered_of(kind: u8, net: i64) -> Metered {
    match kind {
        0 => Metered::Measured(NetWh(net)),
        1 => Metered::CaughtUp(NetWh(net)),
        _ => Metered::Missing(NetWh(net)),
    }
}

#[test]
fn given_any_meters_when_compared_then_no_energy_is_lost_and_the_payment_is_exact() {
    check!()
        .with_test_time(time())
        .with_generator((any_contract(), 0..3u8, any_i64(), any_i64(), any_tariff()))
        .for_each(|(contract, kind, net, estimated, tariff)| {
            let metered = metered_of(*kind, *net);
            let Some(found) = difference(*contract, metered, NetWh(*estimated)) else {
                // Only numbers of nearly 64 bits have no answer.
                let sum = net.unsigned_abs().checked_add(estimated.unsigned_abs());
                let beyond = sum.is_none_or(|sum| sum >= i64::MAX as u64 - u64::from(u32::MAX));
                return assert!(beyond, "no difference");
            };
            // Contracts, imbalance and true-up are what was measured, and what is still estimated.
            let contracted = i128::from(contract.bought.0) - i128::from(contract.sold.0);
            let settled = contracted + i128::from(found.imbalance.0) + i128::from(found.true_up.0);
            let newly = i128::from(found.estimated.0) - i128::from(*estimated);
            assert_eq!(settled, i128::from(*net) + newly);

            // Each of the two at the price of its direction, if 63 bits hold it.
            let cost = |energy: NetWh| {
                let price = if energy.0 > 0 {
                    tariff.short
                } else {
                    tariff.long
                };
                i128::from(energy.0) * i128::from(price.0)
            };
            let parts = [cost(found.imbalance), cost(found.true_up)];
            match found.payment(*tariff) {
                Some(NetMilliAtoms(paid)) => assert_eq!(i128::from(paid), parts[0] + parts[1]),
                None => {
                    let most = i128::from(i64::MAX);
                    let energies = [found.imbalance, found.true_up];
                    let sizes = energies.map(|energy| i128::from(energy.0).abs());
                    let amounts = [parts[0], parts[1], parts[0] + parts[1]].map(i128::abs);
                    let mut all = sizes.iter().chain(&amounts);
                    assert!(all.any(|size| *size > most), "no payment");
                }
            }
        });
}

#[test]
fn given_an_ordinary_window_when_paid_the_short_way_then_it_is_what_the_long_way_pays() {
    check!()
        .with_test_time(time())
        .with_generator((any_contract(), any_u32(), any_u32(), any_tariff()))
        .for_each(|(contract, import, export, tariff)| {
            let metered = Metered::Measured(NetWh::between(Wh(*import), Wh(*export)));
            let long: Difference = difference(*contract, metered, NetWh(0)).unwrap();
            match ordinary_payment(*contract, Wh(*import), Wh(*export), *tariff) {
                Some(payment) => assert_eq!(Some(payment), long.payment(*tariff)),
                None => assert!(long.imbalance.magnitude().0 > u64::from(u32::MAX)),
            }
        });
}
