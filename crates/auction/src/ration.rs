use joulebook_units::Wh;

/// Pro-rata rationing by cumulative rounding: of `total` asked for, `given` is there, and the order
/// that takes the running sum from c₀ to c₁ gets ⌊c₁·given/total⌋ − ⌊c₀·given/total⌋. The fills add up
/// to `given` exactly, each is within 1 Wh of its share, and coming first is no advantage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ration {
    /// Energy to give out, in Wh; at most `total`.
    pub given: u64,
    /// Energy asked for at the tick, in Wh.
    pub total: u64,
    /// Energy asked for by the orders served so far, in Wh.
    pub asked: u64,
    /// Energy they got, in Wh: ⌊asked·given/total⌋.
    pub served: u64,
}

impl Ration {
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
    pub fn next(&mut self, quantity: Wh) -> Wh {
        if self.asked >= self.total {
            return Wh(0);
        }
        // The wrapping sums here can't wrap: `asked` is below `total` before and not above it after.
        let quantity = u64::from(quantity.0).min(self.total.wrapping_sub(self.asked));
        self.asked = self.asked.wrapping_add(quantity);
        if self.given >= self.total {
            self.served = self.asked;
            return Wh(quantity as u32);
        }
        let upto = mul_div(self.asked, self.given, self.total);
        if upto <= self.served {
            return Wh(0);
        }
        // At most `quantity`, as less is given than asked for.
        let fill = upto.wrapping_sub(self.served);
        self.served = upto;
        Wh(fill as u32)
    }
}

/// ⌊a·b/c⌋ for a, b ≤ c, c > 0; 128 bits, dear on chain, only where 64 may not hold the product.
#[inline(always)]
fn mul_div(a: u64, b: u64, c: u64) -> u64 {
    if (a | b) >> 32 == 0 {
        return a * b / c;
    }
    (u128::from(a) * u128::from(b) / u128::from(c)) as u64
}
