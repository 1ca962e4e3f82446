use clap::Args;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Close your seat, once it is empty and its contracts are confirmed: before you leave.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member close-seat --config operations.toml")]
pub struct CloseSeatArgs {}

pub async fn run(access: &Access, _: &CloseSeatArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let plan = session.close_seat().await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
