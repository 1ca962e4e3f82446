use core::result::Result;

use joulebook_auction::Side;
use joulebook_settlement::Locks;
use joulebook_units::{Price, Wh};

use crate::errors::MarketError;

/// What an order can cost at worst, milli-atoms.
#[inline(always)]
pub fn lock_of(locks: &Locks, side: Side, quantity: Wh, price: Price) -> Result<u64, MarketError> {
    match side {
        Side::Buy => locks.buy(quantity, price),
        Side::Sell => locks.sell(quantity, price),
    }
    .map(|lock| lock.0)
    .ok_or(MarketError::Overflow)
}
