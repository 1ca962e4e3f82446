//! A community's market, window after window.
//!
//! [`run`] plays everybody: households that bid, devices that sign, a keeper that moves windows through
//! their life. Where it plays is a [`World`]. It knows the rules as well as the world does, and checks
//! each step against them.

mod account;
mod checks;
mod prices;
mod run;
mod setup;
mod summary;
mod tally;
mod trade;
mod world;

pub use checks::{Check, Checks};
pub use prices::{grid, highest_bid, PriceError};
pub use run::run;
pub use setup::{Connection, Setup};
pub use world::{Account, Allocation, Closing, Cost, LedgerState, Party, Settlement, World};
