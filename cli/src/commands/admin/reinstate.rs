use clap::Args;
use joulebook_operations::admissions::Decision;
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Make a suspended participant active again, with its roles and its index.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin reinstate WALLET --config operations.toml")]
pub struct ReinstateArgs {
    /// The participant's wallet
    #[arg(value_name = "WALLET")]
    wallet: Address,
}

pub async fn run(access: &Access, args: &ReinstateArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let decision = Decision::Reinstate;
    let plan = session.decide(&args.wallet, decision).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
