//! Seats and prices to test with.

use joulebook_settlement::{Contract, Difference, Payment, Tariff, Terms};
use joulebook_units::{NetWh, Price, Wh};
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
};

pub fn contract(bought: u32, sold: u32) -> Contract {
    Contract {
        bought: Wh(bought),
        sold: Wh(sold),
    }
}

/// What the seat is better off by, milli-atoms.
pub fn gain(payment: Payment) -> i128 {
    i128::from(payment.seat_receives.0) - i128::from(payment.seat_pays.0)
}

/// What is paid for `difference` at [`TARIFF`].
pub fn paid(difference: Difference) -> Payment {
    difference.payment(TARIFF)
}

/// What the seat is better off by for its contracts at `price`, fees apart.
pub fn contract_gain(contract: Contract, price: Price) -> i128 {
    -i128::from(contract.net().0) * i128::from(price.0)
}

pub fn net(energy: i64) -> NetWh {
    NetWh(energy)
}

pub fn any_terms() -> impl Strategy<Value = Terms> {
    let price = || prop_oneof![0..1_000_000u32, any::<u32>()];
    (
        price(),
        price(),
        prop_oneof![Just(0), 0..1_000_000u32],
        0..=10_000u16,
    )
        .prop_map(|(one, other, grid_fee, fee_bps)| Terms {
            tariff: Tariff {
                short: Price(one.max(other)),
                long: Price(one.min(other)),
            },
            grid_fee: Price(grid_fee),
            fee_bps,
        })
}
