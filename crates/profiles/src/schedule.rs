//! When each row of each household is, out of what stands in the file.

use jiff::{civil::DateTime, tz::Offset};
use joulebook_units::SECONDS_PER_DAY;

use crate::{
    columns::Columns,
    survey::{bad_time, Group, Survey},
    table::Table,
    times::{most_frequent, Budget, DateOrder, Moment, Moments, Order, RawStamp, Stamp},
    understood::TimeKind,
    Finding, Options, ProfileError, Question, Stamps,
};

/// The rows of all households in the order of time.
#[derive(Debug)]
pub struct Schedule<'a> {
    pub groups: Vec<Timed<'a>>,
    /// Seconds that a row lasts.
    pub length: i64,
    pub is_newest_first: bool,
    pub times: Vec<TimeKind>,
    pub findings: Vec<Finding>,
    /// Whose local time it is, if nobody says.
    pub question: Option<Question>,
}

/// The rows of one household in long format, or all.
#[derive(Debug)]
pub struct Timed<'a> {
    pub household: Option<String>,
    pub order: Order<'a>,
    /// Rows that stand in the file.
    pub count: usize,
}

/// One row of a file.
#[derive(Clone, Copy, Debug)]
struct FileRow {
    line: u64,
    place: usize,
    stamp: Stamp,
    moment: Moment,
}

impl FileRow {
    /// Its moment; of a local time of no zone, as if it were UTC.
    fn at(&self) -> i64 {
        match self.moment {
            Moment::At(moment) | Moment::NeverWas(moment) => moment,
            Moment::NoZone => as_utc(self.stamp.local),
        }
    }
}

fn as_utc(local: DateTime) -> i64 {
    Offset::UTC
        .to_timestamp(local)
        .map_or(0, jiff::Timestamp::as_second)
}

impl<'a> Schedule<'a> {
    /// # Errors
    /// [`ProfileError`] for a day that no calendar has, or rows whose length can't be told.
    pub fn of(
        survey: &mut Survey,
        dates: DateOrder,
        table: &Table,
        columns: &Columns,
        options: &'a Options,
    ) -> Result<Schedule<'a>, ProfileError> {
        let times = kinds(&survey.groups);
        let groups = std::mem::take(&mut survey.groups);
        let mut files: Vec<(Option<String>, Vec<FileRow>)> = Vec::with_capacity(groups.len());
        for group in groups {
            let rows = file_rows(&group, dates, table, columns)?;
            files.push((group.household, rows));
        }
        let is_newest_first = is_newest_first(&files);
        for (_, rows) in &mut files {
            if is_newest_first {
                rows.reverse();
            }
            let stamps: Vec<Stamp> = rows.iter().map(|row| row.stamp).collect();
            let moments = Moments::new(options.zone.as_ref()).of(&stamps);
            for (row, moment) in rows.iter_mut().zip(moments) {
                row.moment = moment;
            }
        }
        let length = length(&files, survey, columns, options)?;
        let mut schedule = Schedule {
            groups: Vec::with_capacity(files.len()),
            length,
            is_newest_first,
            times,
            findings: Vec::new(),
            question: question(&files, table, columns),
        };
        let mut budget = Budget::of(survey.rows);
        for (household, rows) in files {
            schedule.add(household, &rows, &mut budget, options);
        }
        schedule.reach_alike(&mut budget);
        if budget.is_spent() && schedule.findings.iter().all(Finding::can_be_filled) {
            return Err(ProfileError::TooSparse { rows: survey.rows });
        }
        if options.stamps == Stamps::End {
            for group in &mut schedule.groups {
                group.order.end_at_stamps();
            }
        }
        Ok(schedule)
    }

    fn add(
        &mut self,
        household: Option<String>,
        rows: &[FileRow],
        budget: &mut Budget,
        options: &'a Options,
    ) {
        let is_real = |row: &&FileRow| !matches!(row.moment, Moment::NeverWas(_));
        for row in rows.iter().filter(|row| !is_real(row)) {
            self.findings.push(Finding::PhantomHour {
                line: row.line,
                value: row.stamp.local.to_string(),
                same_as: None,
            });
        }
        let real: Vec<&FileRow> = rows.iter().filter(is_real).collect();
        let stamps: Vec<(u64, i64, DateTime)> = real
            .iter()
            .map(|row| (row.line, row.at(), row.stamp.local))
            .collect();
        let zone = options.zone.as_ref();
        let mut order = Order::new(&stamps, self.length, zone, &mut self.findings);
        for row in &mut order.rows {
            let place = row.row.and_then(|index| real.get(index));
            row.row = place.map(|real| real.place);
        }
        order.close_gaps(household.as_deref(), budget, &mut self.findings);
        self.groups.push(Timed {
            household,
            order,
            count: rows.len(),
        });
    }

    /// Has all households begin and end as the others do.
    fn reach_alike(&mut self, budget: &mut Budget) {
        let starts = || {
            self.groups
                .iter()
                .flat_map(|group| &group.order.rows)
                .map(|row| row.start)
        };
        let (Some(first), Some(last)) = (starts().min(), starts().max()) else {
            return;
        };
        for group in &mut self.groups {
            let line = |row: Option<&crate::times::RowTime>| row.map_or(0, |row| row.line);
            let first_line = line(group.order.rows.first());
            let last_line = line(group.order.rows.last());
            let (before, after) = group.order.reach(first, last, budget);
            let household = group.household.clone().unwrap_or_default();
            if before > 0 {
                self.findings.push(Finding::StartsLate {
                    household: household.clone(),
                    line: first_line,
                    missing: before,
                });
            }
            if after > 0 {
                self.findings.push(Finding::EndsEarly {
                    household,
                    line: last_line,
                    missing: after,
                });
            }
        }
    }
}

fn kinds(groups: &[Group]) -> Vec<TimeKind> {
    let stamps = groups.iter().flat_map(|group| &group.stamps);
    let mut kinds: Vec<TimeKind> = Vec::new();
    for (_, stamp) in stamps {
        let kind = match stamp {
            RawStamp::Unix(_) => TimeKind::Unix,
            RawStamp::Clock {
                offset: Some(0), ..
            } => TimeKind::Utc,
            RawStamp::Clock {
                offset: Some(_), ..
            } => TimeKind::Offset,
            RawStamp::Clock { offset: None, .. } => TimeKind::Local,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    // In winter, London's offset is that of UTC.
    if kinds.contains(&TimeKind::Offset) {
        kinds.retain(|kind| *kind != TimeKind::Utc);
    }
    kinds
}

fn file_rows(
    group: &Group,
    dates: DateOrder,
    table: &Table,
    columns: &Columns,
) -> Result<Vec<FileRow>, ProfileError> {
    let rows = group.stamps.iter().enumerate();
    rows.map(|(place, (line, raw))| {
        let Some(stamp) = raw.stamp(dates) else {
            let column = columns.date.or(columns.time).unwrap_or_default();
            return Err(no_such_day(*line, table, column));
        };
        Ok(FileRow {
            line: *line,
            place,
            stamp,
            moment: Moment::NoZone,
        })
    })
    .collect()
}

fn no_such_day(line: u64, table: &Table, column: usize) -> ProfileError {
    let mut rows = table.rows().filter_map(Result::ok);
    let row = rows.find(|row| row.line == line);
    row.map_or(ProfileError::Empty, |row| bad_time(&row, table, column))
}

/// Whether most rows are before the one above them.
fn is_newest_first(files: &[(Option<String>, Vec<FileRow>)]) -> bool {
    let key = |row: &FileRow| row.stamp.moment.unwrap_or_else(|| as_utc(row.stamp.local));
    let (mut up, mut down) = (0_u64, 0_u64);
    for (_, rows) in files {
        for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
            let count = match key(next).cmp(&key(row)) {
                std::cmp::Ordering::Greater => &mut up,
                std::cmp::Ordering::Less => &mut down,
                std::cmp::Ordering::Equal => continue,
            };
            *count = count.saturating_add(1);
        }
    }
    down > up
}

/// Seconds that a row lasts: as the option, a column or a name says, or as most rows are apart.
fn length(
    files: &[(Option<String>, Vec<FileRow>)],
    survey: &Survey,
    columns: &Columns,
    options: &Options,
) -> Result<i64, ProfileError> {
    let distances = files.iter().flat_map(|(_, rows)| {
        let next = rows.iter().skip(1);
        rows.iter().zip(next).map(|(row, next)| distance(row, next))
    });
    let found = most_frequent(distances);
    let said = options
        .length
        .map(|length| (length.0, "--interval"))
        .or(survey
            .duration
            .map(|length| (length, "the column of durations")))
        .or(columns.length.map(|length| (length, "a column's name")));
    match (said, found) {
        (Some((said, said_by)), Some(found)) if found.checked_rem(said) != Some(0) => {
            Err(ProfileError::LengthsDiffer {
                said,
                said_by,
                found,
            })
        }
        (Some((said, _)), _) => Ok(said),
        (None, Some(found)) => Ok(found),
        (None, None) => Err(ProfileError::TooFewRows(survey.rows)),
    }
}

/// Seconds between two rows; between two midnights whole days, whatever clocks did.
fn distance(row: &FileRow, next: &FileRow) -> i64 {
    let by_clock = as_utc(next.stamp.local).saturating_sub(as_utc(row.stamp.local));
    if by_clock > 0 && by_clock.checked_rem(SECONDS_PER_DAY) == Some(0) {
        return by_clock;
    }
    next.at().saturating_sub(row.at())
}

fn question(
    files: &[(Option<String>, Vec<FileRow>)],
    table: &Table,
    columns: &Columns,
) -> Option<Question> {
    let mut rows = files.iter().flat_map(|(_, rows)| rows);
    let line = rows.find(|row| row.moment == Moment::NoZone)?.line;
    let mut rows = table.rows().filter_map(Result::ok);
    let row = rows.find(|row| row.line == line)?;
    let cells = columns.date.into_iter().chain(columns.time);
    let texts: Vec<&str> = cells.map(|column| row.cell(column)).collect();
    Some(Question::Zone {
        line,
        value: texts.join(" "),
    })
}
