//! Locks, differences and payments, against the same in 128 bits.

use bolero::{check, produce, ValueGenerator};
use joulebook_settlement::{
    difference, ordinary_payment, Contract, Difference, Metered, Payment, Tariff, Terms,
};
use joulebook_units::{MilliAtoms, NetWh, Price, Wh};

use crate::{any_i64, any_u32, time};

fn any_tariff() -> impl ValueGenerator<Output = Tariff> {
    (any_u32(), any_u32()).map_gen(|(short, long)| Tariff {
        short: Price(short),
        long: Price(long),
    })
}

fn any_terms() -> impl ValueGenerator<Output = Terms> {
    (any_tariff(), any_u32(), produce::<u16>()).map_gen(|(tariff, grid_fee, fee_bps)| Terms {
        tariff,
        grid_fee: Price(grid_fee),
        fee_bps,
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
    let order = (any_u32(), any_u32(), any_u32(), any_u32());
    check!()
        .with_test_time(time())
        .with_generator((any_terms(), order))
        .for_each(|(terms, (quantity, limit, fill, price))| {
            let all_in = |price: u32| {
                let fee = (u128::from(price) * u128::from(terms.fee_bps)).div_ceil(10_000);
                u128::from(price) + u128::from(terms.grid_fee.0) + fee
            };
            let lock = terms.buy_lock(Wh(*quantity), Price(*limit));
            let expected = u32::try_from(all_in(*limit)).ok();
            assert_eq!(
                lock.map(|lock| lock.0),
                expected.map(|all_in| u64::from(*quantity) * u64::from(all_in))
            );
            let (fill, paid) = (fill.min(quantity), price.min(limit));
            if let Some(lock) = lock {
                let cost = u128::from(*fill) * all_in(*paid);
                assert!(
                    cost <= u128::from(lock.0),
                    "{fill} Wh at {paid} cost {cost}"
                );
                let fee = terms.market_fee(Price(*paid));
                let parts = Price(*paid + terms.grid_fee.0 + fee.0);
                assert_eq!(terms.all_in(Price(*paid)), Some(parts));
            }

            // A sell gets its ask or more, and at worst buys all of it at the short price.
            let (ask, price) = (*limit, price.max(limit));
            let lock = terms.sell_lock(Wh(*quantity), Price(ask));
            let worst = i128::from(*fill) * (i128::from(terms.tariff.short.0) - i128::from(*price));
            assert!(
                worst <= i128::from(lock.0),
                "{fill} Wh at {price} may cost {worst}"
            );
            let exact =
                i128::from(*quantity) * (i128::from(terms.tariff.short.0) - i128::from(ask));
            assert_eq!(i128::from(lock.0), exact.max(0));
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

            // A payment on each of the two, at the price of its direction, at most what 64 bits hold.
            let value = |energy: NetWh, price: Price| {
                u64::try_from(u128::from(energy.0.unsigned_abs()) * u128::from(price.0))
                    .unwrap_or(u64::MAX)
            };
            let (mut pays, mut receives) = (0u64, 0u64);
            for energy in [found.imbalance, found.true_up] {
                if energy.0 > 0 {
                    pays = pays.saturating_add(value(energy, tariff.short));
                } else {
                    receives = receives.saturating_add(value(energy, tariff.long));
                }
            }
            let payment = Payment {
                seat_pays: MilliAtoms(pays),
                seat_receives: MilliAtoms(receives),
            };
            assert_eq!(found.payment(*tariff), payment);
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
                Some(payment) => assert_eq!(payment, long.payment(*tariff)),
                None => assert!(long.imbalance.magnitude().0 > u64::from(u32::MAX)),
            }
        });
}
