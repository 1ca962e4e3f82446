use crate::{times::RowTime, Energy};

use super::Sample;

/// Energy that flows evenly from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: i64,
    pub end: i64,
    pub energy: Energy,
}

/// Of rows with the energy of their interval each. Those that are missing have none.
pub fn spans(rows: &[RowTime], samples: &[Sample]) -> Vec<Span> {
    let both = rows.iter().zip(samples);
    both.filter_map(|(row, sample)| {
        Some(Span {
            start: row.start,
            end: row.end,
            energy: sample.energy()?,
        })
    })
    .collect()
}
