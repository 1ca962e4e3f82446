use std::fmt;

use crate::printable;

/// A row or a value that is not as it should be. Lines count from 1; times are those of the file,
/// with their distance from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Rows that are not there, behind a line.
    Gap {
        household: Option<String>,
        after: u64,
        missing: u64,
        first: String,
    },
    /// Rows that other households have before this one's first.
    StartsLate {
        household: String,
        line: u64,
        missing: u64,
    },
    /// Rows that other households have after this one's last.
    EndsEarly {
        household: String,
        line: u64,
        missing: u64,
    },
    /// A cell that holds no number, in so many rows on end.
    Missing {
        column: usize,
        name: String,
        household: String,
        line: u64,
        last: u64,
        value: String,
    },
    /// The time of an earlier row.
    Duplicate { line: u64, first: u64, time: String },
    /// A time before that of an earlier row.
    Swapped { line: u64, above: u64, time: String },
    /// A time off the distance of the others.
    Uneven {
        line: u64,
        above: u64,
        found: i64,
        length: i64,
    },
    /// A local time that clocks skipped.
    PhantomHour {
        line: u64,
        value: String,
        same_as: Option<(u64, String)>,
    },
    /// A register that shows less than before.
    RegisterFell {
        line: u64,
        column: usize,
        name: String,
        from: String,
        to: String,
    },
}

impl Finding {
    /// Where it is, for sorting.
    pub fn line(&self) -> u64 {
        match self {
            Finding::Gap { after: line, .. }
            | Finding::StartsLate { line, .. }
            | Finding::EndsEarly { line, .. }
            | Finding::Missing { line, .. }
            | Finding::Duplicate { line, .. }
            | Finding::Swapped { line, .. }
            | Finding::Uneven { line, .. }
            | Finding::PhantomHour { line, .. }
            | Finding::RegisterFell { line, .. } => *line,
        }
    }

    /// Whether [`Fill`](crate::Fill) can mend it.
    pub fn can_be_filled(&self) -> bool {
        matches!(
            self,
            Finding::Gap { .. }
                | Finding::StartsLate { .. }
                | Finding::EndsEarly { .. }
                | Finding::Missing { .. }
        )
    }
}

fn rows(count: u64) -> String {
    match count {
        1 => "1 row is missing".to_owned(),
        _ => format!("{count} rows are missing"),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Finding::Gap {
                household,
                after,
                missing,
                first,
            } => {
                write!(
                    f,
                    "gap after line {after}: {}, from {first} on",
                    rows(*missing)
                )?;
                household.as_ref().map_or(Ok(()), |household| {
                    write!(f, ", of household '{}'", printable(household))
                })
            }
            Finding::StartsLate {
                household,
                line,
                missing,
            } => write!(
                f,
                "line {line}: household '{}' begins after others: {} before it",
                printable(household),
                rows(*missing)
            ),
            Finding::EndsEarly {
                household,
                line,
                missing,
            } => write!(
                f,
                "line {line}: household '{}' ends before others: {} after it",
                printable(household),
                rows(*missing)
            ),
            Finding::Missing {
                column,
                name,
                household,
                line,
                last,
                value,
            } => {
                match last.checked_sub(*line) {
                    Some(1..) => write!(f, "lines {line} to {last}")?,
                    _ => write!(f, "line {line}")?,
                }
                write!(
                    f,
                    ", column {column} '{}': no value of household '{}', ",
                    printable(name),
                    printable(household)
                )?;
                match value.as_str() {
                    "" => f.write_str("the cell is empty"),
                    value => write!(f, "but '{}'", printable(value)),
                }
            }
            Finding::Duplicate { line, first, time } => write!(
                f,
                "line {line}: duplicate: {time} stands in line {first} already; remove one of the two"
            ),
            Finding::Swapped { line, above, time } => write!(
                f,
                "line {line}: swapped: {time} is before the time of line {above} above it; sort the rows"
            ),
            Finding::Uneven {
                line,
                above,
                found,
                length,
            } => write!(
                f,
                "line {line}: uneven: {found} s after line {above}, where rows last {length} s; put it on their grid"
            ),
            Finding::PhantomHour {
                line,
                value,
                same_as,
            } => {
                write!(
                    f,
                    "line {line}: '{}' never was: clocks skipped that hour",
                    printable(value)
                )?;
                match same_as {
                    Some((other, text)) => write!(
                        f,
                        ", and it is the moment of line {other}, '{}'; remove line {line}",
                        printable(text)
                    ),
                    None => f.write_str("; remove the row, or write its true time with an offset"),
                }
            }
            Finding::RegisterFell {
                line,
                column,
                name,
                from,
                to,
            } => write!(
                f,
                "line {line}, column {column} '{}': the register fell from {} to {}: it was reset or replaced; cut the \
                 file there, or pass --values interval if it is no register",
                printable(name),
                printable(from),
                printable(to)
            ),
        }
    }
}
