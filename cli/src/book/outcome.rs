use anyhow::{ensure, Context, Result};
use joulebook_sim::auction::AuctionResult;
use joulebook_units::Wh;
use schemars::JsonSchema;
use serde::Serialize;

use super::{BookOrder, OrderBook, PriceScale, TickBook};

/// What came of an auction, in the units of the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Outcome {
    /// Energy traded, Wh.
    pub volume: u64,
    /// The middle of `price_lo` and `price_hi`, rounded down, in the book's unit of prices; null, as they are, if nothing
    /// traded.
    #[schemars(with = "Option<f64>")]
    pub price: Option<i64>,
    /// The lowest price at which the book clears, in the book's unit of prices.
    #[schemars(with = "Option<f64>")]
    pub price_lo: Option<i64>,
    /// The highest price at which the book clears, in the book's unit of prices.
    #[schemars(with = "Option<f64>")]
    pub price_hi: Option<i64>,
    /// What bids value more than offers: Σ bid fill × price − Σ offer fill × price, Wh times the book's unit of prices.
    #[schemars(with = "f64")]
    pub welfare: i128,
    /// What each order got.
    pub fills: Fills,
    /// What the auction took on chain, compute units; left out off chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_units: Option<u64>,
}

/// The fill of every order, in the sequence of the book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fills {
    /// Of the bids, Wh each.
    pub bids: Vec<u32>,
    /// Of the offers, Wh each.
    pub offers: Vec<u32>,
}

impl Outcome {
    /// Puts an auction over ticks, wherever it was held, back into the units of the book.
    ///
    /// # Errors
    /// If `result` is not of `ticks`, or `ticks` not of `book`.
    pub fn new(book: &OrderBook, ticks: &TickBook, result: &AuctionResult) -> Result<Outcome> {
        ensure!(
            result.fills.len() == book.bids.len() + book.offers.len(),
            "there are {} fills for {} orders",
            result.fills.len(),
            book.bids.len() + book.offers.len()
        );
        let price = |tick| ticks.price(tick).context("the auction left the price grid");
        let (bid_fills, offer_fills) = result.fills.split_at(book.bids.len());
        let (low, high) = match result.traded {
            Some(traded) => (Some(price(traded.low)?), Some(price(traded.high)?)),
            None => (None, None),
        };
        Ok(Outcome {
            volume: result.traded.map_or(0, |traded| traded.volume),
            price: low.zip(high).map(|(low, high)| middle(low, high)),
            price_lo: low,
            price_hi: high,
            welfare: value(&book.bids, bid_fills) - value(&book.offers, offer_fills),
            fills: Fills {
                bids: bid_fills.iter().map(|fill| fill.0).collect(),
                offers: offer_fills.iter().map(|fill| fill.0).collect(),
            },
            compute_units: None,
        })
    }
}

impl Outcome {
    /// As JSON, with prices as the book writes them.
    ///
    /// # Errors
    /// None that can come about: it is all numbers.
    pub fn to_json(&self, scale: PriceScale) -> Result<String> {
        let price = |units: Option<i64>| match units {
            Some(units) => scale.show(units.into()),
            None => "null".to_owned(),
        };
        let [price, low, high] = [self.price, self.price_lo, self.price_hi].map(price);
        let fills = serde_json::to_string(&self.fills)?;
        let units = self.compute_units;
        let units = units.map_or_else(String::new, |units| format!(",\"compute_units\":{units}"));
        // By hand: a float would not hold all digits.
        Ok(format!(
            "{{\"volume\":{},\"price\":{price},\"price_lo\":{low},\"price_hi\":{high},\"welfare\":{},\"fills\":{fills}{units}}}",
            self.volume,
            scale.show(self.welfare)
        ))
    }
}

/// Rounded down, towards the lower price below zero too.
fn middle(low: i64, high: i64) -> i64 {
    let sum = i128::from(low) + i128::from(high);
    // Between two numbers of 64 bits.
    sum.div_euclid(2) as i64
}

/// 95 bits and the count of orders: far from what 128 hold.
fn value(orders: &[BookOrder], fills: &[Wh]) -> i128 {
    orders
        .iter()
        .zip(fills)
        .map(|(order, fill)| i128::from(order.price) * i128::from(fill.0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_rounded_down_below_zero_too() {
        assert_eq!(middle(4, 7), 5);
        assert_eq!(middle(-7, -4), -6);
        assert_eq!(middle(-1, 0), -1);
        assert_eq!(middle(i64::MIN, i64::MAX), -1);
        assert_eq!(middle(i64::MAX, i64::MAX), i64::MAX);
    }

    #[test]
    fn welfare_is_what_bids_value_more_than_offers() {
        let order = |price, qty| BookOrder { price, qty };
        let book = OrderBook {
            bids: vec![order(10, 5), order(3, 5)],
            offers: vec![order(-2, 4), order(20, 1)],
        };
        let outcome = crate::book::clear(&book).expect("clears");
        assert_eq!((outcome.volume, outcome.welfare), (4, 48));
        assert_eq!((outcome.price_lo, outcome.price_hi), (Some(10), Some(10)));
        assert_eq!(outcome.fills.bids, [4, 0]);
        assert_eq!(outcome.fills.offers, [4, 0]);
    }

    #[test]
    fn the_largest_amounts_fit() {
        let order = |price| BookOrder {
            price,
            qty: u32::MAX,
        };
        let book = OrderBook {
            bids: vec![order(i64::MAX); 100],
            offers: vec![order(i64::MIN); 100],
        };
        let outcome = crate::book::clear(&book).expect("clears");
        let spread = i128::from(i64::MAX) - i128::from(i64::MIN);
        assert_eq!(outcome.welfare, spread * i128::from(u32::MAX) * 100);
        assert_eq!(outcome.price, Some(-1));
    }
}
