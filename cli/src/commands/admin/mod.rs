//! `joulebook admin`: a community operator's daily work.

mod approvals;
mod approve;
mod authority;
mod meter;
mod meters;
mod nonces;
mod participants;
mod pause;
mod prices;
mod reinstate;
mod remove;
mod resume;
mod roles;
mod status;
mod suspend;
mod tariff;
mod terms;

use clap::{Args, Subcommand};

use super::access::Access;
use crate::{asynchronous, command_error::CommandError};

/// An operator's daily work: admissions, meters, prices, pauses, what is behind.
///
/// Every command acts for one key in one market, says what it costs, and with --dry-run does nothing else. What needs a second
/// signature is asked for in a file.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  joulebook admin status --state target/sandbox/sandbox.json
  joulebook admin approve WALLET --config operations.toml

services/operations/operations.toml has an example of FILE, docs/admin.md the
rest."
)]
pub struct AdminArgs {
    #[command(flatten)]
    access: Access,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::StatusArgs),
    Participants(participants::ParticipantsArgs),
    Approve(approve::ApproveArgs),
    Approvals(approvals::ApprovalsArgs),
    Suspend(suspend::SuspendArgs),
    Reinstate(reinstate::ReinstateArgs),
    Remove(remove::RemoveArgs),
    Roles(roles::RolesArgs),
    Meters(meters::MetersArgs),
    Meter(meter::MeterArgs),
    Nonces(nonces::NoncesArgs),
    Prices(prices::PricesArgs),
    Pause(pause::PauseArgs),
    Resume(resume::ResumeArgs),
    Terms(terms::TermsArgs),
    Tariff(tariff::TariffArgs),
    Authority(authority::AuthorityArgs),
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &AdminArgs) -> Result<(), CommandError> {
    let access = &args.access;
    asynchronous::run(async {
        match &args.command {
            Command::Status(args) => status::run(access, args).await,
            Command::Participants(args) => participants::run(access, args).await,
            Command::Approve(args) => approve::run(access, args).await,
            Command::Approvals(args) => approvals::run(access, args).await,
            Command::Suspend(args) => suspend::run(access, args).await,
            Command::Reinstate(args) => reinstate::run(access, args).await,
            Command::Remove(args) => remove::run(access, args).await,
            Command::Roles(args) => roles::run(access, args).await,
            Command::Meters(args) => meters::run(access, args).await,
            Command::Meter(args) => meter::run(access, args).await,
            Command::Nonces(args) => nonces::run(access, args).await,
            Command::Prices(args) => prices::run(access, args).await,
            Command::Pause(args) => pause::run(access, args).await,
            Command::Resume(args) => resume::run(access, args).await,
            Command::Terms(args) => terms::run(access, args).await,
            Command::Tariff(args) => tariff::run(access, args).await,
            Command::Authority(args) => authority::run(access, args).await,
        }
    })
}
