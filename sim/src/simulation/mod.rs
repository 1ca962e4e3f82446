//! A community's market, window after window.
//!
//! [`run`] plays everybody: households that bid, devices that sign, a keeper that moves windows through
//! their life. Where it plays is a [`Venue`]. It knows the rules as well as the venue does, and checks
//! each step against them.

mod chain_venue;
mod checks;
mod cost;
mod funding;
mod limits;
mod pages;
mod prices;
mod report;
mod run;
mod scenario;
mod simulated_meter;
mod summary;
mod totals;
mod trade;
mod venue;
mod ways;

pub use chain_venue::ChainVenue;
pub use checks::{Check, Checks};
pub use cost::{Cost, Costs};
pub use limits::{check_limits, LimitError, MAX_HOUSEHOLDS};
pub use pages::{Pages, TooManyPages, DEFAULT_CORRECTION_DAYS, MAX_CORRECTION_DAYS};
pub use prices::{grid, highest_bid, PriceError};
pub use report::{Bill, PriceRange, Report, Tariffs};
pub use run::run;
pub use scenario::{GridConnection, Reserve, Scenario, ScenarioError};
pub use totals::Flow;
pub use venue::{Allocation, LedgerTotals, Party, SeatBalance, Settlement, Venue};
pub use ways::{OrderWay, ReadingWay, Traders, Ways};

pub use crate::community::Payouts;
