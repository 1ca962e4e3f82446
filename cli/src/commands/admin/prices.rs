use std::{fs::File, io::Read, path::PathBuf, time::Duration};

use anyhow::{anyhow, Context};
use clap::Args;
use joulebook_cluster::Amount;
use joulebook_operations::{
    prices::{fetch, parse, plan, PriceError, PriceUnit, Reading, LONGEST_SOURCE},
    time_of,
};
use url::Url;

use crate::{
    command_error::CommandError,
    commands::{
        access::{told, Access, Role},
        whole_number::whole_number,
    },
    output, paragraph,
};

/// Post prices of windows to come, from a CSV or JSON file or a server.
///
/// Short is what energy drawn beyond contracts costs, long what energy left over earns, grid fee what bought energy pays; with one
/// column price, both are that and what is added. Posts what differs from what stands, and can still be changed: run it as often as
/// you like. The supplier's key posts, or that of its delegate.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook admin prices prices.csv --config operations.toml
  joulebook admin prices https://example.org/day-ahead.json --unit EUR/MWh \\
      --short-plus 180 --long-plus -10 --grid-fee 95 --config operations.toml

A file has a heading, and times in UTC or with an offset:
  start,short,long,grid_fee
  2027-03-01T00:00:00Z,0.30,0.08,0.09
docs/admin.md has the JSON, and a timer that runs this every hour.")]
pub struct PricesArgs {
    /// Path of a file, or address of a server
    #[arg(value_name = "SOURCE")]
    source: String,
    /// What the source's prices are in: token/kWh, ct/kWh, EUR/MWh
    #[arg(long, default_value = "token/kWh")]
    unit: PriceUnit,
    /// Added to what energy drawn costs, in that unit
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    short_plus: Option<Amount>,
    /// Added to what energy left over earns, in that unit
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    long_plus: Option<Amount>,
    /// Grid fee of rows that name none, in that unit [default: as posted]
    #[arg(long, value_name = "AMOUNT")]
    grid_fee: Option<Amount>,
    /// How long a server may take, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = whole_number::<u16>(1..=600))]
    patience: u16,
}

pub async fn run(access: &Access, args: &PricesArgs) -> Result<(), CommandError> {
    let source = read(args).await?;
    let session = access.open(Role::Supplier).await?;
    let market = session.market().await.map_err(told)?;
    let reading = Reading {
        unit: args.unit,
        decimals: session.decimals,
        step: market.window_seconds,
        short_plus: args.short_plus,
        long_plus: args.long_plus,
        grid_fee: args.grid_fee,
    };
    let refused = |error: PriceError| CommandError::input(error);
    let entries = parse(&source, &reading).map_err(refused)?;
    let pages = session.pages().await.map_err(told)?;
    let now = session
        .cluster
        .now()
        .await
        .map_err(|error| CommandError::Run(error.into()))?;
    let found = plan(&market, &pages, now.unix_timestamp, &entries).map_err(refused)?;
    let line = |text: String| output::line(&paragraph::fill(&text));
    line(format!(
        "{} windows to be posted; {} are as posted, {} can't be changed any more.",
        found.windows(),
        found.unchanged,
        found.too_late
    ))?;
    if access.dry_run {
        for post in &found.posts {
            for (place, prices) in (0i64..).zip(&post.prices) {
                let length = i64::from(market.window_seconds);
                let start = post.start.saturating_add(place.saturating_mul(length));
                let shown = |atoms: i32| Amount::of_units(atoms.into(), session.decimals);
                output::line(&format!(
                    "{}  short {}  long {}  grid fee {}",
                    time_of(start),
                    shown(prices.short),
                    shown(prices.long),
                    shown(prices.grid_fee)
                ))?;
            }
        }
    }
    access
        .carry_out(&session, &session.post(&found.posts))
        .await?;
    match found.later_until {
        Some(until) => line(format!(
            "The source goes on until {}; pages of then are not open yet.",
            time_of(until)
        )),
        None => Ok(()),
    }
}

async fn read(args: &PricesArgs) -> Result<Vec<u8>, CommandError> {
    if args.source.contains("://") {
        let url: Url = args
            .source
            .parse()
            .map_err(|error| CommandError::Input(anyhow!("SOURCE is no address: {error}")))?;
        let patience = Duration::from_secs(args.patience.into());
        return fetch(&url, patience)
            .await
            .map_err(|error| CommandError::Run(error.into()));
    }
    let path = PathBuf::from(&args.source);
    let read = || {
        let mut bytes = vec![];
        let most = LONGEST_SOURCE as u64;
        let file = File::open(&path)?;
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    let bytes = read()
        .with_context(|| format!("reading {}", path.display()))
        .map_err(CommandError::Input)?;
    match bytes.len() > LONGEST_SOURCE {
        true => Err(CommandError::Input(anyhow!(
            "{} has more than {LONGEST_SOURCE} bytes; name less",
            path.display()
        ))),
        false => Ok(bytes),
    }
}
