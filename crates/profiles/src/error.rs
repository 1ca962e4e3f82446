use std::io;

use crate::{printable, series::MAX_WATTS, shown, Fill, Finding, Question, WINDOW_LENGTHS};

/// Why a file holds no profiles. Lines and columns count from 1.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("can't be read")]
    Unreadable(#[source] io::Error),
    #[error("begins like gzip and can't be unpacked; copy it anew")]
    BrokenGzip(#[source] io::Error),
    #[error("line {line}: not text in {encoding}; save the file as UTF-8")]
    NotText { line: u64, encoding: &'static str },
    #[error("the file is empty; a line must name the columns: time,<household>_load_w,…")]
    Empty,
    #[error(
        "line {line}: a heading was expected, and here are values already; add a line that names the columns: \
         time,<household>_load_w,…"
    )]
    NoHeading { line: u64 },
    #[error("line {line}: {found} values where the heading names {expected} columns; give every column a value")]
    Ragged {
        line: u64,
        expected: usize,
        found: usize,
    },
    #[error(
        "no column of times among {columns}; name it 'time', or say which it is, as in --columns '{}'",
        advice.as_deref().unwrap_or("time=DateTime,load=*")
    )]
    NoTimeColumn {
        columns: String,
        /// What `--columns` could say.
        advice: Option<String>,
    },
    #[error("{}", unknown(columns, advice.as_deref()))]
    UnknownColumns {
        columns: Vec<(usize, String)>,
        advice: Option<String>,
    },
    #[error(
        "column {column} '{}' holds no numbers, line {line} has '{}'; name only columns of numbers in --columns, and \
         this one as 'household={reference}' if it says whose row it is",
        printable(name),
        printable(value)
    )]
    NoNumbers {
        column: usize,
        name: String,
        line: u64,
        value: String,
        reference: String,
    },
    #[error(
        "column {number} '{}' is there twice for household '{}', as column {first}; remove one",
        printable(name),
        printable(household)
    )]
    DuplicateColumn {
        number: usize,
        first: usize,
        name: String,
        household: String,
    },
    #[error(
        "columns {first} and {second} count the same energy of household '{}'; say with --columns which to read",
        printable(household)
    )]
    CountedTwice {
        household: String,
        first: usize,
        second: usize,
    },
    #[error(
        "columns {first} and {number} '{}' both are the {role} of each row's household; name one in --columns",
        printable(name)
    )]
    DuplicateInRow {
        number: usize,
        first: usize,
        name: String,
        role: &'static str,
    },
    #[error("line {line}, column {column}: no household is named; name one in each row")]
    NoHouseholdName { line: u64, column: usize },
    #[error(
        "--columns: there is no column '{}'; there are {there}",
        printable(name)
    )]
    NoSuchColumn { name: String, there: String },
    #[error("--columns: '{}' could be column {first} or column {second}; write its whole name, or #{first}",
            printable(name))]
    UnclearColumn {
        name: String,
        first: usize,
        second: usize,
    },
    #[error(
        "--columns: column {number} '{}' is named twice; name it once",
        printable(name)
    )]
    ColumnChosenTwice { number: usize, name: String },
    #[error(
        "no household; add columns '<household>_load_w' and '<household>_pv_w', or say which there are, as in --columns \
         \"load=Consumption,pv=Generation\""
    )]
    NoHouseholds,
    #[error("rows of values: {0}; at least 2 are needed, to tell the interval's length from their times; or pass --interval")]
    TooFewRows(usize),
    #[error(
        "line {line}, column {column} '{}': '{}' is not a time like 2021-02-14T23:00:00Z, 2021-02-15 00:00, 15.02.2021 \
         00:00 or 1613343600", printable(name), printable(value)
    )]
    BadTime {
        line: u64,
        column: usize,
        name: String,
        value: String,
    },
    #[error(
        "line {line}: '{}' says that the day comes first, line {other} that the month does; write all dates alike",
        printable(value)
    )]
    MixedDates {
        line: u64,
        other: u64,
        value: String,
    },
    #[error("line {line}, column {column} '{}': '{}' is not a number; write one like 0.4, or leave the cell empty",
            printable(name), printable(value))]
    BadNumber {
        line: u64,
        column: usize,
        name: String,
        value: String,
    },
    #[error("line {comma} has a decimal comma, line {point} a decimal point; write all numbers alike, or pass --decimal")]
    MixedDecimals { comma: u64, point: u64 },
    #[error(
        "line {line}, column {column} '{}': '{}' is negative, and what a household uses or its panels give is not; if \
         the column is drawn less fed in, pass it as --columns \"net={}\"", printable(name), printable(value),
        printable(name)
    )]
    Negative {
        line: u64,
        column: usize,
        name: String,
        value: String,
    },
    #[error(
        "line {line}, column {column} '{}': '{}' is {power} for household '{}'; a household can be at most \
         {MAX_WATTS} W: check the unit", printable(name), printable(value), printable(household)
    )]
    PowerTooLarge {
        line: u64,
        column: usize,
        name: String,
        value: String,
        household: String,
        power: String,
    },
    #[error(
        "line {line}, column {column} '{}': '{}' is no length of an interval; write one like 15 min or 1 h, or pass \
         --interval", printable(name), printable(value)
    )]
    BadLength {
        line: u64,
        column: usize,
        name: String,
        value: String,
    },
    #[error(
        "line {line}, column {column} '{}': '{}', where rows above last {}; leave such rows out, or pass --interval",
        printable(name), printable(value), shown::length(*above)
    )]
    OtherLength {
        line: u64,
        column: usize,
        name: String,
        value: String,
        above: i64,
    },
    #[error(
        "rows last {} by {said_by}, and are {} apart; pass --interval with the true length",
        shown::length(*said), shown::length(*found)
    )]
    LengthsDiffer {
        said: i64,
        said_by: &'static str,
        found: i64,
    },
    #[error(
        "intervals of {}; a delivery window lasts {} s to {} s and divides a day: add the rows up or leave some out",
        shown::length(*length), WINDOW_LENGTHS.start(), WINDOW_LENGTHS.end()
    )]
    IntervalLength { length: i64 },
    #[error(
        "line {line}, column {column} '{}': household '{}': {why}; use another --fill than {fill}",
        printable(name),
        printable(household)
    )]
    CannotFill {
        line: u64,
        column: usize,
        name: String,
        household: String,
        fill: Fill,
        why: &'static str,
    },
    #[error(
        "far more rows are missing than the {rows} there are; check their times, and cut the file where data is missing"
    )]
    TooSparse { rows: usize },
    #[error("{}", asked(.0))]
    Questions(Vec<Question>),
    #[error("{}", listed(.0))]
    Findings(Vec<Finding>),
}

fn unknown(columns: &[(usize, String)], advice: Option<&str>) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<String> = columns
        .iter()
        .take(SHOWN)
        .map(|(number, name)| format!("column {number} '{}'", printable(name)))
        .collect();
    if let Some(more @ 1..) = columns.len().checked_sub(SHOWN) {
        names.push(format!("{more} more"));
    }
    let example = advice.map_or_else(String::new, |advice| {
        format!(", as in --columns '{advice}'")
    });
    format!(
        "{}: neither 'time' nor '<household>_load_<unit>', '_pv_', '_net_', '_import_' or '_export_'; rename or remove, \
         or say with --columns which to read{example}",
        names.join(", ")
    )
}

fn asked(questions: &[Question]) -> String {
    let all: Vec<String> = questions.iter().map(Question::to_string).collect();
    all.join("\n  ")
}

fn listed(findings: &[Finding]) -> String {
    let all: Vec<String> = findings.iter().map(Finding::to_string).collect();
    let can_be_filled = findings.iter().all(Finding::can_be_filled);
    let hint = if can_be_filled {
        "\n  fill them with --fill zero, previous, mean or yesterday, or add the rows"
    } else {
        ""
    };
    match all.len() {
        1 => format!("{}{hint}", all.join("")),
        count => format!("{count} findings\n  {}{hint}", all.join("\n  ")),
    }
}
