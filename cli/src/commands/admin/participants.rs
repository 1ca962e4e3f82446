use clap::Args;
use joulebook_client::layout::registry::ParticipantStatus;
use joulebook_operations::roles_of;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output,
};

/// List participants: index, status, wallet, roles.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin participants --applied --config operations.toml")]
pub struct ParticipantsArgs {
    /// Only those that wait for approval
    #[arg(long)]
    applied: bool,
}

pub async fn run(access: &Access, args: &ParticipantsArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    if args.applied {
        let zones = session.zone_names().await.map_err(told)?;
        let applicants = session.applicants().await.map_err(told)?;
        for applicant in &applicants {
            let zone = zones.get(usize::from(applicant.application.zone));
            for line in applicant.words(zone.map_or("", String::as_str), None) {
                output::line(&line)?;
            }
        }
        return match applicants.is_empty() {
            true => output::line("Nobody waits."),
            false => Ok(()),
        };
    }
    let participants = session.participants().await.map_err(told)?;
    for one in &participants {
        let index = match one.has_index() {
            true => one.index.to_string(),
            false => "-".into(),
        };
        let status = match ParticipantStatus::from_byte(one.status) {
            Some(ParticipantStatus::Applied) => "applied",
            Some(ParticipantStatus::Active) => "active",
            Some(ParticipantStatus::Suspended) => "suspended",
            Some(ParticipantStatus::Left) => "left",
            Some(ParticipantStatus::Closed) | None => "unknown",
        };
        let roles = roles_of(one.roles).join(", ");
        output::line(&format!(
            "{index:>5}  {status:<9}  {}\n       {roles}",
            one.wallet
        ))?;
    }
    match participants.is_empty() {
        true => output::line("There are none."),
        false => Ok(()),
    }
}
