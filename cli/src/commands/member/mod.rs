//! `joulebook member`: what a participant does for itself.

mod apply;
mod close_seat;
mod delegate;
mod deposit;
mod leave;
mod open_seat;
mod show;
mod sign;
mod withdraw;

use clap::{Args, Subcommand};

use super::access::Access;
use crate::{asynchronous, command_error::CommandError};

/// A participant's own steps: join a community, take a seat, move money, sign what needs your agreement.
///
/// Every command acts for one key in one market, says what it costs, and with --dry-run does nothing else.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  joulebook member apply --roles consumer,producer --config operations.toml
  joulebook member sign meter.json --config operations.toml

services/operations/operations.toml has an example of FILE, docs/admin.md the
rest."
)]
pub struct MemberArgs {
    #[command(flatten)]
    access: Access,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Apply(apply::ApplyArgs),
    Show(show::ShowArgs),
    OpenSeat(open_seat::OpenSeatArgs),
    Deposit(deposit::DepositArgs),
    Withdraw(withdraw::WithdrawArgs),
    Delegate(delegate::DelegateArgs),
    Sign(sign::SignArgs),
    CloseSeat(close_seat::CloseSeatArgs),
    Leave(leave::LeaveArgs),
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &MemberArgs) -> Result<(), CommandError> {
    let access = &args.access;
    asynchronous::run(async {
        match &args.command {
            Command::Apply(args) => apply::run(access, args).await,
            Command::Show(args) => show::run(access, args).await,
            Command::OpenSeat(args) => open_seat::run(access, args).await,
            Command::Deposit(args) => deposit::run(access, args).await,
            Command::Withdraw(args) => withdraw::run(access, args).await,
            Command::Delegate(args) => delegate::run(access, args).await,
            Command::Sign(args) => sign::run(access, args).await,
            Command::CloseSeat(args) => close_seat::run(access, args).await,
            Command::Leave(args) => leave::run(access, args).await,
        }
    })
}
