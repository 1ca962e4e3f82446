//! A community's market, window after window.
//!
//! [`run`] plays everybody: households that bid, devices that sign, a keeper that moves windows through
//! their life. Where it plays is a [`Venue`]. It knows the rules as well as the venue does, and checks
//! each step against them.

mod account;
mod checks;
mod prices;
mod run;
mod scenario;
mod summary;
mod totals;
mod trade;
mod venue;

pub use checks::{Check, Checks};
pub use prices::{grid, highest_bid, PriceError};
pub use run::run;
pub use scenario::{GridConnection, Scenario};
pub use venue::{SeatBalance, Allocation, Payouts, Cost, LedgerTotals, Party, Settlement, Venue};
