//! `joulebook sandbox`: a community to try things with, on a local node or a test cluster.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_deployment::{
    build_sandbox, Configuration, MarketConfiguration, Sandbox, SandboxHousehold, SandboxParameters,
};
use joulebook_sim::{
    simulation::{residents, Resident, Scenario, Ways, DEFAULT_TERMS},
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
};
use joulebook_units::{Seconds, MILLI_ATOMS_PER_ATOM};
use url::Url;

use super::whole_number::whole_number;
use crate::{asynchronous, command_error::CommandError, output};

const SECONDS_PER_MINUTE: i64 = 60;
/// Days that lie behind the households: they know what to order.
const PAST_DAYS: u32 = 14;
/// Days that their meters have something to show for.
const DAYS_AHEAD: u32 = 28;
const CORRECTION_DAYS: u32 = 2;
/// Orders that a seat may have in a window: standing ones, and some by hand.
const ORDERS_PER_SEAT: u16 = 12;
/// Supplier and grid operator.
const OPERATORS: u16 = 2;
const MAX_HOUSEHOLDS: i128 = 100;
/// What flows through the meters, beside the state file.
pub const FLOWS: &str = "flows.csv";

/// Found a community to try things with: 15 households, a test token, keys for everybody.
///
/// Needs a cluster that runs the programs and gives lamports away: `make node` starts one on this machine. Households have
/// meters, money and standing orders made of two weeks that lie behind them. All keys are written into a folder, and one file
/// says where everything is; the other commands read it. Run again, it goes on where it stopped.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook sandbox --url http://127.0.0.1:8899 --state target/sandbox/sandbox.json")]
pub struct SandboxArgs {
    /// RPC endpoint of the cluster
    #[arg(long, default_value = "http://127.0.0.1:8899")]
    url: Url,
    /// Its websocket [default: the next port]
    #[arg(long)]
    ws_url: Option<Url>,
    /// The file to write; keys go into a folder beside it
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/sandbox/sandbox.json"
    )]
    state: PathBuf,
    /// Households, with and without solar panels
    #[arg(long, default_value_t = 15, value_parser = whole_number::<u16>(1..=MAX_HOUSEHOLDS))]
    households: u16,
    /// Length of a delivery window, minutes
    #[arg(long, default_value_t = 15, value_parser = whole_number::<u32>(1..=60))]
    window_minutes: u32,
    /// Decides what households draw and feed in
    #[arg(long, default_value_t = 1, value_parser = whole_number::<u64>(0..=u64::MAX.into()))]
    seed: u64,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &SandboxArgs) -> Result<(), CommandError> {
    let (parameters, residents) = parameters(args)?;
    let folder = args.state.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .with_context(|| format!("making the folder {}", folder.display()))?;
    let cluster = Cluster::new(ClusterOptions::of(args.url.clone()));
    let cluster = cluster.map_err(CommandError::input)?;
    let ws_url = args.ws_url.clone().unwrap_or_else(|| next_port(&args.url));
    let sandbox = asynchronous::run(async {
        let urls = (args.url.as_str(), ws_url.as_str());
        let announce = |what: &str| output::note(&format!("  {what}"));
        let built = build_sandbox(&cluster, urls, &args.state, &parameters, announce).await;
        built.map_err(|error| CommandError::Run(error.into()))
    })?;
    write_flows(&folder.join(FLOWS), &sandbox, &residents, &parameters)?;
    output::line(&summary(&sandbox, &args.state))
}

/// What the sandbox is made of, and who lives in it.
fn parameters(args: &SandboxArgs) -> Result<(SandboxParameters, Vec<Resident>), CommandError> {
    let profiles = SyntheticProfiles {
        seed: args.seed,
        households: args.households,
        length: Seconds(i64::from(args.window_minutes) * SECONDS_PER_MINUTE),
        days: PAST_DAYS + DAYS_AHEAD,
        latitude: DEFAULT_LATITUDE,
    }
    .generate();
    let scenario = Scenario::new(&profiles, DEFAULT_TERMS, CORRECTION_DAYS, Ways::default());
    let scenario = scenario.map_err(CommandError::input)?;
    let residents = residents(&profiles, &scenario, PAST_DAYS as usize)?;
    let seats = args.households + OPERATORS;
    let windows = u16::try_from(profiles.per_day().min(96)).unwrap_or(96);
    let market = MarketConfiguration {
        window_minutes: args.window_minutes,
        windows_per_page: windows,
        correction_days: CORRECTION_DAYS,
        horizon_minutes: args.window_minutes,
        gate_lead_minutes: (args.window_minutes / 5).max(1),
        seats,
        meters: args.households,
        orders: seats * ORDERS_PER_SEAT,
        max_orders_per_seat: ORDERS_PER_SEAT,
        room_per_seat: ORDERS_PER_SEAT,
        ..Configuration::example().market
    };
    let households: Vec<SandboxHousehold> = residents
        .iter()
        .map(|resident| SandboxHousehold {
            name: resident.name.clone(),
            max_import: resident.limits.import.0,
            max_export: resident.limits.export.0,
            deposit: resident.deposit.0,
            standing_orders: resident.standing_orders.clone(),
        })
        .collect();
    let largest = residents.iter().map(|resident| resident.deposit.0).max();
    let parameters = SandboxParameters {
        name: "Sonnenhof".into(),
        market,
        households,
        supplier_deposit: scenario.supplier_reserve()?.full.0,
        agent_daily_limit: largest.unwrap_or(0).saturating_mul(MILLI_ATOMS_PER_ATOM),
    };
    Ok((parameters, residents))
}

/// What each meter shows, interval by interval, by the chain's time: also of before, for whoever wants to know the past.
fn write_flows(
    path: &Path,
    sandbox: &Sandbox,
    residents: &[Resident],
    parameters: &SandboxParameters,
) -> Result<(), CommandError> {
    let mut writer = csv::Writer::from_path(path).context("writing what flows")?;
    let length = i64::from(parameters.market.window_seconds());
    let mut write = || -> anyhow::Result<()> {
        writer.write_record(["household", "start", "import_wh", "export_wh"])?;
        for (resident, household) in residents.iter().zip(&sandbox.households) {
            let Some(meter) = household.meters.first() else {
                continue;
            };
            let past = i64::from(PAST_DAYS) * 86_400;
            let mut start = meter.service_from.saturating_sub(past);
            for flow in &resident.flows {
                let fields = [
                    resident.name.clone(),
                    start.to_string(),
                    flow.import.0.to_string(),
                    flow.export.0.to_string(),
                ];
                writer.write_record(&fields)?;
                start = start.saturating_add(length);
            }
        }
        Ok(writer.flush()?)
    };
    write().with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}

fn summary(sandbox: &Sandbox, state: &Path) -> String {
    format!(
        "A sandbox of {} households is ready.\n\
         cluster    {}\n\
         community  {}\n\
         market     {}\n\
         all of it  {}",
        sandbox.households.len(),
        sandbox.rpc_url,
        sandbox.community,
        sandbox.market,
        state.display()
    )
}

/// Where nodes have their websocket.
fn next_port(url: &Url) -> Url {
    let mut next = url.clone();
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    let _ = next.set_scheme(scheme);
    let _ = next.set_port(url.port().map(|port| port.saturating_add(1)));
    next
}
