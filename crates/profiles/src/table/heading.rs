//! Which line names the columns: the one above the first values.

use crate::{
    columns::{is_time_name, ColumnChoice},
    times::RawStamp,
};

use super::{Records, Separator};

/// Records among which the heading must be.
const SEARCHED: usize = 200;

/// How many records there are up to the heading, and its names; `None` if no row of values follows any. Two rows of
/// values are surer than one: lines before the heading may have a day as well.
pub fn find(
    text: &str,
    separator: Separator,
    choice: Option<&ColumnChoice>,
) -> Option<(usize, Vec<String>)> {
    let mut records: Vec<Vec<String>> = Vec::new();
    for record in Records::new(text, separator).take(SEARCHED) {
        let record = record.ok()?;
        records.push(record.cells.iter().map(str::to_owned).collect());
    }
    let times = |place: usize| {
        let names = records.get(place)?;
        let cells = records.get(place.saturating_add(1))?;
        let time = time_below(names, cells, choice)?;
        let next = records.get(place.saturating_add(2));
        let goes_on = next.is_some_and(|next| next.get(time).is_some_and(|cell| is_time(cell)));
        Some((place, goes_on))
    };
    let found: Vec<(usize, bool)> = (0..records.len()).filter_map(times).collect();
    let sure = found.iter().find(|(_, goes_on)| *goes_on);
    let (place, _) = sure.or(found.first()).copied()?;
    let width = records.get(place.saturating_add(1))?.len();
    let mut names = records.into_iter().nth(place)?;
    // A separator at the end of the heading alone is none of a column.
    while names.len() > width && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    Some((place.saturating_add(1), names))
}

/// The column of times, if `names` stand above a row of values.
fn time_below(names: &[String], cells: &[String], choice: Option<&ColumnChoice>) -> Option<usize> {
    if names.len() < 2 || cells.len() < 2 || names.iter().any(|name| is_moment(name)) {
        return None;
    }
    names.iter().zip(cells).position(|(name, cell)| {
        let is_named = is_time_name(name) || choice.is_some_and(|choice| choice.has_time(name));
        is_moment(cell) || (is_named && is_time(cell))
    })
}

fn is_time(cell: &str) -> bool {
    RawStamp::parse(cell).is_some()
}

/// A date, with or without a time of day. Unix seconds are not: any number could be them.
pub fn is_moment(cell: &str) -> bool {
    matches!(RawStamp::parse(cell), Some(stamp) if !stamp.is_unix())
}
