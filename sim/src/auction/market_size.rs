use joulebook_client::layout::market::{limits, ImbalancePrices, MarketTerms};

use super::TickOrder;
use crate::Parameters;

/// Orders that a window can have room for.
pub const MAX_ORDERS: usize = limits::MAX_ORDERS as usize;
/// Seats that a ledger can have, less those of supplier and grid operator.
const MAX_TRADERS: usize = limits::MAX_SEATS as usize - 2;
/// Orders of one trader; setting up each takes several transactions.
const ORDERS_PER_TRADER: u32 = 256;
/// The shortest window there is suffices.
const WINDOW_SECONDS: u32 = limits::MIN_WINDOW_SECONDS;

/// How large a market must be for one book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketSize {
    pub ticks: u16,
    pub orders: u16,
    pub traders: u16,
    /// All of one trader's orders in a window fit 32 bits: the larger they may be, the fewer.
    pub orders_per_trader: u16,
}

/// The book is larger than a market can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookTooLarge {
    #[error(
        "the book has {0} orders; on chain a window has room for {MAX_ORDERS}: leave some out"
    )]
    Orders(usize),
    #[error(
        "orders of {largest} Wh need a trader each, and the book has {orders}; a market has room for \
         {MAX_TRADERS}: leave some out, or halve the quantities"
    )]
    Traders { orders: usize, largest: u32 },
}

impl MarketSize {
    /// # Errors
    /// [`BookTooLarge`].
    pub fn of(ticks: u16, book: &[TickOrder]) -> Result<MarketSize, BookTooLarge> {
        let count = book.len();
        let orders = u16::try_from(count).ok();
        let orders = orders.filter(|_| count <= MAX_ORDERS);
        let orders = orders.ok_or(BookTooLarge::Orders(count))?;
        let largest = book.iter().map(|order| order.quantity.0).max();
        let largest = largest.unwrap_or(1).max(1);
        let per_trader = (u32::MAX / largest).min(ORDERS_PER_TRADER);
        // At most 256.
        let orders_per_trader = (per_trader as u16).min(orders).max(1);
        let traders = orders.div_ceil(orders_per_trader);
        if usize::from(traders) > MAX_TRADERS {
            return Err(BookTooLarge::Traders {
                orders: count,
                largest,
            });
        }
        Ok(MarketSize {
            ticks: ticks.max(1),
            orders: orders.max(1),
            traders,
            orders_per_trader,
        })
    }

    /// A market without fees whose prices are the ticks themselves. Its tariffs are zero, so that a sell
    /// locks nothing and a buy its price.
    pub fn parameters(self) -> Parameters {
        Parameters {
            window_seconds: WINDOW_SECONDS,
            // The fewest for which a horizon leaves room: only one window is ever used.
            books: 3,
            page_windows: 1,
            pages: 4,
            reading_seconds: 0,
            correction_seconds: 0,
            meters: 1,
            seats: self.traders + 2,
            orders: self.orders,
            ticks: self.ticks,
            history: 1,
            max_orders_per_seat: self.orders_per_trader,
            tariff: ImbalancePrices { short: 0, long: 0 },
            terms: MarketTerms {
                horizon: WINDOW_SECONDS,
                gate_lead: 0,
                metering_grace: 0,
                floor_price: 0,
                tick_size: 1,
                min_quantity: 1,
                grid_fee: 0,
                fee_bps: 0,
                ..Parameters::default().terms
            },
            ..Parameters::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use joulebook_auction::Side;
    use joulebook_units::{Tick, Wh};

    use super::*;

    fn size(count: usize, quantity: u32) -> Result<MarketSize, BookTooLarge> {
        let order = TickOrder {
            side: Side::Buy,
            tick: Tick(0),
            quantity: Wh(quantity),
        };
        MarketSize::of(u16::from(count > 0), &vec![order; count])
    }

    fn traders(count: usize, quantity: u32) -> (u16, u16) {
        let size = size(count, quantity).expect("fits");
        (size.traders, size.orders_per_trader)
    }

    #[test]
    fn small_orders_need_few_traders() {
        assert_eq!(traders(1, 1), (1, 1));
        assert_eq!(traders(256, 1000), (1, 256));
        assert_eq!(traders(257, 1000), (2, 256));
        assert_eq!(traders(16_384, 1), (64, 256));
    }

    #[test]
    fn what_a_trader_enters_fits_32_bits() {
        assert_eq!(traders(10, u32::MAX), (10, 1));
        assert_eq!(traders(10, u32::MAX / 2), (5, 2));
        assert_eq!(traders(10, u32::MAX / 2 + 1), (10, 1));
    }

    #[test]
    fn an_empty_book_has_a_market_too() {
        let size = size(0, 1).expect("fits");
        assert_eq!((size.ticks, size.orders, size.traders), (1, 1, 0));
    }

    #[test]
    fn what_is_too_large_is_said() {
        assert_eq!(size(16_385, 1), Err(BookTooLarge::Orders(16_385)));
        assert_eq!(size(70_000, 1), Err(BookTooLarge::Orders(70_000)));
        let largest = u32::MAX;
        let orders = 16_383;
        assert_eq!(
            size(orders, largest),
            Err(BookTooLarge::Traders { orders, largest })
        );
        assert!(size(orders - 1, largest).is_ok());
    }
}
