//! `joulebook agent`: trades for households as their delegate.

use std::path::PathBuf;

use clap::Args;
use joulebook_agent::Configuration;
use joulebook_daemon::{config, logs};

use crate::{asynchronous, command_error::CommandError};

const PREFIX: &str = "JOULEBOOK_AGENT_";

/// Trade for households that have named its key their delegate.
///
/// It learns from their readings on chain what they may draw or feed in, and orders by that in each window, or enters standing
/// orders for them where these bring more. It can lock no more than each owner allows in a day, and take nothing out. It runs until
/// SIGTERM or Ctrl-C, and goes on where it stopped when it is started again.
#[derive(Debug, Args)]
#[command(after_help = "services/agent/agent.toml has an example of FILE, docs/agent.md the rest.")]
pub struct AgentArgs {
    /// What it needs: a key, a market, RPC endpoints, the price of a SOL
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &AgentArgs) -> Result<(), CommandError> {
    let configuration: Configuration =
        config::read(&args.config, PREFIX).map_err(CommandError::input)?;
    let log = &configuration.log;
    logs::start(log.format, &log.level)
        .map_err(|error| CommandError::Input(anyhow::Error::msg(error)))?;
    configuration.check().map_err(CommandError::input)?;
    asynchronous::run(async {
        let ran = joulebook_agent::run(configuration).await;
        ran.map_err(CommandError::Run)
    })
}
