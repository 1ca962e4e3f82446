//! The units, from outside: exactness, overflow, and grids and rings at their ends.

mod energy;
mod money;
mod power;
mod price_grid;
mod ring;
mod sums;
