//! Axes of time, of hours, and of numbers of any size.

use std::ops::Range;

use indicatif::HumanCount;
use jiff::Timestamp;
use joulebook_units::{SECONDS_PER_DAY, SECONDS_PER_HOUR};
use plotters::coord::{
    ranged1d::{DefaultFormatting, KeyPointHint, Ranged},
    types::RangedCoordf64,
};

/// A range of numbers with labels at chosen ones.
pub struct LabelledRange {
    range: RangedCoordf64,
    labels: Vec<f64>,
}

impl LabelledRange {
    pub fn new(range: Range<f64>, labels: Vec<f64>) -> LabelledRange {
        LabelledRange {
            range: range.into(),
            labels,
        }
    }
}

impl Ranged for LabelledRange {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.range.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.labels.clone(),
        }
    }

    fn range(&self) -> Range<f64> {
        self.range.range()
    }
}

/// Labels on an axis of time, at most.
const MOST_LABELS: i64 = 12;
const DAY: i64 = SECONDS_PER_DAY;
const HOUR: i64 = SECONDS_PER_HOUR;
/// What people count time in, in seconds.
const STEPS: [i64; 16] = [
    300,
    900,
    1800,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    5 * DAY,
    10 * DAY,
    30 * DAY,
    60 * DAY,
    180 * DAY,
];

/// The moments to be named on an axis of time, so far apart at least, all of them at whole hours or days of UTC.
pub fn moments(start: i64, end: i64, least: i64) -> Vec<i64> {
    let length = end.saturating_sub(start).max(1);
    let fits = |step: &&i64| **step >= least && length / **step <= MOST_LABELS;
    let step = STEPS.iter().find(fits).copied().unwrap_or(length);
    let first = start
        .div_euclid(step)
        .saturating_add(1)
        .saturating_mul(step);
    let from = if start % step == 0 { start } else { first };
    let mut moments = Vec::new();
    let mut moment = from;
    while moment <= end {
        moments.push(moment);
        moment = moment.saturating_add(step);
    }
    moments
}

/// What a moment is called among others: days by their date, other moments by the time of day.
pub fn moment_name(moment: i64) -> String {
    let format = match moment % DAY {
        0 => "%-d %b",
        _ => "%H:%M",
    };
    format_moment(moment, format)
}

/// From when to when, for the title.
pub fn period(start: i64, end: i64) -> String {
    let day = |moment| format_moment(moment, "%Y-%m-%d");
    match (day(start), day(end.saturating_sub(1))) {
        (first, last) if first == last => first,
        (first, last) => format!("{first} to {last}"),
    }
}

fn format_moment(moment: i64, format: &str) -> String {
    Timestamp::from_second(moment).map_or_else(
        |_| moment.to_string(),
        |moment| moment.strftime(format).to_string(),
    )
}

/// A number on an axis of that length, with as many decimals as its steps need, and its thousands set apart.
pub fn number(value: f64, length: f64) -> String {
    let decimals = match length.abs() {
        0.0 => 0,
        length => (1.0 - length.log10().floor()).clamp(0.0, 9.0) as usize,
    };
    let text = format!("{:.decimals$}", value.abs());
    let digits = text.find('.').unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits);
    let whole = match whole.parse() {
        Ok(whole) => HumanCount(whole).to_string(),
        Err(_) => whole.to_owned(),
    };
    // Not "-0.00".
    let is_zero = text.chars().all(|one| matches!(one, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    format!("{sign}{whole}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_whole_hours_or_days() {
        let june = 1_717_200_000;
        let three_days = moments(june, june + 3 * DAY, 900);
        assert_eq!(three_days.len(), 13);
        let names: Vec<String> = three_days
            .iter()
            .take(5)
            .map(|one| moment_name(*one))
            .collect();
        assert_eq!(names, ["1 Jun", "06:00", "12:00", "18:00", "2 Jun"]);
        let month = moments(june + 900, june + 30 * DAY, 900);
        assert_eq!(moment_name(month[0]), "4 Jun");
        assert!(month.iter().all(|one| one % DAY == 0));
        assert_eq!(moments(5, 5, 900), Vec::<i64>::new());
        assert_eq!(moments(june, june + 2 * DAY, DAY).len(), 3);
    }

    #[test]
    fn periods_are_named_by_their_first_and_last_day() {
        let june = 1_717_200_000;
        assert_eq!(period(june, june + DAY), "2024-06-01");
        assert_eq!(period(june, june + DAY + 1), "2024-06-01 to 2024-06-02");
    }

    #[test]
    fn numbers_have_the_decimals_of_their_axis() {
        assert_eq!(number(0.15, 0.4), "0.15");
        assert_eq!(number(150.0, 400.0), "150");
        assert_eq!(number(1.5, 4.0), "1.5");
        assert_eq!(number(0.000_15, 0.000_4), "0.00015");
        assert_eq!(number(-0.000_1, 4.0), "0.0");
        assert_eq!(number(0.0, 0.0), "0");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(number(200_000.0, 400_000.0), "200,000");
        assert_eq!(number(-1_234.5, 4.0), "-1,234.5");
        assert_eq!(number(1e300, 1e300).len(), 301);
    }
}
