use joulebook_units::{checked_sum, Tick, Wh};

use crate::{ration, Clearing, Level, Side, TickOrder, TICKS_PER_BLOCK};

/// The most ticks a grid can have.
const MAX_TICKS: usize = u16::MAX as usize;

/// Why the book refuses an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepthError {
    /// The slices do not belong together: a block for every 64 ticks, 1 to 65,535 ticks.
    Shape,
    /// The tick is not on the grid.
    NoSuchTick,
    /// A sum would not fit 63 bits.
    Overflow,
    /// More would be taken out than is there.
    Underflow,
}

/// The orders of one node, summed per tick.
pub struct Depth<'a> {
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
}

impl<'a> Depth<'a> {
    /// `levels` has one entry for each tick, `blocks` one for each [`TICKS_PER_BLOCK`] ticks begun.
    ///
    /// # Errors
    /// [`DepthError::Shape`] if the lengths do not fit each other.
    pub fn new(levels: &'a mut [Level], blocks: &'a mut [Level]) -> Result<Depth<'a>, DepthError> {
        let fits = (1..=MAX_TICKS).contains(&levels.len());
        if !fits || levels.len().div_ceil(TICKS_PER_BLOCK) != blocks.len() {
            return Err(DepthError::Shape);
        }
        Ok(Depth { levels, blocks })
    }

    /// Adds an order's energy.
    ///
    /// # Errors
    /// [`DepthError::NoSuchTick`], [`DepthError::Overflow`]; the book is unchanged.
    #[inline(always)]
    pub fn add(&mut self, side: Side, tick: Tick, quantity: Wh) -> Result<(), DepthError> {
        let order = TickOrder {
            side,
            tick,
            quantity,
        };
        self.add_all([order])
    }

    /// Adds the energy of orders one after the other.
    ///
    /// # Errors
    /// Likewise; those before the one that fails are in the book.
    #[inline(always)]
    pub fn add_all(
        &mut self,
        orders: impl IntoIterator<Item = TickOrder>,
    ) -> Result<(), DepthError> {
        let (levels, blocks) = (&mut *self.levels, &mut *self.blocks);
        for order in orders {
            let added = u64::from(order.quantity.0);
            let (level, block) = entries(levels, blocks, order.side, order.tick)?;
            let sum = block.wrapping_add(added);
            // No sum is above `i64::MAX`, so this one didn't wrap: seeing that takes one instruction on chain,
            // where `checked_add` takes six.
            if sum > i64::MAX as u64 {
                return Err(DepthError::Overflow);
            }
            *block = sum;
            // A block holds at least what its level holds.
            *level = level.wrapping_add(added);
        }
        Ok(())
    }

    /// Takes an order's energy out again.
    ///
    /// # Errors
    /// [`DepthError::NoSuchTick`], [`DepthError::Underflow`]; the book is unchanged.
    #[inline(always)]
    pub fn remove(&mut self, side: Side, tick: Tick, quantity: Wh) -> Result<(), DepthError> {
        let (level, block) = entries(self.levels, self.blocks, side, tick)?;
        let rest = level
            .checked_sub(u64::from(quantity.0))
            .ok_or(DepthError::Underflow)?;
        *block = block
            .checked_sub(u64::from(quantity.0))
            .ok_or(DepthError::Underflow)?;
        *level = rest;
        Ok(())
    }

    /// The uniform-price clearing; `None` if nothing trades.
    ///
    /// The matched volume is the largest at which the marginal buy is not below the marginal sell.
    /// The interval from [`Clearing::low`] to [`Clearing::high`] is [max(last accepted sell, best
    /// unfilled buy), min(last accepted buy, best unfilled sell)], a partly filled order being both.
    ///
    /// # Errors
    /// [`DepthError::Overflow`] if a sum does not fit 64 bits.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "indices of at most 65,535 levels"
    )]
    pub fn clear(&self) -> Result<Option<Clearing>, DepthError> {
        let all = self.totals()?;
        if all.buy == 0 || all.sell == 0 {
            return Ok(None);
        }
        // From here on every sum is part of demand plus supply, which `totals` has seen to fit.
        let (block, below) = first_reaching(self.blocks, Level::default(), all.buy);
        let first = block * TICKS_PER_BLOCK;
        let ticks = self.levels.get(first..).unwrap_or(&[]);
        let (offset, below) = first_reaching(ticks, below, all.buy);
        let tick = first + offset;
        let marginal = self.levels.get(tick).ok_or(DepthError::Shape)?;

        let to_here = sum(&below, marginal);
        let buys_above = all.buy.saturating_sub(to_here.buy);
        let volume = buys_above.wrapping_add(marginal.buy).min(to_here.sell);
        if volume == 0 {
            return Ok(None);
        }
        let high = if total(&to_here) == all.buy {
            self.next_used(tick + 1).unwrap_or(tick)
        } else {
            tick
        };
        Ok(Some(Clearing {
            volume,
            low: tick_of(tick),
            high: tick_of(high),
            buys: ration::new(volume.saturating_sub(buys_above), marginal.buy),
            sells: ration::new(volume.saturating_sub(below.sell), marginal.sell),
        }))
    }

    /// Demand and supply of the whole book.
    fn totals(&self) -> Result<Level, DepthError> {
        let mut all = Level::default();
        for block in self.blocks.iter() {
            all.buy = checked_sum(all.buy, block.buy).ok_or(DepthError::Overflow)?;
            all.sell = checked_sum(all.sell, block.sell).ok_or(DepthError::Overflow)?;
        }
        all.buy.checked_add(all.sell).ok_or(DepthError::Overflow)?;
        Ok(all)
    }

    /// The first tick from `start` on that holds an order.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "indices of at most 65,535 levels"
    )]
    fn next_used(&self, start: usize) -> Option<usize> {
        let block_end = start.div_ceil(TICKS_PER_BLOCK) * TICKS_PER_BLOCK;
        let used = |level: &Level| level.buy | level.sell != 0;
        let rest = self.levels.get(start..block_end.min(self.levels.len()))?;
        if let Some(found) = rest.iter().position(used) {
            return Some(start + found);
        }
        let blocks = self.blocks.get(block_end / TICKS_PER_BLOCK..)?;
        let first = block_end + blocks.iter().position(used)? * TICKS_PER_BLOCK;
        let found = self.levels.get(first..)?.iter().position(used)?;
        Some(first + found)
    }
}

/// The sums that an order is part of: of its tick, and of the block that this is in.
#[inline(always)]
fn entries<'a>(
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
    side: Side,
    tick: Tick,
) -> Result<(&'a mut u64, &'a mut u64), DepthError> {
    let tick = usize::from(tick.0);
    let level = levels.get_mut(tick).ok_or(DepthError::NoSuchTick)?;
    let block = blocks
        .get_mut(tick / TICKS_PER_BLOCK)
        .ok_or(DepthError::NoSuchTick)?;
    Ok(match side {
        Side::Buy => (&mut level.buy, &mut block.buy),
        Side::Sell => (&mut level.sell, &mut block.sell),
    })
}

/// The first of `levels` at which the running sum of buys and sells, from `below` on, reaches `demand`;
/// and the sum below it. The number of levels if none does.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "an index of at most 65,535 levels"
)]
fn first_reaching(levels: &[Level], mut below: Level, demand: u64) -> (usize, Level) {
    let mut index = 0;
    for level in levels {
        let next = sum(&below, level);
        if total(&next) >= demand {
            break;
        }
        below = next;
        index += 1;
    }
    (index, below)
}

#[inline(always)]
fn sum(a: &Level, b: &Level) -> Level {
    Level {
        buy: a.buy.wrapping_add(b.buy),
        sell: a.sell.wrapping_add(b.sell),
    }
}

#[inline(always)]
fn total(level: &Level) -> u64 {
    level.buy.wrapping_add(level.sell)
}

/// A book has at most [`MAX_TICKS`] levels, so every index of one fits.
fn tick_of(index: usize) -> Tick {
    Tick(index as u16)
}
