use joulebook_auction::Side;
use joulebook_client::layout::market::limits::MAX_TICKS;
use joulebook_sim::auction::TickOrder;
use joulebook_units::{Tick, Wh};

use super::OrderBook;

/// Distinct prices a book may have: the most ticks a market's price grid can have.
pub const MAX_PRICES: usize = MAX_TICKS as usize;

/// The book has more distinct prices than a price grid has ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the book has {0} distinct prices; at most {MAX_PRICES} can be told apart: round the prices"
)]
pub struct TooManyPrices(pub usize);

/// A book with its distinct prices mapped, in order, to ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickBook {
    /// The price of each tick, ascending.
    pub prices: Vec<i64>,
    /// The bids, then the offers, each in the sequence of the book.
    pub orders: Vec<TickOrder>,
}

impl TickBook {
    /// # Errors
    /// [`TooManyPrices`].
    pub fn new(book: &OrderBook) -> Result<TickBook, TooManyPrices> {
        let all = || book.bids.iter().chain(&book.offers);
        let mut prices: Vec<i64> = all().map(|order| order.price).collect();
        prices.sort_unstable();
        prices.dedup();
        if prices.len() > MAX_PRICES {
            return Err(TooManyPrices(prices.len()));
        }
        let sides =
            std::iter::repeat_n(Side::Buy, book.bids.len()).chain(std::iter::repeat(Side::Sell));
        let orders = all()
            .zip(sides)
            .map(|(order, side)| TickOrder {
                side,
                // Every price is in the list, and fewer than 2^16 are.
                tick: Tick(prices.partition_point(|price| *price < order.price) as u16),
                quantity: Wh(order.qty),
            })
            .collect();
        Ok(TickBook { prices, orders })
    }

    /// Ticks of the grid; 0 for a book without orders.
    pub fn ticks(&self) -> u16 {
        self.prices.len() as u16
    }

    /// `None` for a tick off the grid.
    pub fn price(&self, tick: Tick) -> Option<i64> {
        self.prices.get(usize::from(tick.0)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::BookOrder;

    fn book(prices: impl Iterator<Item = i64>) -> OrderBook {
        OrderBook {
            bids: prices.map(|price| BookOrder { price, qty: 1 }).collect(),
            offers: Vec::new(),
        }
    }

    #[test]
    fn prices_become_ticks_in_their_order() {
        let ticks = TickBook::new(&book([7, -3, 7, i64::MAX].into_iter())).expect("fits");
        assert_eq!(ticks.prices, [-3, 7, i64::MAX]);
        let places: Vec<u16> = ticks.orders.iter().map(|order| order.tick.0).collect();
        assert_eq!(places, [1, 0, 1, 2]);
    }

    #[test]
    fn as_many_prices_as_ticks_and_no_more() {
        assert!(TickBook::new(&book(0..8192)).is_ok());
        assert_eq!(TickBook::new(&book(0..8193)), Err(TooManyPrices(8193)));
    }
}
