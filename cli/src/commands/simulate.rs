//! `joulebook simulate`: a community's market, from the first deposit to the last withdrawal.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, Context};
use clap::{ArgGroup, Args, ValueEnum};
use joulebook_client::layout::market::limits;
use joulebook_profiles::{is_window_length, printable, LoadProfiles};
use joulebook_settlement::{Tariff, Terms};
use joulebook_sim::{
    simulation::{
        self, check_limits, OrderWay, ReadingWay, Scenario, Statement, Traders, Venue, Ways,
        DEFAULT_ATOMS_PER_SOL, DEFAULT_CORRECTION_DAYS, DEFAULT_TERMS, MAX_CORRECTION_DAYS,
    },
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
    AccountRent,
};
use joulebook_units::{Price, Seconds};

use super::{
    household_choice,
    profile_args::{self, ProfileArgs},
    whole_number::whole_number,
};
use crate::{
    command_error::CommandError,
    output,
    output_files::{OutputFiles, OutputFolder},
    paragraph, plot,
    progress::Progress,
    report, spreadsheet,
};

/// Days that are made up if nobody says otherwise.
/// On the first one nobody has measured anything yet.
const DEFAULT_DAYS: u32 = 3;
const DEFAULT_HOUSEHOLDS: u16 = 12;
const DEFAULT_WINDOW: i64 = 300;
/// Made-up days.
const MAX_DAYS: u32 = 366;
/// Far above any tariff, and low enough for money to fit the ledger.
const MAX_PRICE: i128 = 1_000_000_000;
/// A million tokens of a million atoms.
const MAX_SOL_PRICE: i128 = 1_000_000_000_000;
const MAX_CORRECTION: i128 = MAX_CORRECTION_DAYS as i128;
const MAX_FEE_BPS: i128 = limits::MAX_FEE_BPS as i128;
/// Of a file.
const MAX_DAYS_READ: i128 = u32::MAX as i128;

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
#[command(group = ArgGroup::new("files").multiple(true))]
#[command(after_help = "Examples:
  joulebook simulate --days 2
  joulebook simulate --households 50 --window 900 --seed 7
  joulebook simulate --orders own --readings register
  joulebook simulate --profiles community.csv --days 30 --json
  joulebook simulate --days 7 --csv week --plot week
  joulebook simulate --household house01 --household house07

FILE is a table, as it comes: columns separated by comma, semicolon, tab or |; decimal point or \
comma; lines before the heading; UTF-8 or UTF-16; .gz. A column's name says household, what it is \
and its unit:
  time,ada_load_w,ada_pv_w           her use and her panels' yield, average W
  time;bob_net_kwh                   drawn less fed in, kWh per interval
  time,import_kwh,export_kwh         what a meter counted
Where it does not, options do:
  --unit kWh                         columns like 'ada_load'
  --zone Europe/Vienna               times without Z or an offset
  --columns household=LCLid,time=DateTime,value=\"KWH/hh\"
                                     a row for each household and time
  --columns date=Date,time=\"Start Time\",value=Consumed --dates mdy
                                     day and time of day in two columns
  --columns time=#1,load=*           every other column is a household
  --stamps end                       a row's time is its interval's end
  --fill previous                    gaps and empty cells
  --values register                  cumulative registers
Intervals last 60 s to a day, divide a day, and are the windows; rows off their boundaries are \
split. What was understood is said on stderr. docs/profiles.md has an example of each form.")]
pub struct SimulateArgs {
    /// What the households draw and feed in, - for standard input; made up if left out
    #[arg(long, value_name = "FILE")]
    profiles: Option<PathBuf>,
    /// Days to run, made up at most 366 [default: 3, or all of FILE]
    #[arg(long, allow_negative_numbers = true,
          value_parser = whole_number::<u32>(1..=MAX_DAYS_READ))]
    days: Option<u32>,
    /// Print one JSON object instead of the report
    #[arg(long)]
    json: bool,
    /// Explain this household's bill: line by line, and where the market cost it more than the supplier
    /// alone would have. May be given several times
    #[arg(long, value_name = "NAME")]
    household: Vec<String>,
    /// Also write bills.csv, windows.csv and positions.csv into this folder
    #[arg(long, value_name = "DIR", group = "files")]
    csv: Option<PathBuf>,
    /// Also draw price.svg, volume.svg, self_sufficiency.svg and bills.svg into this folder
    #[arg(long, value_name = "DIR", group = "files")]
    plot: Option<PathBuf>,
    /// Let files that are in such a folder already be overwritten
    #[arg(long, requires = "files")]
    overwrite: bool,
    /// Decides everything random: the made-up community, what zi orders, and all keys. The same seed gives the same run;
    /// with --profiles and other traders than zi, another one gives other keys and the same trade
    #[arg(long, default_value_t = 1, allow_negative_numbers = true,
          value_parser = whole_number::<u64>(0..=u64::MAX.into()))]
    seed: u64,
    /// How households order [default: standing, or own where the traders bid for each window]
    #[arg(long, value_enum)]
    orders: Option<Orders>,
    /// Who decides what households order
    #[arg(long, value_enum, default_value_t = TraderKind::Newsvendor)]
    traders: TraderKind,
    /// How their meters' values come
    #[arg(long, value_enum, default_value_t = Readings::Profile)]
    readings: Readings,
    /// Households to make up, 2 to 1000 [default: 12]
    #[arg(long, conflicts_with = "profiles", allow_negative_numbers = true,
          value_parser = whole_number::<u16>(2..=1000))]
    households: Option<u16>,
    /// Seconds of a delivery window, 60 to 86400, of which a day holds a whole number [default: 300]
    #[arg(long, conflicts_with = "profiles", value_name = "SECONDS", allow_negative_numbers = true,
          value_parser = window)]
    window: Option<i64>,
    /// Degrees north, -66 to 66, of the made-up community [default: 48.1]
    #[arg(long, conflicts_with = "profiles", value_name = "DEGREES", allow_negative_numbers = true,
          value_parser = latitude)]
    latitude: Option<f64>,
    /// Days for which meters' values can still be corrected, 1 to 92; more days need more accounts, whose rent is locked
    /// meanwhile
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_CORRECTION_DAYS,
          allow_negative_numbers = true,
          value_parser = whole_number::<u32>(1..=MAX_CORRECTION))]
    correction_days: u32,
    /// What the supplier charges for a kWh, in atoms of the token (a millionth each)
    #[arg(long, value_name = "ATOMS", default_value_t = DEFAULT_TERMS.tariff.short.0, allow_negative_numbers = true,
          value_parser = whole_number::<i32>(-MAX_PRICE..=MAX_PRICE))]
    retail: i32,
    /// What the supplier pays for a kWh, in atoms
    #[arg(long, value_name = "ATOMS", default_value_t = DEFAULT_TERMS.tariff.long.0, allow_negative_numbers = true,
          value_parser = whole_number::<i32>(-MAX_PRICE..=MAX_PRICE))]
    feed_in: i32,
    /// What the grid takes for a kWh bought in the market, in atoms
    #[arg(long, value_name = "ATOMS", default_value_t = DEFAULT_TERMS.grid_fee.0, allow_negative_numbers = true,
          value_parser = whole_number::<i32>(0..=MAX_PRICE))]
    grid_fee: i32,
    /// What the market takes of the price of energy bought in it, in hundredths of a percent
    #[arg(long, value_name = "BASIS_POINTS", default_value_t = DEFAULT_TERMS.fee_bps,
          allow_negative_numbers = true,
          value_parser = whole_number::<u16>(0..=MAX_FEE_BPS))]
    market_fee: u16,
    /// What a SOL costs, in atoms: an agent leaves out bids that bring less than their fee
    #[arg(long, value_name = "ATOMS", default_value_t = DEFAULT_ATOMS_PER_SOL, allow_negative_numbers = true,
          value_parser = whole_number::<u64>(0..=MAX_SOL_PRICE))]
    sol_price: u64,
    #[command(flatten)]
    reading: ProfileArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Orders {
    /// Entered once, and applied in each window by the keeper
    Standing,
    /// By hand, signed for each window
    Own,
    /// By one agent that all households name: for each window, or standing, whichever brings a household more
    Agent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TraderKind {
    /// The newsvendor's rule: what costs least by all that may flow
    Newsvendor,
    /// Zero intelligence: all that is expected, at random prices
    Zi,
    /// What will flow, which nobody knows: the most that can be saved
    Foresight,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Readings {
    /// A day's values under one signature, when the day is over
    Profile,
    /// Registers, at the end of each window
    Register,
}

/// What is simulated, and what is to be said of the file it came from.
struct Input {
    profiles: LoadProfiles,
    said: Option<String>,
}

/// Runs the market in the venue that `start` makes of scenario and seed, writes `files` and prints the report.
///
/// # Errors
/// [`CommandError::Input`] for profiles, prices or times that can't be used, [`CommandError::Run`] if a step fails or a
/// check does not hold.
pub fn run<W: Venue>(
    args: &SimulateArgs,
    progress: &Progress,
    files: &OutputFiles,
    start: impl FnOnce(&Scenario, u64) -> anyhow::Result<W>,
) -> Result<(), CommandError> {
    let ways = args.ways()?;
    let Input { profiles, said } = args.profiles()?;
    let explained = args.explained(&profiles).map_err(CommandError::Input)?;
    let scenario = Scenario::new(&profiles, args.terms(), args.correction_days, ways);
    let mut scenario = scenario.map_err(CommandError::input)?;
    scenario.atoms_per_sol = args.sol_price;
    args.check_money(&scenario)?;
    let tables = args.folder(files, args.csv.as_deref(), &spreadsheet::FILES)?;
    let pictures = args.folder(files, args.plot.as_deref(), &plot::FILES)?;
    if let Some(said) = said {
        output::note(&paragraph::fill(&said));
    }
    let mut venue = start(&scenario, args.seed).context("starting the community")?;
    progress.begin(profiles.intervals as u64);
    let mut report = simulation::run(&mut venue, &profiles, &scenario, args.seed, || {
        progress.step();
    })?;
    progress.finish();
    let statements = explained
        .iter()
        .filter_map(|place| Statement::of(&report.settled, *place));
    report.statements = statements.collect();
    // Whoever reads the report may go, and the report is there whatever becomes of the files.
    let settled = &report.settled;
    let written = tables
        .map_or(Ok(()), |folder| spreadsheet::write(&folder, settled))
        .and_then(|()| pictures.map_or(Ok(()), |folder| plot::write(&folder, settled)))
        .and_then(|()| files.publish());
    if args.json {
        output::json(&report)?;
    } else {
        output::line(&report::render(&report))?;
    }
    written?;
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
    output::note(&format!(
        "The market's accounts; their rent comes back when it is closed\n{table}\n\nLate values\n{pages}\n"
    ));
}

impl SimulateArgs {
    fn profiles(&self) -> Result<Input, CommandError> {
        if let Some(path) = &self.profiles {
            return self.read(path).map_err(CommandError::Input);
        }
        let days = self.days.unwrap_or(DEFAULT_DAYS);
        if days > MAX_DAYS {
            let error = anyhow!("{days} days were asked for; at most {MAX_DAYS} can be made up");
            return Err(CommandError::Input(error));
        }
        let synthetic = SyntheticProfiles {
            seed: self.seed,
            households: self.households.unwrap_or(DEFAULT_HOUSEHOLDS),
            length: Seconds(self.window.unwrap_or(DEFAULT_WINDOW)),
            days,
            latitude: self.latitude.unwrap_or(DEFAULT_LATITUDE),
        };
        Ok(Input {
            profiles: synthetic.generate(),
            said: None,
        })
    }

    fn read(&self, path: &Path) -> anyhow::Result<Input> {
        let file = || profile_args::name_of(path);
        let reading = joulebook_profiles::load(path, &self.reading.options()).with_context(file)?;
        let said = profile_args::said(path, &reading);
        let mut profiles = reading.profiles;
        if let Some(days) = self.days {
            profiles.limit_days(days).with_context(file)?;
        }
        check_limits(&profiles).with_context(file)?;
        Ok(Input {
            profiles,
            said: Some(said),
        })
    }

    /// The places of the households whose bills are to be explained.
    fn explained(&self, profiles: &LoadProfiles) -> anyhow::Result<Vec<usize>> {
        let households = profiles.households.iter();
        let names: Vec<&str> = households.map(|one| one.name.as_str()).collect();
        household_choice::places(&self.household, &names)
    }

    /// A folder for files, if one is asked for.
    fn folder(
        &self,
        files: &OutputFiles,
        path: Option<&Path>,
        names: &[&str],
    ) -> Result<Option<OutputFolder>, CommandError> {
        let folder = path.map(|path| files.folder(path, names, self.overwrite));
        folder.transpose().map_err(CommandError::Input)
    }

    /// Whether everybody's money fits the ledger, before anything is created.
    fn check_money(&self, scenario: &Scenario) -> Result<(), CommandError> {
        let file = || match &self.profiles {
            Some(path) => profile_args::name_of(path),
            None => "the made-up community".to_owned(),
        };
        for (index, household) in scenario.households.iter().enumerate() {
            let name = || format!("household '{}'", printable(&household.name));
            let reserve = scenario.household_reserve(index).with_context(name);
            reserve.with_context(file).map_err(CommandError::Input)?;
        }
        let reserve = scenario.supplier_reserve().context("the supplier");
        reserve.with_context(file).map_err(CommandError::Input)?;
        Ok(())
    }

    /// # Errors
    /// Of traders that bid for each window, if standing orders are asked for.
    fn ways(&self) -> Result<Ways, CommandError> {
        let for_each_window = self.traders != TraderKind::Newsvendor;
        let orders = match self.orders {
            None if for_each_window => OrderWay::Own,
            Some(Orders::Standing | Orders::Agent) if for_each_window => {
                return Err(CommandError::Input(anyhow!(
                    "standing orders and agents are the newsvendor's; leave --orders out, or write --orders own"
                )));
            }
            None | Some(Orders::Standing) => OrderWay::Standing,
            Some(Orders::Own) => OrderWay::Own,
            Some(Orders::Agent) => OrderWay::Agent,
        };
        Ok(Ways {
            orders,
            traders: match self.traders {
                TraderKind::Newsvendor => Traders::Newsvendor,
                TraderKind::Zi => Traders::ZeroIntelligence,
                TraderKind::Foresight => Traders::Foresight,
            },
            readings: match self.readings {
                Readings::Profile => ReadingWay::Profile,
                Readings::Register => ReadingWay::Register,
            },
        })
    }

    fn terms(&self) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(self.retail),
                long: Price(self.feed_in),
            },
            grid_fee: Price(self.grid_fee),
            fee_bps: self.market_fee,
            ..DEFAULT_TERMS
        }
    }
}

fn window(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(seconds) if is_window_length(seconds) => Ok(seconds),
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
