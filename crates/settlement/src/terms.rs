//! What an order must lock so that contracts are always covered.

use joulebook_layout::market::{limits::BASIS_POINTS, Book};
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

impl From<&Book> for Terms {
    #[inline(always)]
    fn from(book: &Book) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(book.short),
                long: Price(book.long),
            },
            grid_fee: Price(book.grid_fee),
            fee_bps: book.fee_bps,
            min_lock: Price(book.min_lock),
        }
    }
}

/// Sums of a few prices are far from the ends of 64 bits: they wrap nowhere, and a check with a sign is dear on chain.
impl Terms {
    /// The market fee per kWh at `price`: price × fee, rounded up to a whole atom; none at a price below zero.
    #[inline(always)]
    pub fn market_fee(&self, price: Price) -> Price {
        // Fits: the fee is at most the price.
        Price(fee_at(positive(price), self.fee_bps.into()) as i32)
    }

    /// What a buyer pays per kWh once allocated: the price if it is above zero, grid fee and market fee. `None` if
    /// that does not fit a [`Price`].
    #[inline(always)]
    pub fn all_in(&self, price: Price) -> Option<Price> {
        let sum = positive(price)
            .wrapping_add(i64::from(self.grid_fee.0))
            .wrapping_add(fee_at(positive(price), self.fee_bps.into()));
        i32::try_from(sum).ok().map(Price)
    }

    /// The highest price at which a bought kWh costs no more than `most`, fees included; `None` if the grid fee alone is more.
    pub fn highest_price(&self, most: Price) -> Option<Price> {
        let left = i64::from(most.0).wrapping_sub(self.grid_fee.0.into());
        let left = u64::try_from(left).ok()?;
        // Price and fee, which is rounded up to whole atoms, are at most what is left just where their sum is before rounding.
        let whole = u64::from(BASIS_POINTS);
        let parts = whole.checked_add(self.fee_bps.into())?;
        let price = left.checked_mul(whole)?.checked_div(parts)?;
        i32::try_from(price).ok().map(Price)
    }

    /// What a bought kWh costs at `price`, which below zero is received. `None` if that does not fit a [`Price`].
    pub fn cost_of_buy(&self, price: Price) -> Option<Price> {
        let paid = self.all_in(price)?;
        paid.0.checked_add(price.0.min(0)).map(Price)
    }

    /// The most that a kWh sold at `price` can still cost its seller once that is allocated: not delivering, and
    /// paying the short price for it, where what it earns pays first.
    #[inline(always)]
    pub fn shortfall(&self, price: Price) -> Option<Price> {
        let shortfall = i64::from(self.tariff.short.0).wrapping_sub(positive(price));
        price_of(shortfall.max(0))
    }

    /// The most that a kWh bought at `price` can still cost its buyer once that is allocated: not taking it while
    /// the long price is below zero, where what the buy earns at a price below zero pays first.
    #[inline(always)]
    pub fn surplus(&self, price: Price) -> Option<Price> {
        let surplus = i64::from(price.0.min(0)).wrapping_sub(i64::from(self.tariff.long.0));
        price_of(surplus.max(0))
    }

    /// What a buy of `quantity` with limit `limit` locks, see [`Locks::buy`].
    pub fn buy_lock(&self, quantity: Wh, limit: Price) -> Option<MilliAtoms> {
        self.locks().buy(quantity, limit)
    }

    /// What a sell of `quantity` at `ask` locks, see [`Locks::sell`].
    pub fn sell_lock(&self, quantity: Wh, ask: Price) -> Option<MilliAtoms> {
        self.locks().sell(quantity, ask)
    }

    /// What orders lock, for many of them.
    #[inline(always)]
    pub fn locks(&self) -> Locks {
        // At a price below zero it is paid for not taking the energy, at most.
        let untaken = i64::from(self.tariff.long.0.min(0));
        Locks {
            beside_price: i64::from(self.grid_fee.0).wrapping_sub(untaken),
            fee_bps: self.fee_bps.into(),
            short: self.tariff.short.0.into(),
            least: self.min_lock.0.into(),
        }
    }
}

/// What orders lock under the same terms. Atoms per kWh.
#[derive(Clone, Copy, Debug)]
pub struct Locks {
    /// Grid fee, and what not taking bought energy costs at most.
    beside_price: i64,
    fee_bps: u64,
    short: i64,
    least: i64,
}

impl Locks {
    /// What a buy of `quantity` with limit `limit` locks: all that it can cost at any price up to its limit.
    /// `None` on overflow.
    #[inline(always)]
    pub fn buy(&self, quantity: Wh, limit: Price) -> Option<MilliAtoms> {
        let price = positive(limit);
        let cost = price
            .wrapping_add(fee_at(price, self.fee_bps))
            .wrapping_add(self.beside_price);
        self.lock(quantity, cost)
    }

    /// What a sell of `quantity` at `ask` locks: all that it can cost at any price from there on. `None` on
    /// overflow.
    #[inline(always)]
    pub fn sell(&self, quantity: Wh, ask: Price) -> Option<MilliAtoms> {
        let short = if ask.0 > 0 {
            self.short
        } else {
            self.short.max(0)
        };
        self.lock(quantity, short.wrapping_sub(i64::from(ask.0)))
    }

    #[inline(always)]
    fn lock(&self, quantity: Wh, cost: i64) -> Option<MilliAtoms> {
        let cost = cost.max(self.least);
        if cost > i64::from(i32::MAX) {
            return None;
        }
        // Not below zero: the least is not.
        Some(MilliAtoms(u64::from(quantity.0).wrapping_mul(cost as u64)))
    }
}

/// The market fee at a price that is not below zero.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "31 bits times 16, plus 14, and the divisor is a constant"
)]
fn fee_at(price: i64, fee_bps: u64) -> i64 {
    let parts = (price as u64).wrapping_mul(fee_bps);
    let above = const { BASIS_POINTS as u64 - 1 };
    (parts.wrapping_add(above) / u64::from(BASIS_POINTS)) as i64
}

#[inline(always)]
fn positive(price: Price) -> i64 {
    i64::from(price.0.max(0))
}

#[inline(always)]
fn price_of(value: i64) -> Option<Price> {
    i32::try_from(value).ok().map(Price)
}
