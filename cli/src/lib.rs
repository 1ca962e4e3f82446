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
//! | [`local`] | a node and daemons as processes |
//! | [`load`] | how much a node takes of a community, and what that costs |
//! | [`counted`], [`text_table`], [`paragraph`], [`progress`], [`output`], [`output_files`] | how it is shown and written |
//! | [`interruption`], [`command_error`] | how it ends early |
//!
//! What the commands run is in `joulebook_sim`.
#![forbid(unsafe_code)]
// They panic when nobody takes what they print; `output` does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod asynchronous;
pub mod bench;
pub mod book;
pub mod command_error;
pub mod commands;
pub mod counted;
pub mod interruption;
pub mod load;
pub mod local;
pub mod output;
pub mod output_files;
pub mod paragraph;
pub mod plot;
pub mod progress;
pub mod report;
pub mod schema;
pub mod spreadsheet;
pub mod text_table;

use std::process::ExitCode;

use clap::Parser;

use output_files::OutputFiles;
use progress::Progress;

/// Runs the command that the arguments ask for and says on stderr why, if it fails.
pub fn main() -> ExitCode {
    let (progress, files) = (Progress::default(), OutputFiles::default());
    let ran = match commands::Cli::try_parse() {
        Ok(cli) => {
            if !cli.is_daemon() {
                if let Err(error) = interruption::watch(progress.clone(), files.clone()) {
                    output::note(&format!("Ctrl-C will say nothing: {error}"));
                }
            }
            commands::run(cli, &progress, &files)
        }
        Err(refused) if refused.use_stderr() => {
            output::note(&paragraph::fill(refused.to_string().trim_end()));
            return ExitCode::from(command_error::UNUSABLE);
        }
        Err(asked) => output::help(&asked),
    };
    progress.finish();
    files.discard();
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
