use joulebook_auction::{block_count, Depth, Level, TickOrder};
use joulebook_units::{Price, PriceGrid};

use crate::Contracted;

/// How a window's orders would be cleared.
pub struct Outcome {
    pub price: Price,
    /// Of each household, in their sequence.
    pub contracted: Vec<Contracted>,
}

/// Clears orders of others, and those of households. `None` if nothing trades.
pub fn clear(
    grid: &PriceGrid,
    others: &[TickOrder],
    households: &[&[TickOrder]],
) -> Option<Outcome> {
    let mut levels = vec![Level::default(); usize::from(grid.ticks())];
    let mut blocks = vec![Level::default(); block_count(grid.ticks())];
    let mut depth = Depth::new(&mut levels, &mut blocks).ok()?;
    for order in others.iter().chain(households.iter().copied().flatten()) {
        depth.add(order.side, order.tick, order.quantity).ok()?;
    }
    let mut clearing = depth.clear().ok()??;
    let price = Price::middle(grid.price(clearing.low)?, grid.price(clearing.high)?);
    // They were there first.
    for order in others {
        clearing.fill(order.side, order.tick, order.quantity);
    }
    let contracted = households.iter().map(|orders| {
        let mut contracted = Contracted::default();
        for order in *orders {
            let fill = clearing.fill(order.side, order.tick, order.quantity);
            contracted.add(order.side, fill);
        }
        contracted
    });
    Some(Outcome {
        price,
        contracted: contracted.collect(),
    })
}
