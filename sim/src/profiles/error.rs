use std::io;

use super::{header::MAX_HOUSEHOLDS, row::MAX_WATTS};

/// Why a file holds no profiles. Lines count from 1, the heading's.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("can't be read")]
    Unreadable(#[from] io::Error),
    #[error("the file is empty; its first line must name the columns: time,<household>_load_w,…")]
    Empty,
    #[error("line {line}: not UTF-8; save the file as UTF-8")]
    NotUtf8 { line: u64 },
    #[error("line {line}: {found} values where the heading names {expected} columns")]
    Ragged {
        line: u64,
        expected: u64,
        found: u64,
    },
    #[error(
        "no column 'time'; the first line must name the columns, separated by commas: \
         time,<household>_load_w,<household>_pv_w"
    )]
    NoTimeColumn,
    #[error(
        "column {number} '{name}' is neither 'time' nor '<household>_load_w' nor \
         '<household>_pv_w'; rename or remove it"
    )]
    UnknownColumn { number: usize, name: String },
    #[error("column {number} '{name}' is there twice; remove one")]
    DuplicateColumn { number: usize, name: String },
    #[error(
        "column {number}: a household's name must have 1 to 32 characters, none of them a control \
         character"
    )]
    BadName { number: usize },
    #[error("no household; add columns '<household>_load_w' and '<household>_pv_w'")]
    NoHouseholds,
    #[error("{0} households; at most {MAX_HOUSEHOLDS} can be simulated")]
    TooManyHouseholds(usize),
    #[error(
        "rows of values: {0}; at least 2 are needed, to tell the interval's length from their times"
    )]
    TooFewRows(usize),
    #[error(
        "line {line}, column time: '{value}' is not a time like 2021-02-14T23:00:00Z or \
         2021-02-15T00:00:00+01:00"
    )]
    BadTime { line: u64, value: String },
    #[error(
        "line {line}: the time is not after that of the row before; sort the rows and remove those \
         that are there twice"
    )]
    NotIncreasing { line: u64 },
    #[error(
        "line {line}: rows missing before it: {missing}; give every interval of {length} s a row"
    )]
    Gap {
        line: u64,
        missing: i64,
        length: i64,
    },
    #[error(
        "line {line}: {found} s after the row before, where the rows above are {length} s apart; all \
         intervals must have the same length"
    )]
    Uneven { line: u64, found: i64, length: i64 },
    #[error(
        "line {line}: intervals of {length} s; a delivery window lasts 60 s to 86400 s and divides a day \
         of 86400 s: add the rows up or leave some out"
    )]
    IntervalLength { line: u64, length: i64 },
    #[error(
        "line {line}: the time is not a multiple of the interval of {length} s; shift the times to \
         its boundaries"
    )]
    OffBoundary { line: u64, length: i64 },
    #[error(
        "line {line}, column {column}: '{value}' is not a power in W; write a number from 0 to \
         {MAX_WATTS}"
    )]
    BadPower {
        line: u64,
        column: String,
        value: String,
    },
    #[error(
        "{days} days were asked for, but there are {intervals} intervals of {seconds} s, {whole} \
         whole days: ask for no more, or leave --days out to run the whole file"
    )]
    TooFewDays {
        days: u32,
        intervals: usize,
        seconds: i64,
        whole: i64,
    },
}
