use clap::Args;
use joulebook_cluster::Amount;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Move tokens from your token account into your seat.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member deposit 25.50 --config operations.toml")]
pub struct DepositArgs {
    /// Tokens
    #[arg(value_name = "AMOUNT")]
    amount: Amount,
}

pub async fn run(access: &Access, args: &DepositArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let plan = session.deposit(args.amount).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
