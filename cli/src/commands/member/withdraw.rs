use clap::Args;
use joulebook_cluster::Amount;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Move free money from your seat into your token account, at any time.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member withdraw 25.50 --config operations.toml")]
pub struct WithdrawArgs {
    /// Tokens
    #[arg(value_name = "AMOUNT")]
    amount: Amount,
}

pub async fn run(access: &Access, args: &WithdrawArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let plan = session.withdraw(args.amount).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
