//! Metering rules: what a meter signs ([`message`]), what its registers count ([`register`]), and what a page of many
//! intervals makes of its readings ([`page`]).
//!
//! A reading is the meter's two cumulative registers at a window boundary, as in IEC 62056 (OBIS 1.8.0
//! import and 2.8.0 export), not a difference: a lost reading loses nothing.
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

pub mod message;
pub mod page;
pub mod register;
