//! Profiles out of rows and values: what is found wrong, what is filled, and what falls into each window.

use joulebook_units::{Seconds, UnixTime};

use crate::{
    cells::{most, CellReader, Cells},
    columns::{Role, ValueColumn},
    registers::in_order,
    schedule::{Schedule, Timed},
    series::{can_fill, differences, fill, spans, CannotFill, Differences, Sample, Span},
    shown,
    times::RowTime,
    windows::Windows,
    Energy, Fill, Finding, LoadProfiles, Profile, ProfileError,
};

/// All that profiles are made of.
#[derive(Debug)]
pub struct Assembly<'a> {
    pub reader: &'a CellReader<'a>,
    pub schedule: &'a Schedule<'a>,
    pub cells: &'a Cells,
    /// One for each column.
    pub are_registers: &'a [bool],
    /// Whether rows' times are their ends.
    pub are_ends: bool,
}

/// One column of one household.
struct Series<'a> {
    group_place: usize,
    group: &'a Timed<'a>,
    column: &'a ValueColumn,
    samples: Vec<Sample>,
    is_register: bool,
}

impl Assembly<'_> {
    fn series(&self) -> impl Iterator<Item = Series<'_>> {
        let groups = self
            .schedule
            .groups
            .iter()
            .zip(&self.cells.samples)
            .enumerate();
        groups.flat_map(move |(group_place, (group, columns))| {
            let columns = self
                .reader
                .columns
                .iter()
                .zip(columns)
                .zip(self.are_registers);
            columns.map(move |((column, samples), is_register)| Series {
                group_place,
                group,
                column,
                samples: in_order(&group.order.rows, samples),
                is_register: *is_register,
            })
        })
    }

    /// When a register showed its value: at the time that stands in the row.
    fn moment(&self, row: &RowTime) -> i64 {
        if self.are_ends {
            row.end
        } else {
            row.start
        }
    }

    fn differences(&self, series: &Series) -> Differences {
        let may_fall = series.column.role == Role::Net;
        let rows = &series.group.order.rows;
        differences(rows, &series.samples, |row| self.moment(row), may_fall)
    }

    fn are_all_registers(&self) -> bool {
        self.are_registers.iter().all(|is_register| *is_register)
    }

    /// All that is wrong with rows and values, by line.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = [self.schedule.findings.as_slice(), &self.cells.findings].concat();
        let are_all_registers = self.are_all_registers();
        for series in self.series().filter(|series| series.is_register) {
            let rows = &series.group.order.rows;
            for (place, from, to) in self.differences(&series).fell {
                findings.push(Finding::RegisterFell {
                    line: rows.get(place).map_or(0, |row| row.line),
                    column: series.column.number(),
                    name: series.column.name.clone(),
                    from: watt_hours(from),
                    to: watt_hours(to),
                });
            }
            // The last of its intervals ends where no row begins.
            if !are_all_registers {
                findings.push(Finding::EndsEarly {
                    household: self
                        .reader
                        .household_name(series.group_place, series.column),
                    line: rows.last().map_or(0, |row| row.line),
                    missing: 1,
                });
            }
        }
        findings.sort_by_key(Finding::line);
        findings
    }

    /// The profiles, and whether rows were split at the boundaries of windows.
    ///
    /// # Errors
    /// [`ProfileError`] for what can't be filled, or more than a household can be.
    pub fn profiles(&self, fill: Option<Fill>) -> Result<(LoadProfiles, bool), ProfileError> {
        let rows = || {
            self.schedule
                .groups
                .iter()
                .flat_map(|group| &group.order.rows)
        };
        let (start, end) = match self.are_all_registers() {
            true => (
                rows().map(|row| self.moment(row)).min(),
                rows().map(|row| self.moment(row)).max(),
            ),
            false => (
                rows().map(|row| row.start).min(),
                rows().map(|row| row.end).max(),
            ),
        };
        let start = start.unwrap_or(0);
        let windows = Windows::covering(start, end.unwrap_or(start), self.schedule.length);
        if windows.count == 0 {
            return Err(ProfileError::TooFewRows(1));
        }
        let names = self.reader.households.iter();
        let mut households: Vec<Profile> = names
            .map(|name| Profile {
                name: name.clone(),
                ..Profile::default()
            })
            .collect();
        let mut are_rows_split = false;
        for mut series in self.series() {
            let (spans, filled) = self.spans(&mut series, fill)?;
            let place = self.reader.household(series.group_place, series.column);
            let Some(household) = households.get_mut(place) else {
                continue;
            };
            let rows = &series.group.order.rows;
            let starts = filled.iter().filter_map(|place| rows.get(*place));
            // A register's last row begins no window.
            let filled = starts
                .map(|row| windows.index(row.start))
                .filter(|index| *index < windows.count);
            household.filled.extend(filled);
            are_rows_split |= add(household, series.column.role, &spans, windows);
        }
        let profiles = LoadProfiles {
            start: UnixTime(windows.start),
            length: Seconds(windows.length),
            intervals: windows.count,
            households,
        };
        Ok((profiles, are_rows_split))
    }

    /// What flows when in one column, and the places of rows that were filled.
    fn spans(
        &self,
        series: &mut Series,
        by: Option<Fill>,
    ) -> Result<(Vec<Span>, Vec<usize>), ProfileError> {
        let rows = &series.group.order.rows;
        let cannot = |place: usize, fill: Fill, why: &'static str| ProfileError::CannotFill {
            line: rows.get(place).map_or(0, |row| row.line),
            column: series.column.number(),
            name: series.column.name.clone(),
            household: self
                .reader
                .household_name(series.group_place, series.column),
            fill,
            why,
        };
        let (spans, filled) = if series.is_register {
            let found = self.differences(series);
            if let (Some(fill), Some(place)) = (by, found.missing.first()) {
                can_fill(&found, fill).map_err(|why| cannot(*place, fill, why))?;
            }
            (found.spans, found.missing)
        } else {
            let filled = match by {
                Some(by) => fill(&mut series.samples, rows, self.schedule.length, by)
                    .map_err(|CannotFill { place, why }| cannot(place, by, why))?,
                None => Vec::new(),
            };
            (spans(rows, &series.samples), filled)
        };
        for span in &spans {
            let length = span.end.saturating_sub(span.start);
            let size = Energy(span.energy.0.saturating_abs());
            if size > most(length) {
                let of = |row: &&RowTime| match series.is_register {
                    true => self.moment(row) == span.end,
                    false => row.start == span.start,
                };
                let line = rows.iter().find(of).map_or(0, |row| row.line);
                let power = Some((span.energy, length));
                return Err(self
                    .reader
                    .too_much(series.group_place, series.column, line, power));
            }
        }
        Ok((spans, filled))
    }
}

/// Adds spans to what a household uses or its panels give, or to what its meter counts; whether a boundary cut any row.
fn add(household: &mut Profile, role: Role, spans: &[Span], windows: Windows) -> bool {
    let (drawn, given) = match role.is_of_a_meter() {
        true => (&mut household.import, &mut household.export),
        false => (&mut household.load, &mut household.pv),
    };
    let has_both = role == Role::Net;
    if has_both || matches!(role, Role::Load | Role::Import) {
        drawn.resize(windows.count, Energy(0));
    }
    let feeds_in = spans.iter().any(|span| span.energy < Energy(0));
    if matches!(role, Role::Pv | Role::Export) || (has_both && feeds_in) {
        given.resize(windows.count, Energy(0));
    }
    let mut is_split = false;
    for span in spans {
        let size = Span {
            energy: Energy(span.energy.0.saturating_abs()),
            ..*span
        };
        let is_drawn = match role {
            Role::Pv | Role::Export => false,
            _ => span.energy >= Energy(0),
        };
        let series = if is_drawn { &mut *drawn } else { &mut *given };
        windows.add(series, size);
        is_split |= windows.cut(size);
    }
    is_split
}

/// Like `12345.678 kWh`.
fn watt_hours(energy: Energy) -> String {
    let kilo = shown::power(energy.whole_wh());
    format!("{} kWh", kilo.trim_end_matches(" W"))
}
