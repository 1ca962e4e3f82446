//! Seats and prices to test with.

use joulebook_settlement::{Contract, Difference, Tariff, Terms};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh};
use proptest::prelude::*;

/// Atoms per kWh: 0.25 tokens of 6 decimals.
pub const MARKET_PRICE: Price = Price(250_000);

pub const TARIFF: Tariff = Tariff {
    short: Price(300_000),
    long: Price(80_000),
};

pub const TERMS: Terms = Terms {
    tariff: TARIFF,
    grid_fee: Price(20_000),
    fee_bps: 100,
    min_lock: Price(1),
};

pub fn contract(bought: u32, sold: u32) -> Contract {
    Contract {
        bought: Wh(bought),
        sold: Wh(sold),
    }
}

/// What the seat is better off by, milli-atoms.
pub fn gain(payment: NetMilliAtoms) -> i128 {
    -i128::from(payment.0)
}

/// What is paid for `difference` at [`TARIFF`].
pub fn paid(difference: Difference) -> NetMilliAtoms {
    difference.payment(TARIFF).expect("it fits")
}

/// What the seat is better off by for its contracts at `price`, fees apart.
pub fn contract_gain(contract: Contract, price: Price) -> i128 {
    -i128::from(contract.net().0) * i128::from(price.0)
}

pub fn net(energy: i64) -> NetWh {
    NetWh(energy)
}

pub fn any_terms() -> impl Strategy<Value = Terms> {
    let price = || prop_oneof![0..1_000_000i32, -1_000_000..1_000_000i32, any::<i32>()];
    (
        price(),
        price(),
        prop_oneof![Just(0), 0..1_000_000i32],
        0..=10_000u16,
        prop_oneof![Just(1), 0..1_000_000i32],
    )
        .prop_map(|(one, other, grid_fee, fee_bps, min_lock)| Terms {
            tariff: Tariff {
                short: Price(one.max(other)),
                long: Price(one.min(other).max(-i32::MAX)),
            },
            grid_fee: Price(grid_fee),
            fee_bps,
            min_lock: Price(min_lock),
        })
}
