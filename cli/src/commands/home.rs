//! `joulebook home`: tells Home Assistant what a household wants to see.

use std::path::PathBuf;

use clap::Args;
use joulebook_home::Configuration;

use super::daemon;
use crate::command_error::CommandError;

const PREFIX: &str = "JOULEBOOK_HOME_";

/// Tell Home Assistant what a household's market says: prices, balance, community share.
///
/// It publishes at the MQTT broker that Home Assistant has, which finds the sensors by itself. It only reads, and needs no key. It
/// runs until SIGTERM or Ctrl-C, and says then that nothing more comes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook home --config home.toml
  joulebook home --config home.toml --forget

services/home/home.toml has an example of FILE, docs/home-assistant.md the rest.")]
pub struct HomeArgs {
    /// What it needs: a market, a household, RPC endpoints, a broker
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Have Home Assistant take the household's device away, and end
    #[arg(long)]
    forget: bool,
}

impl HomeArgs {
    pub fn is_daemon(&self) -> bool {
        !self.forget
    }
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &HomeArgs) -> Result<(), CommandError> {
    let forget = args.forget;
    let work = |configuration: Configuration| async move {
        match forget {
            true => joulebook_home::forget(configuration).await,
            false => joulebook_home::run(configuration).await,
        }
    };
    daemon::run(
        &args.config,
        PREFIX,
        |home: &Configuration| &home.log,
        Configuration::check,
        work,
    )
}
