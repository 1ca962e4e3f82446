//! `joulebook load`: how much a node takes, and what a community costs on it.

use std::path::PathBuf;

use anyhow::{anyhow, Context};
use clap::Args;
use jiff::{tz::TimeZone, Timestamp, ToSpan};
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_daemon::{logs, logs::LogOptions};
use joulebook_sim::Chain;
use solana_keypair::Keypair;
use solana_signer::Signer;
use url::Url;

use super::{sandbox::Making, whole_number::whole_number};
use crate::{
    asynchronous,
    command_error::CommandError,
    load::{self, communities, Measuring, Pace},
    local::{Node, Processes},
    output,
};

const WINDOW_MINUTES: u32 = 15;
/// Of a page's values: nothing that is measured depends on it, and it ends soon.
const CORRECTION_HOURS: u32 = 1;
/// Minutes before midnight at which the clock starts: time enough for a town to move in.
const FOUNDING_MINUTES: i64 = 45;
const CONFIRMATION_POLL_MS: u64 = 50;
/// What a node answers late that has much to do is no less an answer.
const TIMEOUT_MS: u64 = 60_000;
const MAX_HOUSEHOLDS: i128 = 1_000;

/// Measure how much a node of this machine takes of a community's transactions, and what they cost.
///
/// Starts a node, as `up` does, founds a community by transactions that are sent at once, and lets every seat place orders by hand, a
/// delegate place orders for all, every meter sign a page of values, and a keeper move all windows of that page. Prints orders and
/// values a second, times of confirmation, and what a household pays in a month, from what was really paid. With --communities, it
/// says without a node how many blocks the windows of so many communities need.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook load --households 15
  JOULEBOOK_NODE=PROGRAM joulebook load --households 1000   with a faster node
  joulebook load --communities 1000")]
pub struct LoadArgs {
    /// Use this node of this machine, instead of starting one; its clock goes its own pace
    #[arg(long)]
    url: Option<Url>,
    /// Households of the community
    #[arg(long, default_value_t = 15, value_parser = whole_number::<u16>(1..=MAX_HOUSEHOLDS))]
    households: u16,
    /// Windows of a page, which a meter signs at once: those of a day, or of a part of it
    #[arg(long, default_value_t = 96, value_parser = whole_number::<u16>(8..=96))]
    windows_per_page: u16,
    /// Orders that each seat places by hand
    #[arg(long, default_value_t = 4, value_parser = whole_number::<u16>(1..=4))]
    orders: u16,
    /// Orders that the delegate places for each seat
    #[arg(long, default_value_t = 2, value_parser = whole_number::<u16>(1..=2))]
    delegate_orders: u16,
    /// Seconds of the chain's time that pass in one, between windows
    #[arg(long, default_value_t = 300, value_parser = whole_number::<u16>(1..=1_000))]
    speed: u16,
    /// Decides what households draw and feed in
    #[arg(long, default_value_t = 1, value_parser = whole_number::<u64>(0..=u64::MAX.into()))]
    seed: u64,
    /// Simulate the blocks of so many communities of this size
    #[arg(long, value_parser = whole_number::<u64>(1..=100_000), conflicts_with_all = ["url", "orders", "delegate_orders", "speed"])]
    communities: Option<u64>,
    /// From one block to the next, in that simulation
    #[arg(long, value_name = "MS", default_value_t = 400, value_parser = whole_number::<u64>(100..=1_000), requires = "communities")]
    slot_ms: u64,
    /// Where the node's log goes
    #[arg(long, value_name = "DIR", default_value = "target/load")]
    folder: PathBuf,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &LoadArgs) -> Result<(), CommandError> {
    let making = Making {
        households: args.households,
        window_minutes: WINDOW_MINUTES,
        windows_per_page: Some(args.windows_per_page),
        correction_hours: CORRECTION_HOURS,
        seed: args.seed,
    };
    if 96 % args.windows_per_page != 0 {
        return Err(CommandError::Input(anyhow!(
            "{} windows a page make no whole day of 96; pass 8, 12, 16, 24, 32, 48 or 96",
            args.windows_per_page
        )));
    }
    match args.communities {
        Some(communities) => {
            let (parameters, residents) = making.parameters()?;
            let report = communities::simulate(&parameters, &residents, communities, args.slot_ms)?;
            match args.json {
                true => output::json(&report),
                false => output::line(&report.render()),
            }
        }
        None => asynchronous::run(measure(args, making)),
    }
}

async fn measure(args: &LoadArgs, making: Making) -> Result<(), CommandError> {
    if let Some(url) = &args.url {
        refuse_others(url)?;
    }
    logs::start(&LogOptions {
        level: "warn".into(),
        ..LogOptions::default()
    })
    .map_err(anyhow::Error::msg)?;
    let (parameters, residents) = making.parameters()?;
    let mut processes =
        Processes::new(args.folder.clone()).context("making a folder for the node's log")?;
    let (node, url) = match &args.url {
        Some(url) => (None, url.clone()),
        None => {
            output::note("starting a node");
            let node = start(&mut processes)?;
            let url = node.url.clone();
            (Some(node), url)
        }
    };
    let cluster = Cluster::new(ClusterOptions {
        confirmation_poll_ms: CONFIRMATION_POLL_MS,
        timeout_ms: TIMEOUT_MS,
        ..ClusterOptions::of(url)
    });
    let cluster = cluster.map_err(CommandError::input)?;
    let measuring = Measuring {
        cluster: &cluster,
        pace: Pace {
            node,
            speed: args.speed.into(),
        },
        orders: args.orders,
        delegate_orders: args.delegate_orders,
    };
    let announce = |what: &str| output::note(what);
    let measured = load::measure(measuring, &parameters, residents, announce).await;
    let measured = measured.map_err(|error| match processes.failed() {
        Some(failed) => error.context(failed),
        None => error,
    });
    processes.stop();
    let report = measured?;
    match args.json {
        true => output::json(&report)?,
        false => output::line(&report.render())?,
    }
    match report.month.holds() {
        true => Ok(()),
        false => Err(CommandError::Run(anyhow!(
            "a household pays more than the design's goal"
        ))),
    }
}

fn refuse_others(url: &Url) -> Result<(), CommandError> {
    let cluster = Cluster::new(ClusterOptions::of(url.clone())).map_err(CommandError::input)?;
    match cluster.is_local() {
        true => Ok(()),
        false => Err(CommandError::Input(anyhow!(
            "{} is no node of this machine; this is for nobody else's",
            cluster.names().join(", ")
        ))),
    }
}

/// A node on any free ports, whose clock starts shortly before a day does.
fn start(processes: &mut Processes) -> Result<Node, CommandError> {
    let utc = Timestamp::now().to_zoned(TimeZone::UTC);
    let midnight = utc
        .start_of_day()
        .and_then(|day| day.checked_add(2.days()))
        .context("the clock is at its end")?;
    let start = midnight.checked_sub(FOUNDING_MINUTES.minutes());
    let start = start.context("the clock is at its end")?;
    let start = start.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    // Nobody upgrades the programs.
    let authority = Keypair::new().pubkey().to_string();
    let node = Node::start(
        processes,
        (0, 0),
        &start,
        &authority,
        &Chain::programs_dir(),
    );
    Ok(node?)
}
