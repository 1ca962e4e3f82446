//! `joulebook gateway`: brings what meters sign to the oracle.

use std::path::PathBuf;

use clap::Args;
use joulebook_gateway::Configuration;

use super::daemon;
use crate::command_error::CommandError;

const PREFIX: &str = "JOULEBOOK_GATEWAY_";

/// Take what meters sign, and bring it to the oracle.
///
/// Anyone may: it needs no role, and pays the fees. Signed readings and load profiles come over HTTP and MQTT, or from meters as they
/// are through an adapter that signs for them. They are kept until the oracle has them. It runs until SIGTERM or Ctrl-C, and
/// goes on where it stopped when it is started again.
#[derive(Debug, Args)]
#[command(
    after_help = "services/gateway/gateway.toml has an example of FILE, docs/gateway.md the rest."
)]
pub struct GatewayArgs {
    /// What it needs: a key, a market, RPC endpoints, where messages come from
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &GatewayArgs) -> Result<(), CommandError> {
    daemon::run(
        &args.config,
        PREFIX,
        |gateway: &Configuration| &gateway.log,
        Configuration::check,
        joulebook_gateway::run,
    )
}
