//! Uniform-price double auction over the depth of a book: energy per price tick.
//!
//! A [`Depth`] keeps, for every tick, the energy bid and offered there, and the same summed over
//! blocks of [`TICKS_PER_BLOCK`] ticks. [`Depth::clear`] finds price and volume from the sums alone, in
//! O(ticks / 64 + 64), whatever the number of orders; [`Clearing::fill`] then gives each order its
//! fill, pro rata on the long side at the marginal tick.
//!
//! Rule: a buy of q at tick p is a fixed demand of q plus a sell of q at p. With `cum` the running
//! sum of buys and sells over the ticks and D the whole demand, a tick π clears the book exactly when
//! cum(π − 1) ≤ D ≤ cum(π). Checked against a unit-by-unit model in `tests/`.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

mod clearing;
mod depth;
pub mod ration;

pub use clearing::Clearing;
pub use depth::{Depth, DepthError};
pub use joulebook_layout::market::{block_count, Level, Ration, Side, TICKS_PER_BLOCK};
use joulebook_units::{Tick, Wh};

/// An order at a tick of the price grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickOrder {
    pub side: Side,
    pub tick: Tick,
    pub quantity: Wh,
}
