//! `joulebook simulate`: a community's market, from the first deposit to the last withdrawal.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{anyhow, Context};
use clap::{value_parser, Args, ValueEnum};
use joulebook_client::layout::market::limits;
use joulebook_settlement::{Tariff, Terms};
use joulebook_sim::{
    profiles::{self, LoadProfiles},
    simulation::{
        self, OrderWay, ReadingWay, Scenario, Venue, Ways, DEFAULT_CORRECTION_DAYS,
        MAX_CORRECTION_DAYS,
    },
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
    AccountRent,
};
use joulebook_units::{Price, Seconds};

use crate::{command_error::CommandError, output, progress::Progress, report};

/// Days that are made up if nobody says otherwise.
/// On the first one nobody has measured anything yet.
const DEFAULT_DAYS: u32 = 3;
const DEFAULT_HOUSEHOLDS: u16 = 12;
const DEFAULT_WINDOW: i64 = 300;
const MAX_DAYS: i64 = 366;
/// Far above any tariff, and low enough for money to fit the ledger.
const MAX_PRICE: i64 = 1_000_000_000;
const MAX_CORRECTION: i64 = MAX_CORRECTION_DAYS as i64;
const MAX_FEE_BPS: i64 = limits::MAX_FEE_BPS as i64;

/// Run a community's market on the real programs, on this machine.
///
/// Households register, deposit tokens and enter standing orders, which a keeper applies in each delivery window; their
/// meters sign each day what flowed; the keeper clears and settles; when no value can come any more, everybody withdraws.
/// Then it reports what was traded, each household's bill with the market and with the supplier alone, what it cost on
/// chain, and which checks were made.
///
/// Without --profiles, a community is made up from a seed: households with and without solar panels,
/// heat pumps and cars, under a changing sky.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook simulate --days 2
  joulebook simulate --households 50 --window 900 --seed 7
  joulebook simulate --orders own --readings register
  joulebook simulate --profiles community.csv --days 30 --correction-days 14 --json

A file of profiles is CSV. Its first line names the columns: 'time' (start of the interval, like
2021-02-14T23:00:00Z) and for each household '<name>_load_w' and, if it has panels, '<name>_pv_w':
average watts over the interval. Intervals have the same length, 60 s to a day, divide a day, and are the windows.")]
pub struct SimulateArgs {
    /// What the households draw and feed in; made up if left out
    #[arg(long, value_name = "FILE.csv")]
    profiles: Option<PathBuf>,
    /// Days to run [default: 3, or all of FILE.csv]
    #[arg(long, value_parser = value_parser!(u32).range(1..=MAX_DAYS))]
    days: Option<u32>,
    /// Print one JSON object instead of the report
    #[arg(long)]
    json: bool,
    /// Decides everything random: the same seed gives the same run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How households order
    #[arg(long, value_enum, default_value_t = Orders::Standing)]
    orders: Orders,
    /// How their meters' values come
    #[arg(long, value_enum, default_value_t = Readings::Profile)]
    readings: Readings,
    /// Households to make up, 2 to 1000 [default: 12]
    #[arg(long, conflicts_with = "profiles", value_parser = value_parser!(u16).range(2..=1000))]
    households: Option<u16>,
    /// Seconds of a delivery window, 60 to 86400, of which a day holds a whole number [default: 300]
    #[arg(long, conflicts_with = "profiles", value_name = "SECONDS",
          value_parser = window)]
    window: Option<i64>,
    /// Degrees north, -66 to 66, of the made-up community [default: 48.1]
    #[arg(long, conflicts_with = "profiles", value_name = "DEGREES", allow_negative_numbers = true,
          value_parser = latitude)]
    latitude: Option<f64>,
    /// Days that the values of a page of windows can be corrected for after its end, 1 to 92: longer needs more
    /// accounts, whose rent is locked meanwhile
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_CORRECTION_DAYS,
          value_parser = value_parser!(u32).range(1..=MAX_CORRECTION))]
    correction_days: u32,
    /// What the supplier charges for a kWh, in atoms of the token (a millionth each)
    #[arg(long, value_name = "ATOMS", default_value_t = 300_000, allow_negative_numbers = true,
          value_parser = value_parser!(i32).range(-MAX_PRICE..=MAX_PRICE))]
    retail: i32,
    /// What the supplier pays for a kWh, in atoms
    #[arg(long, value_name = "ATOMS", default_value_t = 80_000, allow_negative_numbers = true,
          value_parser = value_parser!(i32).range(-MAX_PRICE..=MAX_PRICE))]
    feed_in: i32,
    /// What the grid takes for a kWh bought in the market, in atoms
    #[arg(long, value_name = "ATOMS", default_value_t = 20_000, value_parser = value_parser!(i32).range(0..=MAX_PRICE))]
    grid_fee: i32,
    /// What the market takes of the price of energy bought in it, in hundredths of a percent
    #[arg(long, value_name = "BASIS_POINTS", default_value_t = 100,
          value_parser = value_parser!(u16).range(..=MAX_FEE_BPS))]
    market_fee: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Orders {
    /// Entered once, and applied in each window by the keeper
    Standing,
    /// By hand, signed for each window
    Own,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Readings {
    /// A day's values under one signature, when the day is over
    Profile,
    /// Registers, at the end of each window
    Register,
}

/// Runs the market in the venue that `start` makes, and prints the report.
///
/// # Errors
/// [`CommandError::Input`] for profiles, prices or times that can't be used, [`CommandError::Run`] if a step fails or a
/// check does not hold.
pub fn run<W: Venue>(
    args: &SimulateArgs,
    start: impl FnOnce(&Scenario) -> anyhow::Result<W>,
) -> Result<(), CommandError> {
    let profiles = args.profiles()?;
    let scenario = Scenario::new(&profiles, args.terms(), args.correction_days, args.ways());
    let scenario = scenario.map_err(CommandError::input)?;
    let mut venue = start(&scenario).context("starting the community")?;
    let mut progress = Progress::on_stderr(profiles.intervals as u64);
    let report = simulation::run(&mut venue, &profiles, &scenario, args.seed, || {
        progress.step();
    })?;
    progress.finish();
    if args.json {
        output::json(&report)?;
    } else {
        output::line(&report::render(&report))?;
    }
    if report.holds() {
        Ok(())
    } else {
        Err(CommandError::Run(anyhow!(
            "a check did not hold; the report says which"
        )))
    }
}

/// Says, before anything is created, which accounts the market needs, and how late values may come for that. On
/// stderr, so that stdout holds the result alone.
pub fn announce(scenario: &Scenario, rents: &[AccountRent]) {
    let table = report::render_account_rents(rents);
    let pages = report::render_pages(&scenario.pages, scenario.length, rents);
    // Nobody may be listening any more; that is no reason to stop.
    let _ = writeln!(
        io::stderr(),
        "The market's accounts; their rent comes back when it is closed\n{table}\n\nLate values\n{pages}\n"
    );
}

impl SimulateArgs {
    fn profiles(&self) -> Result<LoadProfiles, CommandError> {
        match &self.profiles {
            Some(path) => self.read(path).map_err(CommandError::Input),
            None => Ok(SyntheticProfiles {
                seed: self.seed,
                households: self.households.unwrap_or(DEFAULT_HOUSEHOLDS),
                length: Seconds(self.window.unwrap_or(DEFAULT_WINDOW)),
                days: self.days.unwrap_or(DEFAULT_DAYS),
                latitude: self.latitude.unwrap_or(DEFAULT_LATITUDE),
            }
            .generate()),
        }
    }

    fn read(&self, path: &Path) -> anyhow::Result<LoadProfiles> {
        let file = || path.display().to_string();
        let mut profiles = profiles::load(path).with_context(file)?;
        if let Some(days) = self.days {
            profiles.limit_days(days).with_context(file)?;
        }
        Ok(profiles)
    }

    fn ways(&self) -> Ways {
        Ways {
            orders: match self.orders {
                Orders::Standing => OrderWay::Standing,
                Orders::Own => OrderWay::Own,
            },
            readings: match self.readings {
                Readings::Profile => ReadingWay::Profile,
                Readings::Register => ReadingWay::Register,
            },
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(self.retail),
                long: Price(self.feed_in),
            },
            grid_fee: Price(self.grid_fee),
            fee_bps: self.market_fee,
            min_lock: Price(1),
        }
    }
}

fn window(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(seconds) if profiles::is_window_length(seconds) => Ok(seconds),
        _ => Err(
            "write seconds, 60 to 86400, that divide a day of 86400: 60, 300, 900, 3600 …".into(),
        ),
    }
}

/// Between the polar circles, where every day has its sun.
fn latitude(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= 66.0 => Ok(degrees),
        _ => Err("write degrees north, from -66 to 66".into()),
    }
}
