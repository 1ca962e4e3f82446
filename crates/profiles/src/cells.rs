//! Numbers out of all cells, as energy.

use joulebook_units::Seconds;

use crate::{
    columns::{Role, Unit, ValueColumn},
    schedule::Schedule,
    series::{Sample, MAX_WATTS},
    shown,
    survey::Groups,
    table::{is_missing, Decimal, Row, Table},
    DecimalMark, Energy, Finding, ProfileError,
};

/// More than any register shows.
const MOST: i128 = 10_i128.pow(34);

/// What each column holds for each household, in the sequence of the file, and what is missing.
#[derive(Debug)]
pub struct Cells {
    /// By group, column and row.
    pub samples: Vec<Vec<Vec<Sample>>>,
    pub findings: Vec<Finding>,
    /// Values with digits below an attojoule.
    pub rounded: u64,
}

/// What it takes to read a cell.
#[derive(Debug)]
pub struct CellReader<'a> {
    pub table: &'a Table<'a>,
    pub columns: &'a [ValueColumn],
    /// One for each of the columns.
    pub units: &'a [Unit],
    pub mark: DecimalMark,
    /// By group or, in wide format, by the column's household.
    pub households: &'a [String],
    pub is_long: bool,
}

impl CellReader<'_> {
    /// The household of a group's column.
    pub fn household(&self, group: usize, column: &ValueColumn) -> usize {
        if self.is_long {
            group
        } else {
            column.household
        }
    }

    pub fn household_name(&self, group: usize, column: &ValueColumn) -> String {
        let place = self.household(group, column);
        self.households.get(place).cloned().unwrap_or_default()
    }

    /// # Errors
    /// [`ProfileError`] for a cell that holds no number, or one that can't be.
    pub fn read(&self, schedule: &Schedule, mut groups: Groups) -> Result<Cells, ProfileError> {
        let lengths: Vec<Vec<i64>> = schedule
            .groups
            .iter()
            .map(|group| row_lengths(group, schedule.length))
            .collect();
        let mut cells = Cells {
            samples: schedule
                .groups
                .iter()
                .map(|group| vec![Vec::with_capacity(group.count); self.columns.len()])
                .collect(),
            findings: Vec::new(),
            rounded: 0,
        };
        // Where the last missing value of a group's column is told of.
        let mut told: Vec<Vec<Option<usize>>> =
            vec![vec![None; self.columns.len()]; schedule.groups.len()];
        for row in self.table.rows() {
            let row = row?;
            let (group, _) = groups.of(&row)?;
            let (Some(series), Some(told), Some(lengths)) = (
                cells.samples.get_mut(group),
                told.get_mut(group),
                lengths.get(group),
            ) else {
                continue;
            };
            let both = self.columns.iter().zip(self.units);
            for (((column, unit), series), told) in both.zip(series).zip(told) {
                let length = lengths
                    .get(series.len())
                    .copied()
                    .unwrap_or(schedule.length);
                let cell = row.cell(column.index);
                if is_missing(cell) {
                    series.push(Sample::MISSING);
                    self.tell(group, column, &row, told, &mut cells.findings);
                    continue;
                }
                *told = None;
                let (energy, is_rounded) = self.energy(group, column, *unit, length, &row)?;
                cells.rounded = cells.rounded.saturating_add(is_rounded.into());
                series.push(Sample::new(energy));
            }
        }
        Ok(cells)
    }

    fn energy(
        &self,
        group: usize,
        column: &ValueColumn,
        unit: Unit,
        length: i64,
        row: &Row,
    ) -> Result<(Energy, bool), ProfileError> {
        let text = row.cell(column.index);
        let number = Decimal::parse(text, self.mark).ok_or_else(|| ProfileError::BadNumber {
            line: row.line,
            column: column.number(),
            name: column.name.clone(),
            value: text.to_owned(),
        })?;
        if number.digits < 0 && column.role != Role::Net {
            return Err(ProfileError::Negative {
                line: row.line,
                column: column.number(),
                name: column.name.clone(),
                value: text.to_owned(),
            });
        }
        let (factor, power) = unit.attojoules(length);
        let scaled = number.scaled(factor, power);
        let Some((energy, is_rounded)) =
            scaled.filter(|(energy, _)| energy.saturating_abs() < MOST)
        else {
            return Err(self.too_much(group, column, row.line, None));
        };
        Ok((Energy(energy), is_rounded))
    }

    /// The error for a value that no household can have; its power if it can be told.
    pub fn too_much(
        &self,
        group: usize,
        column: &ValueColumn,
        line: u64,
        power: Option<(Energy, i64)>,
    ) -> ProfileError {
        let mut rows = self.table.rows().filter_map(Result::ok);
        let row = rows.find(|row| row.line == line);
        let power = power.map(|(energy, length)| shown::power(energy.milliwatts(Seconds(length))));
        ProfileError::PowerTooLarge {
            line,
            column: column.number(),
            name: column.name.clone(),
            value: row
                .map(|row| row.cell(column.index).to_owned())
                .unwrap_or_default(),
            household: self.household_name(group, column),
            power: power.unwrap_or_else(|| "more than can be counted".to_owned()),
        }
    }

    /// Tells of a missing value, or that one told of goes on.
    fn tell(
        &self,
        group: usize,
        column: &ValueColumn,
        row: &Row,
        told: &mut Option<usize>,
        findings: &mut Vec<Finding>,
    ) {
        let text = row.cell(column.index);
        let open = told.and_then(|place| findings.get_mut(place));
        if let Some(Finding::Missing { last, value, .. }) = open {
            if value == text {
                *last = row.line;
                return;
            }
        }
        *told = Some(findings.len());
        findings.push(Finding::Missing {
            column: column.number(),
            name: column.name.clone(),
            household: self.household_name(group, column),
            line: row.line,
            last: row.line,
            value: text.to_owned(),
        });
    }
}

/// Seconds that each row of the file lasts.
fn row_lengths(group: &crate::schedule::Timed, length: i64) -> Vec<i64> {
    let mut lengths = vec![length; group.count];
    for row in &group.order.rows {
        let place = row.row.and_then(|place| lengths.get_mut(place));
        if let Some(place) = place {
            *place = row.end.saturating_sub(row.start);
        }
    }
    lengths
}

/// The most that a household can move in so many seconds.
pub fn most(length: i64) -> Energy {
    Energy::of_watts(MAX_WATTS.into(), Seconds(length))
}
