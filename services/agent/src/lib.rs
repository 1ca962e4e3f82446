//! Trades for households as their delegate: bids for each window, or enters standing orders, whichever brings a household more.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what an agent needs |
//! | [`view`] | what the chain says of a market |
//! | [`standing`] | which standing orders are there in a window |
//! | [`measured`] | what households' meters showed |
//! | [`decision`] | what to order in a window, from what the chain says and what was measured alone |
//! | [`review`] | standing orders, where they bring more |
//! | [`reviews`] | when a household is reviewed |
//! | [`store`] | what must outlive a process: values, and what was sent |
//! | `sending` | transactions that are never sent twice |
//! | [`doubt`] | what was sent, and may yet land |
//! | [`tables`] | a lookup table of its own |
//! | `figures` | what it orders, brings and costs |
//! | `looks` | when a window is looked at |
//! | `rest` | what is not done again for a while, and how far the chain's clock is believed |
//! | [`run`](mod@run) | all of it together: `agent` has one market's, `reviewing` what it does about standing orders |

#![forbid(unsafe_code)]

mod agent;
pub mod configuration;
pub mod decision;
pub mod doubt;
mod figures;
mod looks;
pub mod measured;
mod rest;
pub mod review;
mod reviewing;
pub mod reviews;
pub mod run;
mod sending;
pub mod standing;
pub mod store;
pub mod tables;
pub mod view;

pub use configuration::Configuration;
pub use run::run;
