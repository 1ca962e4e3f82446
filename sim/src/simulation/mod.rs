//! A community's market, window after window.
//!
//! [`run`] plays everybody: households that bid, devices that sign, a keeper that moves windows through
//! their life. Where it plays is a [`Venue`]. It knows the rules as well as the venue does, and checks
//! each step against them.

mod bill;
mod chain_venue;
mod checks;
mod community_energy;
mod cost;
#[cfg(test)]
mod examples;
mod funding;
mod limits;
mod pages;
mod prices;
mod report;
mod residents;
mod run;
mod scenario;
mod settled;
mod simulated_meter;
mod statement;
mod summary;
mod totals;
mod trade;
mod trade_effects;
mod venue;
mod ways;

pub use bill::BillLines;
pub use chain_venue::ChainVenue;
pub use checks::{Check, Checks};
pub use community_energy::CommunityEnergy;
pub use cost::{Cost, Costs};
pub use limits::{check_limits, LimitError, MAX_HOUSEHOLDS};
pub use pages::{Pages, TooManyPages, DEFAULT_CORRECTION_DAYS, MAX_CORRECTION_DAYS};
pub use prices::{grid, highest_bid, PriceError, DEFAULT_TERMS};
pub use report::{Bill, PriceRange, Report, Tariffs};
pub use residents::{residents, Resident};
pub use run::run;
pub use scenario::{GridConnection, Reserve, Scenario, ScenarioError};
pub use settled::{Settled, SettledPosition, SettledWindow, SideOrders};
pub use statement::{HourLoss, Losses, Statement, WindowLoss};
pub use totals::Flow;
pub use trade_effects::{Effect, TradeEffects};
pub use venue::{Allocation, LedgerTotals, Party, SeatBalance, Settlement, Venue};
pub use ways::{OrderWay, ReadingWay, Traders, Ways};

pub use crate::community::Payouts;
