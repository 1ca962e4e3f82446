//! What orders lock and what windows cost.
//!
//! | module | subject |
//! | --- | --- |
//! | [`tariff`] | imbalance prices by half hour and kind of day |
//! | [`terms`] | fees, and what an order locks |
//! | [`delegate`] | the prices that a delegate may order at |
//! | [`position`] | what a position should have paid by now, whatever was heard and when |
//! | [`finishing`] | how many seats become final in one instruction |
//! | [`silence`] | what is remembered of meters that were missing for good, and what a page makes of it |
//! | [`ending`] | how a page ends for a seat: what comes to light, and what is paid back |
//!
//! All amounts are Wh × atoms/kWh, so milli-atoms exactly: the market fee is a whole number of atoms per kWh too,
//! rounded up once per price.
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

pub mod delegate;
pub mod ending;
pub mod finishing;
pub mod position;
pub mod silence;
pub mod tariff;
pub mod terms;

pub use delegate::DelegatePrices;
pub use ending::{Ended, Ending, LeftOver};
pub use finishing::seats_that_fit;
pub use position::Contract;
pub use silence::{PageSilence, Silence};
pub use tariff::Tariff;
pub use terms::{Locks, Terms};
