//! `joulebook agent`: trades for households as their delegate.

use std::path::PathBuf;

use clap::Args;
use joulebook_agent::Configuration;

use super::daemon;
use crate::command_error::CommandError;

const PREFIX: &str = "JOULEBOOK_AGENT_";

/// Trade for households that have named its key their delegate.
///
/// It learns from their readings on chain what they may draw or feed in, and orders by that in each window, or enters standing
/// orders for them where these bring more; only for the owners that FILE lists, unless that says otherwise. It can lock no more than
/// each owner allows in a day, and take nothing out. It runs until SIGTERM or Ctrl-C, and goes on where it stopped when it is started
/// again.
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
    daemon::run(
        &args.config,
        PREFIX,
        |agent: &Configuration| &agent.log,
        Configuration::check,
        joulebook_agent::run,
    )
}
