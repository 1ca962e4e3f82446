use clap::Args;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Set how many more applicants operators may approve; the authority alone.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin approvals 10 --config operations.toml")]
pub struct ApprovalsArgs {
    /// How many; 0 stops them
    #[arg(value_name = "COUNT")]
    approvals: u16,
}

pub async fn run(access: &Access, args: &ApprovalsArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let plan = session
        .allow_approvals(args.approvals)
        .await
        .map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
