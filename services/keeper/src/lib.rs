//! Moves the windows of any number of markets through their life.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what a keeper needs |
//! | [`decision`] | what is to be sent, from accounts and clock alone |
//! | [`turn`] | which of several keepers acts first |
//! | [`trouble`] | steps that failed rest for a while |
//! | [`watch`] | a market's accounts, read only when something has changed |
//! | [`keeping`] | the loop of one market |
//! | [`figures`] | what it costs, and how far it is behind |
//! | [`run`](mod@run) | all of it together |

#![forbid(unsafe_code)]

pub mod configuration;
pub mod decision;
mod figures;
mod keeping;
pub mod run;
pub mod trouble;
pub mod turn;
mod watch;

pub use configuration::Configuration;
pub use run::run;
