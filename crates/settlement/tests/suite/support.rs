//! Seats and prices to test with.

use joulebook_settlement::{
    position::{due, Flow},
    Contract, Tariff, Terms,
};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh};
use proptest::prelude::*;

/// Milli-atoms in a thousandth of a token of 6 decimals.
const THOUSANDTH: i64 = 1_000_000;

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

pub fn net(energy: i64) -> NetWh {
    NetWh(energy)
}

/// Thousandths of a token that a seat pays.
pub fn pays(thousandths: i64) -> NetMilliAtoms {
    NetMilliAtoms(thousandths * THOUSANDTH)
}

/// Thousandths of a token that a seat receives.
pub fn receives(thousandths: i64) -> NetMilliAtoms {
    NetMilliAtoms(-thousandths * THOUSANDTH)
}

/// What a position has paid at [`TARIFF`] once all its meters are in, and moved `energy`.
pub fn paid(contract: Contract, energy: i64) -> NetMilliAtoms {
    due(contract, Flow::Whole(net(energy)), TARIFF, Wh(0)).pays
}

/// What the seat is better off by for its contracts at `price`, fees apart.
pub fn contract_gain(contract: Contract, price: Price) -> i128 {
    -i128::from(contract.net().0) * i128::from(price.0)
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
