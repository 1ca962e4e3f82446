use anyhow::anyhow;
use clap::{Args, Subcommand};
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Hand the community over to another authority, in two steps: one offers, the other accepts.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  joulebook admin authority propose ADDRESS --config operations.toml
  joulebook admin authority accept --key new.json --config operations.toml"
)]
pub struct AuthorityArgs {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    Propose(ProposeArgs),
    Accept(AcceptArgs),
}

/// Offer the authority to another address; it changes hands once that one accepts.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin authority propose ADDRESS --config operations.toml")]
struct ProposeArgs {
    /// Who is to be the authority
    #[arg(value_name = "ADDRESS", required_unless_present = "withdraw")]
    to: Option<Address>,
    /// Take an offer back
    #[arg(long, conflicts_with = "to")]
    withdraw: bool,
}

/// Take over the authority that was offered to your key.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin authority accept --key new.json --config operations.toml")]
struct AcceptArgs {}

pub async fn run(access: &Access, args: &AuthorityArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let plan = match &args.step {
        Step::Propose(ProposeArgs { to, withdraw }) => {
            if to.is_none() && !withdraw {
                return Err(CommandError::Input(anyhow!(
                    "name who is to be the authority"
                )));
            }
            session.propose_authority(*to).await
        }
        Step::Accept(AcceptArgs {}) => session.accept_authority().await,
    };
    access.carry_out(&session, &[plan.map_err(told)?]).await
}
