use clap::Args;
use joulebook_operations::roles_from;
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output,
};

/// Let applicants in, several at once.
///
/// Shows what each has applied for, asks, and approves exactly that: an application that is changed in between is refused. An
/// operator uses up one of its approvals for each; the authority has any number.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin approve WALLET WALLET --config operations.toml")]
pub struct ApproveArgs {
    /// Who is let in
    #[arg(value_name = "WALLET", required = true, num_args = 1..=100)]
    wallets: Vec<Address>,
    /// Grant these roles, and not those that were asked for
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<String>,
}

pub async fn run(access: &Access, args: &ApproveArgs) -> Result<(), CommandError> {
    let roles = match args.roles.is_empty() {
        true => None,
        false => Some(roles_from(&args.roles).map_err(CommandError::input)?),
    };
    let session = access.open(Role::Authority).await?;
    let mut wallets = args.wallets.clone();
    wallets.sort_unstable();
    wallets.dedup();
    let applicants = session.applications(&wallets).await.map_err(told)?;
    let zones = session.zone_names().await.map_err(told)?;
    for applicant in &applicants {
        let zone = zones.get(usize::from(applicant.application.zone));
        for line in applicant.words(zone.map_or("", String::as_str), roles) {
            output::line(&line)?;
        }
    }
    access.confirm("They are let in.")?;
    let plans = session.approve(&applicants, roles).await.map_err(told)?;
    access.carry_out(&session, &plans).await
}
