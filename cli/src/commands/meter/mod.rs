//! `joulebook meter`: what a meter's device does, for whoever builds one.

mod new_key;
mod sign;

use clap::{Args, Subcommand};

use crate::{command_error::CommandError, output};

/// Do what a meter's device does: make keys, sign readings and load profiles.
///
/// For whoever builds a device, or wants to try a gateway. docs/message-format.md has the bytes.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook meter new-key --curve ed25519 --out meter.json
  joulebook meter sign --key meter.json --gateway http://127.0.0.1:9110 \\
    --meter 7 --sequence 1 --boundary 2026-11-22T07:30:00Z \\
    --import 12345678 --export 0 --explain")]
pub struct MeterArgs {
    #[command(subcommand)]
    command: MeterCommand,
}

#[derive(Debug, Subcommand)]
enum MeterCommand {
    NewKey(new_key::NewKeyArgs),
    Sign(sign::SignArgs),
    Vectors(VectorsArgs),
}

/// Print test vectors for both curves: keys, messages, signatures.
///
/// What a device makes of the same keys and registers must be the same, but for signatures over P-256, which may differ.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook meter vectors")]
struct VectorsArgs {}

/// # Errors
/// [`CommandError`].
pub fn run(args: &MeterArgs) -> Result<(), CommandError> {
    match &args.command {
        MeterCommand::NewKey(args) => new_key::run(args),
        MeterCommand::Sign(args) => sign::run(args),
        MeterCommand::Vectors(_) => {
            let vectors = joulebook_gateway::vectors::vectors();
            output::json(&vectors.map_err(anyhow::Error::from)?)
        }
    }
}
