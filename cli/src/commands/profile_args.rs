//! What a file of profiles does not say of itself, and the arguments that do.

use std::path::Path;

use clap::{Args, ValueEnum};
use joulebook_profiles::{
    ColumnChoice, DateOrder, DecimalMark, Options, Reading, RowLength, Separator, Unit, Zone,
};

/// How a file of profiles is read, where it does not tell.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How FILE is read, where it does not tell")]
pub struct ProfileArgs {
    /// Unit of the columns whose name tells none: W and kW are power, Wh, kWh and MWh energy per interval
    #[arg(long, requires = "profiles", value_name = "UNIT")]
    unit: Option<Unit>,
    /// Zone of times without an offset, as in Europe/Vienna or +05:30
    #[arg(
        long,
        requires = "profiles",
        value_name = "ZONE",
        allow_hyphen_values = true
    )]
    zone: Option<Zone>,
    /// Which columns to read, and as what: time, date, household, load, pv, net (or value), import, export, duration.
    /// A name, its beginning, #2 for the second column, or * for all others but times and durations
    #[arg(long, requires = "profiles", value_name = "ROLE=NAME,…")]
    columns: Option<ColumnChoice>,
    /// Whether a row's time is the start or the end of its interval [default: start]
    #[arg(long, requires = "profiles", value_enum)]
    stamps: Option<Stamps>,
    /// What stands for missing values; they are counted in the report
    #[arg(long, requires = "profiles", value_enum)]
    fill: Option<Fill>,
    /// Whether energies are of an interval each or what a register showed
    #[arg(long, requires = "profiles", value_enum)]
    values: Option<Values>,
    /// How long a row lasts, as in 15min, 1h or 900; else as a column 'Duration' or the rows' times say
    #[arg(long, requires = "profiles", value_name = "LENGTH")]
    interval: Option<RowLength>,
    /// Whether 09/04/2024 is in April (dmy) or in September (mdy)
    #[arg(long, requires = "profiles", value_name = "dmy|mdy")]
    dates: Option<DateOrder>,
    /// Whether 1,234 has decimals (comma) or thousands (point)
    #[arg(long, requires = "profiles", value_name = "comma|point")]
    decimal: Option<DecimalMark>,
    /// What separates columns
    #[arg(long, requires = "profiles", value_name = "comma|semicolon|tab|pipe")]
    separator: Option<Separator>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stamps {
    Start,
    End,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Values {
    Interval,
    Register,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Fill {
    /// As if nothing had flowed
    Zero,
    /// The value before
    Previous,
    /// The mean of the column; of a register, what flowed in the gap, spread evenly
    Mean,
    /// The value of the same time on the day before
    Yesterday,
}

impl ProfileArgs {
    /// As the reader takes them.
    pub fn options(&self) -> Options {
        Options {
            unit: self.unit,
            values: self.values.map(|values| match values {
                Values::Interval => joulebook_profiles::Values::Interval,
                Values::Register => joulebook_profiles::Values::Register,
            }),
            zone: self.zone.clone(),
            stamps: match self.stamps {
                Some(Stamps::End) => joulebook_profiles::Stamps::End,
                Some(Stamps::Start) | None => joulebook_profiles::Stamps::Start,
            },
            length: self.interval,
            columns: self.columns.clone(),
            dates: self.dates,
            decimal: self.decimal,
            separator: self.separator,
            fill: self.fill.map(|fill| match fill {
                Fill::Zero => joulebook_profiles::Fill::Zero,
                Fill::Previous => joulebook_profiles::Fill::Previous,
                Fill::Mean => joulebook_profiles::Fill::Mean,
                Fill::Yesterday => joulebook_profiles::Fill::Yesterday,
            }),
        }
    }
}

/// What a file, of profiles or another, is called in messages.
pub fn name_of(path: &Path) -> String {
    match path.to_str() {
        Some("-") => "standard input".to_owned(),
        _ => joulebook_profiles::printable_whole(&path.display().to_string()),
    }
}

/// What a file was understood as, and what of it can hardly be, a line each.
pub fn said(path: &Path, reading: &Reading) -> String {
    let name = name_of(path);
    let mut lines = vec![format!("{name}: {}", reading.understood)];
    for warning in &reading.warnings {
        lines.push(format!("{name}: warning: {warning}"));
    }
    lines.join("\n")
}
