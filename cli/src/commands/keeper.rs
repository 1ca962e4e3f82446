//! `joulebook keeper`: moves markets along.

use std::path::PathBuf;

use clap::Args;
use joulebook_keeper::Configuration;

use super::daemon;
use crate::command_error::CommandError;

const PREFIX: &str = "JOULEBOOK_KEEPER_";

/// Move the windows of markets through their life: open, clear, allocate, settle, finish.
///
/// Anyone may, and several at once do no harm. It pays the fees, and earns the reward if its wallet has a seat in the market. It
/// runs until SIGTERM or Ctrl-C, and goes on where it stopped when it is started again.
#[derive(Debug, Args)]
#[command(
    after_help = "services/keeper/keeper.toml has an example of FILE, docs/keeper.md the rest."
)]
pub struct KeeperArgs {
    /// What it needs: a key, markets, RPC endpoints
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &KeeperArgs) -> Result<(), CommandError> {
    daemon::run(
        &args.config,
        PREFIX,
        |keeper: &Configuration| &keeper.log,
        |keeper| keeper.addresses().map(|_| ()),
        joulebook_keeper::run,
    )
}
