//! One auction: off chain ([`clear`]), with the engine that the market program runs, and in the program
//! itself ([`clear_on_chain`]).

mod market_size;
mod on_chain;

use anyhow::{anyhow, Result};
pub use joulebook_auction::TickOrder;
use joulebook_auction::{block_count, Depth, DepthError, Level};
use joulebook_units::{Tick, Wh};

pub use market_size::{BookTooLarge, MarketSize, MAX_ORDERS};
pub use on_chain::{clear_on_chain, new_order, result_of};

/// The outcome of an auction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuctionResult {
    /// `None` if nothing traded.
    pub traded: Option<TradedVolume>,
    /// Of each order, in the sequence of the orders.
    pub fills: Vec<Wh>,
}

/// What traded, and where it clears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradedVolume {
    /// Wh.
    pub volume: u64,
    /// The lowest and the highest tick at which the book clears.
    pub low: Tick,
    pub high: Tick,
}

/// Clears `orders`, which stand in the sequence they were placed in, on a grid of `ticks`.
///
/// # Errors
/// If a tick is off the grid, or the quantities add up to more than 64 bits hold.
pub fn clear(ticks: u16, orders: &[TickOrder]) -> Result<AuctionResult> {
    let ticks = ticks.max(1);
    let mut levels = vec![Level::default(); usize::from(ticks)];
    let mut blocks = vec![Level::default(); block_count(ticks)];
    let mut book = Depth::new(&mut levels, &mut blocks).map_err(explain)?;
    for order in orders {
        book.add(order.side, order.tick, order.quantity)
            .map_err(explain)?;
    }
    let Some(mut clearing) = book.clear().map_err(explain)? else {
        return Ok(AuctionResult {
            traded: None,
            fills: vec![Wh(0); orders.len()],
        });
    };
    Ok(AuctionResult {
        traded: Some(TradedVolume {
            volume: clearing.volume,
            low: clearing.low,
            high: clearing.high,
        }),
        fills: orders
            .iter()
            .map(|order| clearing.fill(order.side, order.tick, order.quantity))
            .collect(),
    })
}

fn explain(error: DepthError) -> anyhow::Error {
    match error {
        DepthError::Shape => anyhow!("the price grid has no ticks"),
        DepthError::NoSuchTick => anyhow!("an order's tick is not on the price grid"),
        DepthError::Overflow => anyhow!("the quantities add up to more than 64 bits hold"),
        DepthError::Underflow => anyhow!("the book's sums do not add up"),
    }
}

#[cfg(test)]
mod tests {
    use joulebook_auction::Side;

    use super::*;

    fn order(side: Side, tick: u16, quantity: u32) -> TickOrder {
        TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        }
    }

    #[test]
    fn the_long_side_is_rationed_at_the_marginal_tick() {
        let orders = [
            order(Side::Buy, 1, 10),
            order(Side::Sell, 1, 5),
            order(Side::Buy, 1, 10),
        ];
        let result = clear(2, &orders).expect("clears");
        assert_eq!(result.traded.map(|traded| traded.volume), Some(5));
        assert_eq!(result.fills, [Wh(2), Wh(5), Wh(3)]);
    }

    #[test]
    fn an_empty_book_trades_nothing() {
        assert_eq!(clear(0, &[]).expect("clears"), AuctionResult::default());
    }

    #[test]
    fn a_tick_off_the_grid_is_refused() {
        assert!(clear(2, &[order(Side::Buy, 2, 1)]).is_err());
    }
}
