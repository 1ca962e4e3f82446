/// Quote atoms per kWh. With a token of 6 decimals, 0.25 tokens per kWh is 250,000. Wholesale and feed-in prices go
/// below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub i32);

/// Index into a [`PriceGrid`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub u16);

/// The prices a window trades at: `floor + tick × tick_size`, for ticks below `ticks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceGrid {
    floor: Price,
    tick_size: u32,
    ticks: u16,
}

/// Why a price grid cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridError {
    /// There is no tick, or the tick size is 0.
    Empty,
    /// The highest price does not fit a [`Price`].
    TooHigh,
}

impl PriceGrid {
    /// # Errors
    /// [`GridError`] if the grid has no prices or its highest one does not fit a [`Price`].
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "there is a tick; 16 bits times 32, plus 31"
    )]
    pub fn new(floor: Price, tick_size: u32, ticks: u16) -> Result<PriceGrid, GridError> {
        if ticks == 0 || tick_size == 0 {
            return Err(GridError::Empty);
        }
        let top = i64::from(floor.0) + i64::from(ticks - 1) * i64::from(tick_size);
        if top > i64::from(i32::MAX) {
            return Err(GridError::TooHigh);
        }
        Ok(PriceGrid {
            floor,
            tick_size,
            ticks,
        })
    }

    pub fn ticks(&self) -> u16 {
        self.ticks
    }

    /// `None` for a tick off the grid.
    #[inline(always)]
    pub fn price(&self, tick: Tick) -> Option<Price> {
        if tick.0 >= self.ticks {
            return None;
        }
        // Fits: `new` has checked the highest tick.
        let steps = u32::from(tick.0).wrapping_mul(self.tick_size);
        Some(Price(self.floor.0.wrapping_add_unsigned(steps)))
    }

    /// The highest price of the grid.
    pub fn top(&self) -> Price {
        // Fits: `new` has checked the highest tick.
        let steps = u32::from(self.ticks.wrapping_sub(1)).wrapping_mul(self.tick_size);
        Price(self.floor.0.wrapping_add_unsigned(steps))
    }

    /// The highest tick whose price is not above `price`; `None` if the whole grid is above it.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "`new` has refused a grid without a tick or a tick size"
    )]
    pub fn tick_at_or_below(&self, price: Price) -> Option<Tick> {
        if price < self.floor {
            return None;
        }
        let steps = price.0.abs_diff(self.floor.0) / self.tick_size;
        Some(Tick(steps.min(u32::from(self.ticks - 1)) as u16))
    }
}

impl Price {
    pub const ZERO: Price = Price(0);

    /// The middle of two prices, rounded down, below zero too.
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn middle(low: Price, high: Price) -> Price {
        Price(((i64::from(low.0) + i64::from(high.0)) >> 1) as i32)
    }
}
