use clap::Args;
use joulebook_operations::pauses_from;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Lift a pause of registration, trading, or both; the authority alone.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin resume trading --config operations.toml")]
pub struct ResumeArgs {
    /// registration, trading
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
}

pub async fn run(access: &Access, args: &ResumeArgs) -> Result<(), CommandError> {
    let bits = pauses_from(&args.what).map_err(CommandError::input)?;
    let session = access.open(Role::Authority).await?;
    let plan = session.pause(bits, false).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
