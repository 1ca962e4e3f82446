use bytemuck::{Pod, Zeroable};
use joulebook_units::{Tick, Wh};

use crate::{Clearing, Ration, Side};

/// Ticks summed in one block.
pub const BLOCK: usize = 64;

/// The most ticks a grid can have.
const MAX_TICKS: usize = u16::MAX as usize;

/// Blocks that a grid of `ticks` needs.
pub const fn block_count(ticks: u16) -> usize {
    (ticks as usize).div_ceil(BLOCK)
}

/// Energy bid and offered at one tick or in one block, in Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Level {
    pub buy: u64,
    pub sell: u64,
}

const _: () = assert!(core::mem::size_of::<Level>() == 16);

/// Why the book refuses an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookError {
    /// The slices do not belong together: a block for every 64 ticks, 1 to 65,535 ticks.
    Shape,
    /// The tick is not on the grid.
    OffGrid,
    /// A sum would not fit 64 bits.
    Overflow,
    /// More would be taken out than is there.
    Underflow,
}

/// The orders of one node, summed per tick.
pub struct Book<'a> {
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
}

impl<'a> Book<'a> {
    /// `levels` has one entry for each tick, `blocks` one for each [`BLOCK`] ticks begun.
    ///
    /// # Errors
    /// [`BookError::Shape`] if the lengths do not fit each other.
    pub fn new(levels: &'a mut [Level], blocks: &'a mut [Level]) -> Result<Book<'a>, BookError> {
        let fits = (1..=MAX_TICKS).contains(&levels.len());
        if !fits || levels.len().div_ceil(BLOCK) != blocks.len() {
            return Err(BookError::Shape);
        }
        Ok(Book { levels, blocks })
    }

    /// Adds an order's energy.
    ///
    /// # Errors
    /// [`BookError::OffGrid`], [`BookError::Overflow`]; the book is unchanged.
    #[inline(always)]
    pub fn add(&mut self, side: Side, tick: Tick, quantity: Wh) -> Result<(), BookError> {
        let (level, block) = self.entries(side, tick)?;
        // A block holds at least what its level holds, so it overflows first.
        let sum = block
            .checked_add(u64::from(quantity.0))
            .ok_or(BookError::Overflow)?;
        *level = level
            .checked_add(u64::from(quantity.0))
            .ok_or(BookError::Overflow)?;
        *block = sum;
        Ok(())
    }

    /// Takes an order's energy out again.
    ///
    /// # Errors
    /// [`BookError::OffGrid`], [`BookError::Underflow`]; the book is unchanged.
    #[inline(always)]
    pub fn remove(&mut self, side: Side, tick: Tick, quantity: Wh) -> Result<(), BookError> {
        let (level, block) = self.entries(side, tick)?;
        let rest = level
            .checked_sub(u64::from(quantity.0))
            .ok_or(BookError::Underflow)?;
        *block = block
            .checked_sub(u64::from(quantity.0))
            .ok_or(BookError::Underflow)?;
        *level = rest;
        Ok(())
    }

    #[inline(always)]
    fn entries(&mut self, side: Side, tick: Tick) -> Result<(&mut u64, &mut u64), BookError> {
        let tick = usize::from(tick.0);
        let level = self.levels.get_mut(tick).ok_or(BookError::OffGrid)?;
        let block = self
            .blocks
            .get_mut(tick / BLOCK)
            .ok_or(BookError::OffGrid)?;
        Ok(match side {
            Side::Buy => (&mut level.buy, &mut block.buy),
            Side::Sell => (&mut level.sell, &mut block.sell),
        })
    }

    /// The uniform-price clearing; `None` if nothing trades.
    ///
    /// The matched volume is the largest at which the marginal buy is not below the marginal sell.
    /// The interval from [`Clearing::low`] to [`Clearing::high`] is [max(last accepted sell, best
    /// unfilled buy), min(last accepted buy, best unfilled sell)], a partly filled order being both.
    ///
    /// # Errors
    /// [`BookError::Overflow`] if a sum does not fit 64 bits.
    pub fn clear(&self) -> Result<Option<Clearing>, BookError> {
        let mut demand = 0u64;
        for block in self.blocks.iter() {
            demand = demand.checked_add(block.buy).ok_or(BookError::Overflow)?;
        }
        if demand == 0 {
            return Ok(None);
        }

        // The block, then the tick, where cum first reaches the demand. It is always found: cum ends
        // at demand plus supply.
        let mut below = Level::default();
        let mut block_index = 0;
        for block in self.blocks.iter() {
            let next = below.plus(block)?;
            if next.total()? >= demand {
                break;
            }
            below = next;
            block_index += 1;
        }
        let mut tick = block_index * BLOCK;
        let mut marginal = Level::default();
        let mut cum = below.total()?;
        for level in self.levels.iter().skip(tick).take(BLOCK) {
            let next = cum.checked_add(level.total()?).ok_or(BookError::Overflow)?;
            if next >= demand {
                marginal = *level;
                cum = next;
                break;
            }
            below = below.plus(level)?;
            cum = next;
            tick += 1;
        }

        let buys_above = demand
            .checked_sub(below.buy)
            .and_then(|rest| rest.checked_sub(marginal.buy))
            .ok_or(BookError::Underflow)?;
        let buys_from_here = buys_above + marginal.buy;
        let sells_to_here = below
            .sell
            .checked_add(marginal.sell)
            .ok_or(BookError::Overflow)?;
        let volume = buys_from_here.min(sells_to_here);
        if volume == 0 {
            return Ok(None);
        }
        let high = if cum == demand {
            self.next_used(tick + 1)
        } else {
            None
        };
        Ok(Some(Clearing {
            volume,
            low: tick_of(tick),
            high: tick_of(high.unwrap_or(tick)),
            buys: Ration::new(volume.saturating_sub(buys_above), marginal.buy),
            sells: Ration::new(volume.saturating_sub(below.sell), marginal.sell),
        }))
    }

    /// The first tick from `start` on that holds an order.
    fn next_used(&self, start: usize) -> Option<usize> {
        let block_end = start.div_ceil(BLOCK) * BLOCK;
        let used = |level: &Level| level.buy | level.sell != 0;
        let rest = self.levels.get(start..block_end.min(self.levels.len()))?;
        if let Some(found) = rest.iter().position(used) {
            return Some(start + found);
        }
        let blocks = self.blocks.get(block_end / BLOCK..)?;
        let first = block_end + blocks.iter().position(used)? * BLOCK;
        let found = self.levels.get(first..)?.iter().position(used)?;
        Some(first + found)
    }
}

impl Level {
    fn plus(&self, other: &Level) -> Result<Level, BookError> {
        Ok(Level {
            buy: self.buy.checked_add(other.buy).ok_or(BookError::Overflow)?,
            sell: self
                .sell
                .checked_add(other.sell)
                .ok_or(BookError::Overflow)?,
        })
    }

    fn total(&self) -> Result<u64, BookError> {
        self.buy.checked_add(self.sell).ok_or(BookError::Overflow)
    }
}

/// A book has at most [`MAX_TICKS`] levels, so every index of one fits.
fn tick_of(index: usize) -> Tick {
    Tick(index as u16)
}
