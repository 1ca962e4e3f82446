//! Trades for households as their delegate: bids for each window, or enters standing orders, whichever brings a household more.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what an agent needs |
//! | [`view`] | what the chain says of a market |
//! | [`measured`] | what households' meters showed |
//! | [`decision`] | what to order in a window, from what the chain says and what was measured alone |
//! | [`review`] | standing orders, where they bring more |
//! | [`store`] | what must outlive a process: values, and what was sent |
//! | `sending` | transactions that are never sent twice |
//! | `tables` | a lookup table of its own |
//! | `figures` | what it orders, brings and costs |
//! | `looks` | when a window is looked at |
//! | [`run`](mod@run) | all of it together |

#![forbid(unsafe_code)]

pub mod configuration;
pub mod decision;
mod figures;
mod looks;
pub mod measured;
pub mod review;
pub mod run;
mod sending;
pub mod store;
mod tables;
pub mod view;

pub use configuration::Configuration;
pub use run::run;
