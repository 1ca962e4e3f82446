use joulebook_units::{Tick, Wh};

use crate::{ration, Ration, Side};

/// The outcome of one node's auction. Filling the orders advances the two rations, so it is kept
/// until every order has its fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// Energy matched, in Wh.
    pub volume: u64,
    /// The lowest clearing tick, and the marginal one: where an order may be filled in part.
    pub low: Tick,
    /// The highest clearing tick.
    pub high: Tick,
    /// How the buys at the marginal tick are served.
    pub buys: Ration,
    /// How the sells at the marginal tick are served.
    pub sells: Ration,
}

impl Clearing {
    /// The fill of the next order, orders taken in their sequence: orders better than the marginal
    /// tick fill wholly, worse ones not at all, those at it pro rata.
    #[inline(always)]
    pub fn fill(&mut self, side: Side, tick: Tick, quantity: Wh) -> Wh {
        if tick == self.low {
            let ration = match side {
                Side::Buy => &mut self.buys,
                Side::Sell => &mut self.sells,
            };
            return ration::fill(ration, quantity);
        }
        if (side == Side::Buy) == (tick > self.low) {
            quantity
        } else {
            Wh(0)
        }
    }
}
