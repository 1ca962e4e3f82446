use clap::{Args, ValueEnum};
use joulebook_cluster::Amount;
use joulebook_operations::governance::{half_hour_from, NewTariff};

use crate::{
    command_error::CommandError,
    commands::{
        access::{told, Access, Role},
        co_signing::CoSigning,
    },
};

/// Change the tariff, with the supplier's signature, for windows that start after the notice period.
///
/// The tariff's prices hold where no others are posted. Times are of the community's local day.
#[derive(Debug, Args)]
#[command(
    override_usage = "joulebook admin tariff --days <DAYS> --short <AMOUNT>\n       --long <AMOUNT> [OPTIONS]",
    after_help = "Example:
  joulebook admin tariff --days working --from 06:00 --until 22:00 \\
      --short 0.32 --long 0.08 --file tariff.json --config operations.toml"
)]
pub struct TariffArgs {
    /// Which days
    #[arg(long, value_enum)]
    days: Days,
    /// From that time of day on
    #[arg(long, value_name = "HH:MM", default_value = "00:00")]
    from: String,
    /// Until that time of day
    #[arg(long, value_name = "HH:MM", default_value = "24:00")]
    until: String,
    /// What energy drawn beyond contracts costs, tokens per kWh
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    short: Amount,
    /// What energy left over earns, tokens per kWh
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    long: Amount,
    #[command(flatten)]
    co_signing: CoSigning,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Days {
    /// Monday to Friday, but holidays
    Working,
    /// Weekends and holidays
    Free,
}

pub async fn run(access: &Access, args: &TariffArgs) -> Result<(), CommandError> {
    let new = NewTariff {
        working_day: args.days == Days::Working,
        from: half_hour_from(&args.from).map_err(told)?,
        until: half_hour_from(&args.until).map_err(told)?,
        short: args.short,
        long: args.long,
    };
    let session = access.open(Role::Authority).await?;
    let change = session.tariff(&new).await.map_err(told)?;
    args.co_signing.carry_out(access, &session, &change).await
}
