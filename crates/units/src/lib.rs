//! Units of the market. Only products with a meaning compile: energy times price is money.
//!
//! | type | unit |
//! | --- | --- |
//! | [`Wh`], [`WhSum`], [`NetWh`] | watt-hours: of one order or interval, summed, signed |
//! | [`Watts`] | power |
//! | [`Price`] | quote atoms per kWh |
//! | [`Tick`] | index into a window's [`PriceGrid`] |
//! | [`MilliAtoms`], [`NetMilliAtoms`] | money inside the ledger, 1/1000 of a quote atom; with a sign |
//! | [`Atoms`] | money outside: whole quote atoms |
//! | [`UnixTime`], [`Seconds`] | time |
//!
//! Wh × atoms/kWh is milli-atoms exactly, so nothing is rounded inside the ledger.
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

mod division;
mod energy;
mod money;
mod price;
mod sum;
mod time;

pub use division::{floor_div, floor_rem};
pub use energy::{NetWh, Watts, Wh, WhSum};
pub use money::{Atoms, MilliAtoms, NetMilliAtoms, MILLI_ATOMS_PER_ATOM};
pub use price::{GridError, Price, PriceGrid, Tick};
pub use sum::{bounded_sum, bounded_total, checked_sum};
pub use time::{LocalTime, Seconds, UnixTime, SECONDS_PER_DAY, SECONDS_PER_HOUR};
