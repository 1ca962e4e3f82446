//! A first look at all rows: whose they are, when, and how numbers and dates are written.

use std::collections::HashMap;

use crate::{
    columns::{duration_unit, is_number, reference, Columns},
    table::{is_missing, MarkSurvey, Row, Table},
    times::{DateSurvey, RawStamp, RowLength},
    ProfileError,
};

/// What all rows say of themselves.
#[derive(Debug, Default)]
pub struct Survey {
    /// One in wide format, and one for each household in long format.
    pub groups: Vec<Group>,
    pub dates: DateSurvey,
    pub marks: MarkSurvey,
    /// For each column of values, the first that is not 0, or else the first.
    pub samples: Vec<Option<String>>,
    /// Likewise, what it holds.
    contents: Vec<Contents>,
    /// Seconds that a row lasts, as a column says.
    pub duration: Option<i64>,
    pub rows: usize,
}

/// What was seen of a column of values.
#[derive(Clone, Debug)]
enum Contents {
    Nothing,
    Text { line: u64, first: String },
    Numbers,
}

/// The rows of one household in long format, or all.
#[derive(Debug, Default)]
pub struct Group {
    pub household: Option<String>,
    pub stamps: Vec<(u64, RawStamp)>,
}

/// Finds the group of a row.
#[derive(Debug, Default)]
pub struct Groups {
    column: Option<usize>,
    places: HashMap<String, usize>,
}

impl Groups {
    pub fn new(columns: &Columns) -> Groups {
        Groups {
            column: columns.household,
            places: HashMap::new(),
        }
    }

    /// Its place, and its household if it is a new group.
    ///
    /// # Errors
    /// [`ProfileError::NoHouseholdName`].
    pub fn of(&mut self, row: &Row) -> Result<(usize, Option<String>), ProfileError> {
        let Some(column) = self.column else {
            return Ok((0, None));
        };
        let name = row.cell(column);
        if name.is_empty() {
            return Err(ProfileError::NoHouseholdName {
                line: row.line,
                column: column.saturating_add(1),
            });
        }
        if let Some(place) = self.places.get(name) {
            return Ok((*place, None));
        }
        let place = self.places.len();
        self.places.insert(name.to_owned(), place);
        Ok((place, Some(name.to_owned())))
    }
}

impl Survey {
    /// # Errors
    /// [`ProfileError`] for a row that is no row, or whose time is none.
    pub fn of(table: &Table, columns: &Columns) -> Result<Survey, ProfileError> {
        let mut survey = Survey {
            samples: vec![None; columns.values.len()],
            contents: vec![Contents::Nothing; columns.values.len()],
            ..Survey::default()
        };
        let mut groups = Groups::new(columns);
        if columns.household.is_none() {
            survey.groups.push(Group::default());
        }
        for row in table.rows() {
            let row = row?;
            let (place, new) = groups.of(&row)?;
            if new.is_some() {
                survey.groups.push(Group {
                    household: new,
                    stamps: Vec::new(),
                });
            }
            let stamp = survey.stamp(&row, table, columns)?;
            if let Some(group) = survey.groups.get_mut(place) {
                group.stamps.push((row.line, stamp));
            }
            survey.look_at_values(&row, columns);
            survey.look_at_duration(&row, table, columns)?;
            survey.rows = survey.rows.saturating_add(1);
        }
        Ok(survey)
    }

    fn stamp(
        &mut self,
        row: &Row,
        table: &Table,
        columns: &Columns,
    ) -> Result<RawStamp, ProfileError> {
        let time = columns.time.unwrap_or_default();
        let column = columns.date.unwrap_or(time);
        let text = row.cell(column);
        let date = RawStamp::parse(text);
        let stamp = match columns.date {
            Some(_) => date.and_then(|date| date.with_clock(row.cell(time))),
            None => date,
        };
        let Some(stamp) = stamp else {
            // Of two cells, the one that is wrong.
            let wrong = if date.is_some() { time } else { column };
            return Err(bad_time(row, table, wrong));
        };
        self.dates.add(row.line, text, stamp);
        Ok(stamp)
    }

    fn look_at_values(&mut self, row: &Row, columns: &Columns) {
        let seen = self.samples.iter_mut().zip(&mut self.contents);
        for (column, (sample, contents)) in columns.values.iter().zip(seen) {
            let cell = row.cell(column.index);
            if is_missing(cell) {
                continue;
            }
            match contents {
                Contents::Numbers => {}
                _ if is_number(cell) => *contents = Contents::Numbers,
                Contents::Text { .. } => {}
                Contents::Nothing => {
                    *contents = Contents::Text {
                        line: row.line,
                        first: cell.to_owned(),
                    };
                }
            }
            self.marks.add(row.line, cell);
            let is_zero = |text: &str| !text.contains(|digit| matches!(digit, '1'..='9'));
            if sample
                .as_deref()
                .is_none_or(|first| is_zero(first) && !is_zero(cell))
            {
                *sample = Some(cell.to_owned());
            }
        }
    }

    fn look_at_duration(
        &mut self,
        row: &Row,
        table: &Table,
        columns: &Columns,
    ) -> Result<(), ProfileError> {
        let Some(column) = columns.duration else {
            return Ok(());
        };
        let text = row.cell(column);
        if is_missing(text) {
            return Ok(());
        }
        let (line, number) = (row.line, column.saturating_add(1));
        let (name, value) = (table.names.get(column).cloned(), text.to_owned());
        let name = name.unwrap_or_default();
        let Some(length) = length_of(text, &name, columns.is_duration_chosen) else {
            return Err(ProfileError::BadLength {
                line,
                column: number,
                name,
                value,
            });
        };
        match self.duration.replace(length) {
            Some(above) if above != length => Err(ProfileError::OtherLength {
                line,
                column: number,
                name,
                value,
                above,
            }),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// [`ProfileError::NoNumbers`] for a column of values that has text and not one number.
    pub fn check_numbers(&self, table: &Table, columns: &Columns) -> Result<(), ProfileError> {
        for (column, contents) in columns.values.iter().zip(&self.contents) {
            if let Contents::Text { line, first } = contents {
                return Err(ProfileError::NoNumbers {
                    column: column.number(),
                    name: column.name.clone(),
                    line: *line,
                    value: first.clone(),
                    reference: reference(&table.names, column.index),
                });
            }
        }
        Ok(())
    }
}

/// Seconds of a duration. A number alone is of the unit that the column's name has; without one of seconds, if somebody
/// chose the column, and else it could be of any.
fn length_of(text: &str, name: &str, is_chosen: bool) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let text = match duration_unit(name) {
        Some(unit) if is_plain => format!("{text} {unit}"),
        None if is_plain && !is_chosen => return None,
        _ => text.to_owned(),
    };
    text.parse().ok().map(|length: RowLength| length.0)
}

/// The error for a row's time.
pub fn bad_time(row: &Row, table: &Table, column: usize) -> ProfileError {
    ProfileError::BadTime {
        line: row.line,
        column: column.saturating_add(1),
        name: table.names.get(column).cloned().unwrap_or_default(),
        value: row.cell(column).to_owned(),
    }
}
