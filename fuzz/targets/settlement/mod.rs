//! Settlement, against the same in 128 bits.

mod locks;
mod positions;
mod silence;

use bolero::ValueGenerator;
use joulebook_settlement::Tariff;
use joulebook_units::Price;

use crate::any_u32;

fn any_price() -> impl ValueGenerator<Output = i32> {
    any_u32().map_gen(|bits| bits.cast_signed())
}

/// Of two prices. The lowest number is no price of a tariff.
fn tariff_of(one: i32, other: i32) -> Tariff {
    Tariff {
        short: Price(one.max(other).max(-i32::MAX)),
        long: Price(one.min(other).max(-i32::MAX)),
    }
}

fn any_tariff() -> impl ValueGenerator<Output = Tariff> {
    (any_price(), any_price()).map_gen(|(one, other)| tariff_of(one, other))
}

/// Of a deviation of any size, of which 32 bits count.
fn cost_of(deviation: i128, tariff: &Tariff) -> i128 {
    let most = i128::from(u32::MAX);
    let price = if deviation > 0 {
        tariff.short
    } else {
        tariff.long
    };
    deviation.clamp(-most, most) * i128::from(price.0)
}

fn at_most_64_bits(amount: i128) -> i128 {
    amount.clamp(i64::MIN.into(), i64::MAX.into())
}
