use clap::Args;
use joulebook_operations::admissions::Decision;
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Make a suspended participant leave, or turn an application down.
///
/// Who had an index keeps its record, its seat and its money, and may apply again. An application that was never approved is
/// closed; its rent goes back to the wallet.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin remove WALLET --config operations.toml")]
pub struct RemoveArgs {
    /// The participant's wallet
    #[arg(value_name = "WALLET")]
    wallet: Address,
}

pub async fn run(access: &Access, args: &RemoveArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let decision = Decision::Remove;
    let plan = session.decide(&args.wallet, decision).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
