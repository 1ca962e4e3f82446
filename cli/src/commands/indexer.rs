//! `joulebook indexer`: keeps the history of markets.

use std::path::PathBuf;

use clap::Args;
use joulebook_indexer::Configuration;

use super::daemon;
use crate::command_error::CommandError;

const PREFIX: &str = "JOULEBOOK_INDEXER_";

/// Keep the history of markets beyond what the chain keeps, and answer questions about it over HTTP.
///
/// Windows, orders, positions, readings and bills, in a file or in PostgreSQL: from the accounts, and from events what these don't
/// keep. It sends nothing and needs no key. It runs until SIGTERM or Ctrl-C, and goes on where it stopped when it is started
/// again; what stands on chain is repaired by itself, what was missed for good is named.
#[derive(Debug, Args)]
#[command(
    after_help = "services/indexer/indexer.toml has an example of FILE, docs/indexer.md the rest."
)]
pub struct IndexerArgs {
    /// What it needs: a database, markets, RPC endpoints
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &IndexerArgs) -> Result<(), CommandError> {
    daemon::run(
        &args.config,
        PREFIX,
        |indexer: &Configuration| &indexer.log,
        Configuration::check,
        joulebook_indexer::run,
    )
}
