//! `joulebook sandbox`: a community to try things with, on a local node or a test cluster.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use joulebook_client::layout::market::DelegateBounds;
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_deployment::{
    build_sandbox, Configuration, MarketConfiguration, Sandbox, SandboxHousehold, SandboxParameters,
};
use joulebook_settlement::Tariff;
use joulebook_sim::{
    simulation::{residents, Resident, Scenario, Ways, DEFAULT_TERMS},
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
};
use joulebook_units::{Seconds, MILLI_ATOMS_PER_ATOM, SECONDS_PER_DAY};
use url::Url;

use super::whole_number::whole_number;
use crate::{asynchronous, command_error::CommandError, output};

const SECONDS_PER_MINUTE: i64 = 60;
/// Days that lie behind the households: they know what to order.
pub const PAST_DAYS: u32 = 14;
/// Days that their meters have something to show for.
const DAYS_AHEAD: u32 = 28;
/// What money is reckoned with.
const CORRECTION_DAYS: u32 = 2;
/// Orders that a seat may have in a window: standing ones, and some by hand.
const ORDERS_PER_SEAT: u16 = 12;
/// Supplier and grid operator.
const OPERATORS: u16 = 2;
/// Seats and meters for whoever joins later.
const SPARE: u16 = 4;
const MAX_HOUSEHOLDS: i128 = 100;
/// Every so many households have no standing orders of their own.
const LEFT_TO_THE_AGENT: usize = 3;
/// Of a page.
const MAX_WINDOWS: usize = 96;
/// What flows through the meters, beside the state file.
pub const FLOWS: &str = "flows.csv";

/// Found a community to try things with: 15 households, a test token, keys for everybody.
///
/// Needs a cluster that runs the programs and gives lamports away: `make node` starts one on this machine. Households have
/// meters, money and standing orders made of two weeks that lie behind them. All keys are written into a folder, and one file
/// says where everything is; the other commands read it. Run again, it goes on where it stopped.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook sandbox --url http://127.0.0.1:8899 --households 5")]
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
    /// Windows of a page, which a meter signs at once [default: those of a day]
    #[arg(long, value_parser = whole_number::<u16>(1..=96))]
    windows_per_page: Option<u16>,
    /// How long after a page's end values may come or be corrected
    #[arg(long, value_name = "HOURS", default_value_t = 48, value_parser = whole_number::<u32>(1..=2_208))]
    correction_hours: u32,
    /// Decides what households draw and feed in
    #[arg(long, default_value_t = 1, value_parser = whole_number::<u64>(0..=u64::MAX.into()))]
    seed: u64,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &SandboxArgs) -> Result<(), CommandError> {
    let SandboxArgs {
        url,
        ws_url,
        state,
        households,
        window_minutes,
        windows_per_page,
        correction_hours,
        seed,
    } = args;
    let making = Making {
        households: *households,
        window_minutes: *window_minutes,
        windows_per_page: *windows_per_page,
        correction_hours: *correction_hours,
        seed: *seed,
    };
    let sandbox = asynchronous::run(making.found(url, ws_url.clone(), state))?;
    output::line(&summary(&sandbox, state))
}

/// How large a sandbox is, and what flows in it.
#[derive(Clone, Copy, Debug)]
pub struct Making {
    pub households: u16,
    pub window_minutes: u32,
    /// Those of a day, if nothing is said.
    pub windows_per_page: Option<u16>,
    pub correction_hours: u32,
    pub seed: u64,
}

impl Making {
    /// Founds the sandbox, with its state file at `state`.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn found(
        self,
        url: &Url,
        ws_url: Option<Url>,
        state: &Path,
    ) -> Result<Sandbox, CommandError> {
        let (parameters, residents) = self.parameters()?;
        let folder = state.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        let cluster = Cluster::new(ClusterOptions::of(url.clone()));
        let cluster = cluster.map_err(CommandError::input)?;
        let ws_url = ws_url.unwrap_or_else(|| next_port(url));
        let urls = (url.as_str(), ws_url.as_str());
        let announce = |what: &str| output::note(&format!("  {what}"));
        let built = build_sandbox(&cluster, urls, state, &parameters, announce).await;
        let sandbox = built.map_err(|error| CommandError::Run(error.into()))?;
        write_flows(&folder.join(FLOWS), &sandbox, &residents, &parameters)?;
        Ok(sandbox)
    }
}

impl Making {
    /// What the sandbox is made of, and who lives in it.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn parameters(self) -> Result<(SandboxParameters, Vec<Resident>), CommandError> {
        let profiles = SyntheticProfiles {
            seed: self.seed,
            households: self.households,
            length: Seconds(i64::from(self.window_minutes) * SECONDS_PER_MINUTE),
            days: PAST_DAYS + DAYS_AHEAD,
            latitude: DEFAULT_LATITUDE,
        }
        .generate();
        let scenario = Scenario::new(&profiles, DEFAULT_TERMS, CORRECTION_DAYS, Ways::default());
        let scenario = scenario.map_err(CommandError::input)?;
        let residents = residents(&profiles, &scenario, PAST_DAYS as usize)?;
        let seats = self.households + OPERATORS + SPARE;
        let day = u16::try_from(profiles.per_day().min(MAX_WINDOWS)).unwrap_or(u16::MAX);
        let windows = self.windows_per_page.unwrap_or(day);
        let market = MarketConfiguration {
            window_minutes: self.window_minutes,
            windows_per_page: windows,
            correction_hours: self.correction_hours,
            // A quarter of them.
            verifier_hours: self.correction_hours / 4,
            horizon_minutes: self.window_minutes,
            gate_lead_minutes: (self.window_minutes / 5).max(1),
            seats,
            meters: self.households + SPARE,
            orders: seats * ORDERS_PER_SEAT,
            max_orders_per_seat: ORDERS_PER_SEAT,
            room_per_seat: ORDERS_PER_SEAT,
            ..Configuration::example().market
        };
        let households: Vec<SandboxHousehold> = residents
            .iter()
            .enumerate()
            .map(|(place, resident)| SandboxHousehold {
                name: resident.name.clone(),
                max_import: resident.limits.import.0,
                max_export: resident.limits.export.0,
                deposit: resident.deposit.0,
                standing_orders: match (place + 1) % LEFT_TO_THE_AGENT {
                    0 => vec![],
                    _ => resident.standing_orders.clone(),
                },
            })
            .collect();
        let Tariff { short, long } = DEFAULT_TERMS.tariff;
        let largest = residents.iter().map(|resident| resident.deposit.0).max();
        let parameters = SandboxParameters {
            name: "Sonnenhof".into(),
            market,
            households,
            supplier_deposit: scenario.supplier_reserve()?.full.0,
            agent_bounds: DelegateBounds {
                daily_limit: largest.unwrap_or(0).saturating_mul(MILLI_ATOMS_PER_ATOM),
                highest_buy: short.0,
                lowest_sell: long.0,
            },
        };
        Ok((parameters, residents))
    }
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
            let day = meter.service_from - meter.service_from.rem_euclid(SECONDS_PER_DAY);
            let mut start = day.saturating_sub(i64::from(PAST_DAYS) * SECONDS_PER_DAY);
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
