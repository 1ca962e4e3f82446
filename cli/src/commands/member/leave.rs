use clap::Args;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Leave the community, or take your application back.
///
/// Who had an index keeps it, its seat and its money, and may apply again. Take your money out before, or later.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member leave --config operations.toml")]
pub struct LeaveArgs {}

pub async fn run(access: &Access, _: &LeaveArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let plan = session.leave().await.map_err(told)?;
    access.confirm("You leave.")?;
    access.carry_out(&session, &[plan]).await
}
