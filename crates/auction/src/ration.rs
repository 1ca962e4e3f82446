//! Pro-rata rationing by cumulative rounding: of `total` asked for, `given` is there, and the order that takes the
//! running sum from c₀ to c₁ gets ⌊c₁·given/total⌋ − ⌊c₀·given/total⌋. The fills add up to `given` exactly, each is
//! within 1 Wh of its share, and coming first is no advantage.

use joulebook_units::Wh;

use crate::Ration;

/// At most all of `total` is given, both in Wh.
pub fn new(given: u64, total: u64) -> Ration {
    Ration {
        given: given.min(total),
        total,
        asked: 0,
        served: 0,
    }
}

/// The fill of the next order in sequence. Orders beyond `total` get nothing.
#[inline(always)]
pub fn fill(ration: &mut Ration, quantity: Wh) -> Wh {
    let mut quantity = u64::from(quantity.0);
    let rest = ration.total.wrapping_sub(ration.asked);
    if quantity > rest {
        quantity = rest;
    }
    // Nothing here can wrap: what was asked for stays within `total`, what is served within `asked`.
    let asked = ration.asked.wrapping_add(quantity);
    ration.asked = asked;
    if ration.given >= ration.total {
        ration.served = asked;
        return Wh(quantity as u32);
    }
    let upto = mul_div(asked, ration.given, ration.total);
    let fill = upto.wrapping_sub(ration.served);
    ration.served = upto;
    Wh(fill as u32)
}

/// ⌊a·b/c⌋ for a, b ≤ c, c > 0.
#[inline(always)]
#[expect(clippy::arithmetic_side_effects, reason = "the divisor is not 0")]
fn mul_div(a: u64, b: u64, c: u64) -> u64 {
    if c >> 32 == 0 {
        return a.wrapping_mul(b) / c;
    }
    wide_mul_div(a, b, c)
}

/// In 128 bits: dear on chain, only where 64 may not hold the product.
#[cold]
#[inline(never)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "64 bits times 64, and the divisor is not 0"
)]
fn wide_mul_div(a: u64, b: u64, c: u64) -> u64 {
    (u128::from(a) * u128::from(b) / u128::from(c)) as u64
}
