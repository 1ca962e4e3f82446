//! Joulebook on the command line.
//!
//! | module | subject |
//! | --- | --- |
//! | [`commands`] | one command each: its options, what it prints |
//! | [`book`], [`auction`] | an order book from a file, cleared off chain |
//! | [`profiles`], [`synthetic`] | what households draw and feed in: measured, or made up |
//! | [`strategy`] | what a household bids |
//! | [`simulate`] | a community's market, window after window, on any [`simulate::Venue`] |
//! | [`chain`] | auctions, markets and measurements on the real programs |
//! | [`report`] | what came of it |
//! | [`bench`](mod@bench) | compute units against targets and baseline |
#![forbid(unsafe_code)]

pub mod auction;
pub mod bench;
pub mod book;
pub mod chain;
pub mod commands;
pub mod command_error;
pub mod output;
pub mod profiles;
pub mod progress;
pub mod report;
pub mod simulate;
pub mod strategy;
pub mod synthetic;
pub mod table;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command that the arguments ask for and says on stderr why, if it fails.
pub fn main() -> ExitCode {
    match commands::run(commands::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
