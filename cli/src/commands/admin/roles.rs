use clap::Args;
use joulebook_operations::{admissions::Decision, roles_from};
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Replace the roles of a participant.
///
/// Roles: consumer, producer, storage, gateway; and by the authority alone verifier, auditor, operator, emergency.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin roles WALLET consumer producer --config operations.toml")]
pub struct RolesArgs {
    /// The participant's wallet
    #[arg(value_name = "WALLET")]
    wallet: Address,
    /// All that it is to have
    #[arg(value_name = "ROLE", required = true)]
    roles: Vec<String>,
}

pub async fn run(access: &Access, args: &RolesArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let decision = Decision::Roles(roles_from(&args.roles).map_err(CommandError::input)?);
    let plan = session.decide(&args.wallet, decision).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
