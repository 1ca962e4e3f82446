use std::fmt;

use joulebook_units::Seconds;

use crate::{printable, shown, Energy, LoadProfiles, Profile, Unit};

/// Less than any household draws at its most, mW.
const LEAST_PEAK: i128 = 10_000;
/// More than any household draws on average, mW.
const MOST_MEAN: i128 = 100_000_000;

/// Something that can be, and hardly is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Never more than so many mW.
    TooSmall {
        household: String,
        flow: Flow,
        peak: i128,
        unit: String,
    },
    /// So many mW on average.
    TooLarge {
        household: String,
        flow: Flow,
        mean: i128,
        unit: String,
    },
    /// A column says another unit than the option.
    UnitStays {
        column: usize,
        name: String,
        unit: Unit,
    },
    /// So many values have digits below an attojoule.
    Rounded { values: u64 },
}

/// Which way energy flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Draws,
    Gives,
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Flow::Draws => "draws",
            Flow::Gives => "feeds in",
        })
    }
}

/// What can hardly be of profiles that were read in `units`, one of each household.
pub fn of_profiles(profiles: &LoadProfiles, units: &[Vec<Unit>]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (household, units) in profiles.households.iter().zip(units) {
        let names: Vec<&str> = units.iter().map(|unit| unit.name()).collect();
        let unit = names.join(" and ");
        for (flow, series) in [
            (Flow::Draws, &household.load),
            (Flow::Draws, &household.import),
            (Flow::Gives, &household.pv),
            (Flow::Gives, &household.export),
        ] {
            warnings.extend(of_series(household, flow, series, &unit, profiles.length));
        }
    }
    warnings
}

fn of_series(
    household: &Profile,
    flow: Flow,
    series: &[Energy],
    unit: &str,
    length: Seconds,
) -> Option<Warning> {
    let peak = series.iter().max()?.milliwatts(length);
    let sum = series
        .iter()
        .fold(Energy(0), |sum, energy| sum.saturating_add(*energy));
    let count = i128::try_from(series.len()).ok()?;
    let mean = Energy(sum.0.checked_div(count)?).milliwatts(length);
    let (household, unit) = (household.name.clone(), unit.to_owned());
    if sum.0 > 0 && peak < LEAST_PEAK {
        return Some(Warning::TooSmall {
            household,
            flow,
            peak,
            unit,
        });
    }
    (mean > MOST_MEAN).then_some(Warning::TooLarge {
        household,
        flow,
        mean,
        unit,
    })
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Warning::TooSmall {
                household,
                flow,
                peak,
                unit,
            } => write!(
                f,
                "household '{}' never {flow} more than {}, read as {unit}; if that can't be, say the unit in the \
                 column's name or by --unit",
                printable(household),
                shown::power(*peak)
            ),
            Warning::TooLarge {
                household,
                flow,
                mean,
                unit,
            } => write!(
                f,
                "household '{}' {flow} {} on average, read as {unit}; if that can't be, say the unit in the column's \
                 name or by --unit",
                printable(household),
                shown::power(*mean)
            ),
            Warning::UnitStays { column, name, unit } => write!(
                f,
                "column {column} '{}' says {} and is read so, --unit is for the others; rename it if it is wrong",
                printable(name),
                unit.name()
            ),
            Warning::Rounded { values } => write!(
                f,
                "values with digits below 10⁻¹⁸ J, rounded to it: {values}"
            ),
        }
    }
}
