use std::path::Path;

use crate::{
    assemble::Assembly,
    bytes,
    cells::CellReader,
    columns::{self, Unit},
    registers,
    schedule::Schedule,
    survey::{Groups, Survey},
    table::{Row, Table},
    understood::TimeKind,
    units::Units,
    warning, DateOrder, DecimalMark, Finding, LoadProfiles, Options, ProfileError, Stamps,
    Understood, Warning,
};

/// What a file holds, and what it was understood as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub profiles: LoadProfiles,
    pub understood: Understood,
    pub warnings: Vec<Warning>,
}

/// Reads the profiles of a file; `-` is stdin.
///
/// # Errors
/// [`ProfileError`].
pub fn load(path: &Path, options: &Options) -> Result<Reading, ProfileError> {
    let bytes = bytes::load(path).map_err(ProfileError::Unreadable)?;
    parse(&bytes, options)
}

/// Reads the profiles that bytes hold: text of a table, or gzip of it.
///
/// # Errors
/// [`ProfileError`].
pub fn parse(bytes: &[u8], options: &Options) -> Result<Reading, ProfileError> {
    let (text, encoding) = bytes::text(bytes)?;
    let table = Table::new(&text, options.separator, options.columns.as_ref())?;
    let first = table.rows().next().and_then(Result::ok);
    let cells: Vec<&str> = first.iter().flat_map(Row::cells).collect();
    let (mut columns, mut questions) = columns::of(&table.names, &cells, options.columns.as_ref())?;
    if options.length.is_some() {
        // What somebody says stands above what a column does.
        columns.duration = None;
    }
    let mut survey = Survey::of(&table, &columns)?;
    survey.check_numbers(&table, &columns)?;

    let mark = match options.decimal {
        Some(mark) => mark,
        None => match std::mem::take(&mut survey.marks).decide(table.separator)? {
            Ok(mark) => mark,
            Err(question) => {
                questions.push(question);
                DecimalMark::Point
            }
        },
    };
    let dates = match options.dates {
        Some(dates) => dates,
        None => match std::mem::take(&mut survey.dates).decide()? {
            Ok(dates) => dates,
            Err(question) => {
                questions.push(question);
                DateOrder::DayFirst
            }
        },
    };
    let schedule = match Schedule::of(&mut survey, dates, &table, &columns, options) {
        // Of dates in an order that nobody told, a wrong one has another distance.
        Err(_) if !questions.is_empty() => return Err(ProfileError::Questions(questions)),
        schedule => schedule?,
    };
    questions.extend(schedule.question.clone());
    let units = Units::of(
        &columns.values,
        &survey.samples,
        options.unit,
        mark,
        schedule.length,
    );
    questions.extend(units.questions);
    if !questions.is_empty() {
        return Err(ProfileError::Questions(questions));
    }
    let length = schedule.length;
    if !crate::is_window_length(length) {
        return Err(ProfileError::IntervalLength { length });
    }

    let is_long = columns.household.is_some();
    let households: Vec<String> = match is_long {
        true => schedule
            .groups
            .iter()
            .filter_map(|group| group.household.clone())
            .collect(),
        false => columns.households.clone(),
    };
    let reader = CellReader {
        table: &table,
        columns: &columns.values,
        units: &units.units,
        mark,
        households: &households,
        is_long,
    };
    let cells = reader.read(&schedule, Groups::new(&columns))?;
    let are_registers = registers::find(&reader, &schedule, &cells, options.values)?;
    let assembly = Assembly {
        reader: &reader,
        schedule: &schedule,
        cells: &cells,
        are_registers: &are_registers,
        are_ends: options.stamps == Stamps::End,
    };
    let findings = assembly.findings();
    let can_go_on = options.fill.is_some() && findings.iter().all(Finding::can_be_filled);
    if !findings.is_empty() && !can_go_on {
        return Err(ProfileError::Findings(findings));
    }
    let (profiles, are_rows_split) = assembly.profiles(options.fill)?;

    let filled = profiles.filled();
    let mut warnings = units.warnings;
    if cells.rounded > 0 {
        warnings.push(Warning::Rounded {
            values: cells.rounded,
        });
    }
    warnings.extend(warning::of_profiles(
        &profiles,
        &units_of_households(&reader),
    ));
    let understood = Understood {
        length,
        households: households.len(),
        units: distinct(&units.units),
        has_registers: are_registers.contains(&true),
        zone: schedule
            .times
            .contains(&TimeKind::Local)
            .then(|| options.zone.as_ref().map(|zone| zone.name().to_owned()))
            .flatten(),
        times: schedule.times.clone(),
        decimal: mark,
        is_newest_first: schedule.is_newest_first,
        are_ends: options.stamps == Stamps::End,
        are_rows_split,
        filled: options
            .fill
            .filter(|_| filled > 0)
            .map(|fill| (filled, fill)),
        encoding: (encoding != "UTF-8").then_some(encoding),
    };
    Ok(Reading {
        profiles,
        understood,
        warnings,
    })
}

fn distinct(units: &[Unit]) -> Vec<Unit> {
    let mut units = units.to_vec();
    units.sort_unstable();
    units.dedup();
    units
}

fn units_of_households(reader: &CellReader) -> Vec<Vec<Unit>> {
    let mut units = vec![Vec::new(); reader.households.len()];
    for (column, unit) in reader.columns.iter().zip(reader.units) {
        for (place, units) in units.iter_mut().enumerate() {
            if reader.is_long || place == column.household {
                units.push(*unit);
            }
        }
    }
    units
        .iter()
        .map(|units: &Vec<Unit>| distinct(units))
        .collect()
}
