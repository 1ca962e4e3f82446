//! What an order must lock so that contracts are always covered.

use joulebook_layout::market::{limits::BASIS_POINTS, Window};
use joulebook_units::{MilliAtoms, Price, Wh};

use crate::Tariff;

/// The prices a window settles at, beside its clearing price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub tariff: Tariff,
    /// Local grid fee on bought energy; not below zero.
    pub grid_fee: Price,
    /// Market fee on the value of bought energy, in basis points; at most [`BASIS_POINTS`].
    pub fee_bps: u16,
    /// The least that an order locks per kWh: room in a book is not for nothing.
    pub min_lock: Price,
}

impl From<&Window> for Terms {
    #[inline(always)]
    fn from(window: &Window) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(window.short),
                long: Price(window.long),
            },
            grid_fee: Price(window.grid_fee),
            fee_bps: window.fee_bps,
            min_lock: Price(window.min_lock),
        }
    }
}

impl Terms {
    /// The market fee per kWh at `price`: price × fee, rounded up to a whole atom; none at a price below zero.
    #[inline(always)]
    pub fn market_fee(&self, price: Price) -> Price {
        // Fits: the fee is at most the price.
        Price(self.fee_at(price) as i32)
    }

    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "31 bits times 16, and 14 bits"
    )]
    fn fee_at(&self, price: Price) -> i64 {
        let parts = positive(price) * i64::from(self.fee_bps);
        // Not negative: a division without a sign is the cheaper one.
        ((parts + i64::from(BASIS_POINTS - 1)) as u64 / u64::from(BASIS_POINTS)) as i64
    }

    /// What a buyer pays per kWh once allocated: the price if it is above zero, grid fee and market fee. `None` if
    /// that does not fit a [`Price`].
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "three numbers of 35 bits at most"
    )]
    pub fn all_in(&self, price: Price) -> Option<Price> {
        let sum = positive(price) + i64::from(self.grid_fee.0) + self.fee_at(price);
        i32::try_from(sum).ok().map(Price)
    }

    /// The most that a kWh sold at `price` can still cost its seller once that is allocated: not delivering, and
    /// paying the short price for it, where what it earns pays first.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn shortfall(&self, price: Price) -> Option<Price> {
        // As `saturating_sub`, which is twice as dear on chain.
        let shortfall = i64::from(self.tariff.short.0) - positive(price);
        price_of(shortfall.max(0))
    }

    /// The most that a kWh bought at `price` can still cost its buyer once that is allocated: not taking it while
    /// the long price is below zero, where what the buy earns at a price below zero pays first.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn surplus(&self, price: Price) -> Option<Price> {
        let surplus = i64::from(price.0.min(0)) - i64::from(self.tariff.long.0);
        price_of(surplus.max(0))
    }

    /// What a buy of `quantity` with limit `limit` locks: all that it can cost at any price up to its limit.
    /// `None` on overflow.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "four numbers of 35 bits at most"
    )]
    pub fn buy_lock(&self, quantity: Wh, limit: Price) -> Option<MilliAtoms> {
        // At a price below zero it is paid for not taking the energy, at most: above zero is the worst.
        let untaken = i64::from(self.tariff.long.0.min(0));
        let cost = positive(limit) + i64::from(self.grid_fee.0) + self.fee_at(limit) - untaken;
        self.lock(quantity, cost)
    }

    /// What a sell of `quantity` at `ask` locks: all that it can cost at any price from there on. `None` on
    /// overflow.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn sell_lock(&self, quantity: Wh, ask: Price) -> Option<MilliAtoms> {
        let short = i64::from(self.tariff.short.0);
        let cost = if ask.0 > 0 {
            short - i64::from(ask.0)
        } else {
            short.max(0) - i64::from(ask.0)
        };
        self.lock(quantity, cost)
    }

    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "factors of 32 and 31 bits")]
    fn lock(&self, quantity: Wh, cost: i64) -> Option<MilliAtoms> {
        let cost = cost.max(i64::from(self.min_lock.0));
        if cost > i64::from(i32::MAX) {
            return None;
        }
        // Not below zero: the least is not.
        Some(MilliAtoms(u64::from(quantity.0) * cost as u64))
    }
}

#[inline(always)]
fn positive(price: Price) -> i64 {
    i64::from(price.0.max(0))
}

#[inline(always)]
fn price_of(value: i64) -> Option<Price> {
    i32::try_from(value).ok().map(Price)
}
