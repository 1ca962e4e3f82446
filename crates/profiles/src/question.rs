use std::fmt;

use crate::{printable, shown};

/// Two readings are possible: both, and the option that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A local time, and nobody says whose.
    Zone { line: u64, value: String },
    /// A number without a unit; both readings in milliwatts, where they fit.
    Unit {
        column: usize,
        name: String,
        value: String,
        as_kilowatts: Option<i128>,
        as_kilowatt_hours: Option<i128>,
    },
    /// Day and month can't be told apart in any row.
    DateOrder { line: u64, value: String },
    /// A mark before three digits, in all numbers of the file.
    DecimalMark { line: u64, value: String },
    /// Energies of an interval each, or registers.
    Values {
        column: usize,
        name: String,
        line: u64,
    },
    /// A household's energy, and nobody says which way it flows.
    Direction {
        column: usize,
        name: String,
        /// As `--columns` names it.
        reference: String,
    },
    /// Two columns that could be the time.
    Time {
        first: String,
        second: String,
        /// What `--columns` could say.
        advice: String,
    },
    /// Two characters that both make a table of the file.
    Separator {
        first: &'static str,
        second: &'static str,
    },
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Question::Zone { line, value } => write!(
                f,
                "line {line}: '{}' has no zone: add Z, an offset, or --zone, as in --zone Europe/Vienna",
                printable(value)
            ),
            Question::Unit {
                column,
                name,
                value,
                as_kilowatts,
                as_kilowatt_hours,
            } => {
                let or = |power: &Option<i128>| {
                    power.map_or_else(|| "too much".to_owned(), shown::power)
                };
                write!(
                    f,
                    "column {column} '{}' names no unit: is {} a power in kW ({}) or an energy per interval in kWh ({})? \
                     pass --unit kW or --unit kWh; or W, Wh, MWh",
                    printable(name),
                    printable(value),
                    or(as_kilowatts),
                    or(as_kilowatt_hours),
                )
            }
            Question::DateOrder { line, value } => write!(
                f,
                "line {line}: is '{}' day/month or month/day? no row tells; pass --dates dmy or --dates mdy",
                printable(value)
            ),
            Question::DecimalMark { line, value } => write!(
                f,
                "line {line}: does '{}' have decimals or thousands? no number tells; pass --decimal comma or --decimal \
                 point",
                printable(value)
            ),
            Question::Values { column, name, line } => write!(
                f,
                "column {column} '{}': its values never fall until line {line}: is each the energy of its interval, or \
                 what a register showed? pass --values interval or --values register",
                printable(name)
            ),
            Question::Direction {
                column,
                name,
                reference,
            } => write!(
                f,
                "column {column} '{}': is it what the household uses (load), what its panels give (pv) or both in one, \
                 drawn less fed in (net)? rename it like 'name_load_kwh', or pass --columns, as in --columns \
                 'load={reference}'",
                printable(name),
            ),
            Question::Time {
                first,
                second,
                advice,
            } => write!(
                f,
                "columns '{}' and '{}': which is the time? pass --columns, as in --columns '{advice}', and --stamps end \
                 if it is the interval's end",
                printable(first),
                printable(second),
            ),
            Question::Separator { first, second } => write!(
                f,
                "are columns separated by {first} or by {second}? pass --separator {first} or --separator {second}"
            ),
        }
    }
}
