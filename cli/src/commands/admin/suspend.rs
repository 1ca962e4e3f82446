use clap::Args;
use joulebook_operations::admissions::Decision;
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Suspend a participant: it may do nothing until it is reinstated.
///
/// Its money stays its own. What it had sold or bought by then is settled as ever.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin suspend WALLET --reason 3 --config operations.toml")]
pub struct SuspendArgs {
    /// The participant's wallet
    #[arg(value_name = "WALLET")]
    wallet: Address,
    /// A code of the community's own
    #[arg(long, default_value_t = 1)]
    reason: u16,
}

pub async fn run(access: &Access, args: &SuspendArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let decision = Decision::Suspend {
        reason: args.reason,
        evidence: None,
    };
    let plan = session.decide(&args.wallet, decision).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
