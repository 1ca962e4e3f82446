//! Which columns are cumulative registers: by name, by option, or because they can't be anything else.

use crate::{
    cells::{most, CellReader, Cells},
    columns::{Role, ValueColumn},
    schedule::Schedule,
    series::{Kind, Sample, Shape},
    times::RowTime,
    ProfileError, Question, Values,
};

/// The samples of a column, row by row in the order of time.
pub fn in_order(rows: &[RowTime], samples: &[Sample]) -> Vec<Sample> {
    let of = |row: &RowTime| row.row.and_then(|place| samples.get(place).copied());
    rows.iter()
        .map(|row| of(row).unwrap_or(Sample::MISSING))
        .collect()
}

/// For each column whether it is a register.
///
/// # Errors
/// [`ProfileError::Questions`] where it could be either.
pub fn find(
    reader: &CellReader,
    schedule: &Schedule,
    cells: &Cells,
    option: Option<Values>,
) -> Result<Vec<bool>, ProfileError> {
    let shapes: Vec<Shape> = (0..reader.columns.len())
        .map(|place| shape(place, schedule, cells))
        .collect();
    let mut kinds: Vec<Kind> = Vec::new();
    for ((column, unit), shape) in reader.columns.iter().zip(reader.units).zip(&shapes) {
        kinds.push(match option {
            _ if !unit.is_energy() => Kind::Interval,
            Some(Values::Interval) => Kind::Interval,
            Some(Values::Register) => Kind::Register,
            None if column.is_register => Kind::Register,
            None => shape.kind(column.role),
        });
    }
    follow_siblings(reader.columns, &shapes, &mut kinds);
    let unclear = reader
        .columns
        .iter()
        .zip(&kinds)
        .filter(|(_, kind)| **kind == Kind::Unclear);
    let line = last_line(schedule);
    let questions: Vec<Question> = unclear
        .map(|(column, _)| Question::Values {
            column: column.number(),
            name: column.name.clone(),
            line,
        })
        .collect();
    if !questions.is_empty() && option.is_none() {
        return Err(ProfileError::Questions(questions));
    }
    Ok(kinds.iter().map(|kind| *kind == Kind::Register).collect())
}

fn shape(place: usize, schedule: &Schedule, cells: &Cells) -> Shape {
    let mut shape = Shape::default();
    for (group, columns) in schedule.groups.iter().zip(&cells.samples) {
        if let Some(samples) = columns.get(place) {
            let samples = in_order(&group.order.rows, samples);
            shape.add(&samples, most(schedule.length));
        }
    }
    shape
}

/// What a meter drew and what it fed in are counted alike.
fn follow_siblings(columns: &[ValueColumn], shapes: &[Shape], kinds: &mut [Kind]) {
    let is_a_meters = |column: &ValueColumn| matches!(column.role, Role::Import | Role::Export);
    let mut both = columns.iter().zip(kinds.iter());
    if !both.any(|(column, kind)| is_a_meters(column) && *kind == Kind::Register) {
        return;
    }
    for ((column, shape), kind) in columns.iter().zip(shapes).zip(kinds) {
        let is_energy = *kind != Kind::Interval || column.unit.is_none_or(|unit| unit.is_energy());
        if is_a_meters(column) && is_energy && !shape.falls() {
            *kind = Kind::Register;
        }
    }
}

fn last_line(schedule: &Schedule) -> u64 {
    let rows = schedule.groups.iter().flat_map(|group| &group.order.rows);
    rows.map(|row| row.line).max().unwrap_or(0)
}
