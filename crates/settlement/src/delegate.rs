//! The prices that a delegate may order at: within its owner's bounds, and never worse than with the supplier.

use joulebook_layout::market::{DelegateBounds, Side};
use joulebook_units::Price;

use crate::Terms;

/// What a delegate may order in a window, by price. A stolen key trades no kWh at a worse price than the supplier has for it, however
/// wide its bounds are and whatever the supplier posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegatePrices {
    /// The highest limit of a buy: with it, a kWh costs no more than the owner allows, and no more than the retail price, fees
    /// included. `None` if the fees alone are more.
    pub highest_buy: Option<Price>,
    /// The lowest limit of a sell: what the owner allows, and no less than the feed-in tariff.
    pub lowest_sell: Price,
}

impl DelegatePrices {
    pub fn of(bounds: &DelegateBounds, terms: &Terms) -> DelegatePrices {
        let most = bounds.highest_buy.min(terms.tariff.short.0);
        DelegatePrices {
            highest_buy: terms.highest_price(Price(most)),
            lowest_sell: Price(bounds.lowest_sell.max(terms.tariff.long.0)),
        }
    }

    /// Whether an order at this limit is within them.
    #[inline(always)]
    pub fn allow(&self, side: Side, limit: Price) -> bool {
        match side {
            Side::Buy => self.highest_buy.is_some_and(|highest| limit <= highest),
            Side::Sell => limit >= self.lowest_sell,
        }
    }

    /// A limit, or the one next to it that is within them; `None` if there is none. In 64 bits, as a rule's limit is.
    #[inline(always)]
    pub fn nearest(&self, side: Side, limit: i64) -> Option<i64> {
        match side {
            Side::Buy => Some(limit.min(self.highest_buy?.0.into())),
            Side::Sell => Some(limit.max(self.lowest_sell.0.into())),
        }
    }
}
