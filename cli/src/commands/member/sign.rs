use std::path::PathBuf;

use clap::Args;
use indicatif::HumanCount;
use joulebook_operations::CoSignatureFile;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output, paragraph,
};

/// Sign what somebody asks you for in a file, and send it.
///
/// Says in plain words what it will do, read from the transaction itself, and asks. Whoever made the file pays. Anything but what
/// needs a participant's agreement is refused: no such file can move money.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member sign meter.json --config operations.toml")]
pub struct SignArgs {
    /// The file that you were given
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub async fn run(access: &Access, args: &SignArgs) -> Result<(), CommandError> {
    let file = CoSignatureFile::read(&args.file).map_err(CommandError::input)?;
    let session = access.open(Role::Participant).await?;
    let request = session.examine(&file).map_err(CommandError::input)?;
    let surroundings = session.surroundings().await.map_err(told)?;
    for line in request.change.words(&surroundings) {
        output::line(&paragraph::fill(&line))?;
    }
    output::line(&paragraph::fill(&format!(
        "{} asks for it, and pays {} lamports.",
        request.actor.signer,
        HumanCount(request.fee)
    )))?;
    session.check(&request).await.map_err(told)?;
    if access.dry_run {
        return output::line("It would be taken.");
    }
    access.confirm("You agree to it.")?;
    let signature = session.agree(&request).await.map_err(told)?;
    output::line(&format!("done\n  {signature}"))
}
