//! What an order must lock so that contracts are always covered.

use joulebook_layout::market::{limits::BASIS_POINTS, Window};
use joulebook_units::{MilliAtoms, Price, Wh};

use crate::Tariff;

/// The prices a window settles at, beside its clearing price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub tariff: Tariff,
    /// Local grid fee on bought energy.
    pub grid_fee: Price,
    /// Market fee on the value of bought energy, in basis points; at most [`BASIS_POINTS`].
    pub fee_bps: u16,
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
        }
    }
}

impl Terms {
    /// The market fee per kWh at `price`: price × fee, rounded up to a whole atom.
    #[inline(always)]
    pub fn market_fee(&self, price: Price) -> Price {
        // Fits: the fee is at most the price.
        Price(self.fee_at(price).min(u64::from(u32::MAX)) as u32)
    }

    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "32 bits times 16, and 14 bits"
    )]
    fn fee_at(&self, price: Price) -> u64 {
        let parts = u64::from(price.0) * u64::from(self.fee_bps);
        (parts + u64::from(BASIS_POINTS - 1)) / u64::from(BASIS_POINTS)
    }

    /// What a buyer pays per kWh all in: price, grid fee and market fee. `None` if that does not fit a
    /// [`Price`].
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "three numbers of 35 bits at most"
    )]
    pub fn all_in(&self, price: Price) -> Option<Price> {
        let sum = u64::from(price.0) + u64::from(self.grid_fee.0) + self.fee_at(price);
        u32::try_from(sum).ok().map(Price)
    }

    /// The most that selling at `price` can cost per kWh: not delivering, and paying the short price
    /// for it.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn shortfall(&self, price: Price) -> Price {
        // As `saturating_sub`, which is twice as dear on chain.
        let shortfall = i64::from(self.tariff.short.0) - i64::from(price.0);
        Price(shortfall.max(0) as u32)
    }

    /// What a buy of `quantity` with limit `limit` locks; `None` on overflow.
    #[inline(always)]
    pub fn buy_lock(&self, quantity: Wh, limit: Price) -> Option<MilliAtoms> {
        Some(quantity * self.all_in(limit)?)
    }

    /// What a sell of `quantity` at `ask` locks.
    #[inline(always)]
    pub fn sell_lock(&self, quantity: Wh, ask: Price) -> MilliAtoms {
        quantity * self.shortfall(ask)
    }
}
