use clap::Args;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Open your seat in the market: your money and orders are there.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member open-seat --config operations.toml")]
pub struct OpenSeatArgs {}

pub async fn run(access: &Access, _: &OpenSeatArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let plan = session.open_seat().await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
