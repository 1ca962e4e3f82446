use clap::Args;
use joulebook_operations::pauses_from;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Pause registration, trading, or both; what is paused already stays so.
///
/// Money on its way out, cancels and settling are never paused. The authority pauses and resumes; an emergency participant pauses.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin pause trading --config operations.toml")]
pub struct PauseArgs {
    /// registration, trading
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
}

pub async fn run(access: &Access, args: &PauseArgs) -> Result<(), CommandError> {
    let bits = pauses_from(&args.what).map_err(CommandError::input)?;
    let session = access.open(Role::Authority).await?;
    let plan = session.pause(bits, true).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
