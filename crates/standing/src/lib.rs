//! What standing orders ask for in a window.
//!
//! | module | subject |
//! | --- | --- |
//! | [`entry`] | whether a rule can ever order anything |
//! | [`schedule`] | in which windows it is due |
//! | [`price`] | its limit price, and the tick of a grid for that |
//! | [`quantity`] | how much it asks for |
//! | [`order`](mod@order) | the order that it comes to: as much of that as its caps and the meters' connections leave |
//! | [`placing`] | whether that can be placed, and what it takes |
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

pub mod entry;
pub mod order;
pub mod placing;
pub mod price;
pub mod quantity;
pub mod schedule;

pub use entry::{check_entry, Fault};
pub use order::{asked, side_of, Asked, Window};
pub use placing::{place, readiness, Trader};
pub use price::{limit_price, tick_within, Grid};
pub use quantity::{days_back, wanted};
pub use schedule::is_due;
