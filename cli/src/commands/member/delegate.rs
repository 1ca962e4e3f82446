use clap::Args;
use joulebook_cluster::Amount;
use joulebook_operations::Bounds;
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Name who may place and cancel your orders, and never take money out; or nobody any more.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member delegate AGENT --daily-limit 5 --highest-buy 0.28 \\
      --lowest-sell 0.08 --config operations.toml")]
pub struct DelegateArgs {
    /// Its address
    #[arg(value_name = "ADDRESS", required_unless_present = "none")]
    delegate: Option<Address>,
    /// What its orders may lock in a day of UTC, tokens
    #[arg(
        long,
        value_name = "AMOUNT",
        default_value = "0",
        required_unless_present = "none"
    )]
    daily_limit: Amount,
    /// The most that a kWh may cost which it buys, fees included, tokens; never more than the supplier
    /// asks [default: that]
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    highest_buy: Option<Amount>,
    /// The lowest price that it may sell at, tokens per kWh; never less than the supplier pays
    /// [default: that]
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    lowest_sell: Option<Amount>,
    /// Name nobody
    #[arg(long, conflicts_with_all = ["delegate", "daily_limit", "highest_buy", "lowest_sell"])]
    none: bool,
}

pub async fn run(access: &Access, args: &DelegateArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let bounds = Bounds {
        daily_limit: args.daily_limit,
        highest_buy: args.highest_buy,
        lowest_sell: args.lowest_sell,
    };
    let plan = session
        .delegate(args.delegate, &bounds)
        .await
        .map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
