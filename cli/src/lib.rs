//! Joulebook on the command line.
//!
//! | module | subject |
//! | --- | --- |
//! | [`commands`] | one command each: its options, what it prints |
//! | [`book`] | an order book from a file, and what its auction gives |
//! | [`report`] | what came of a simulation, for people |
//! | [`spreadsheet`], [`plot`] | the same as tables and as pictures |
//! | [`schema`] | what commands print with `--json`, described |
//! | [`bench`](mod@bench) | compute units against targets and baseline, for people |
//! | [`text_table`], [`progress`], [`output`], [`output_files`] | how it is shown and written |
//!
//! What the commands run is in `joulebook_sim`.
#![forbid(unsafe_code)]

pub mod bench;
pub mod book;
pub mod command_error;
pub mod commands;
pub mod output;
pub mod output_files;
pub mod plot;
pub mod progress;
pub mod report;
pub mod schema;
pub mod spreadsheet;
pub mod text_table;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command that the arguments ask for and says on stderr why, if it fails.
pub fn main() -> ExitCode {
    match commands::run(commands::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
