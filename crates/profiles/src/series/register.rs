//! Cumulative registers: whether a column is one, and what flowed between what it showed.

use crate::{columns::Role, times::RowTime, Energy, Fill};

use super::{Sample, Span};

/// How the values of a column go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    rises: u64,
    falls: u64,
    /// Whether a value, as an interval's energy, is more than a household can be.
    pub is_too_much: bool,
}

/// What a column's energies are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Interval,
    Register,
    /// It could be either.
    Unclear,
}

/// Rises without any fall from which on a household's use looks like a register.
const MANY: u64 = 8;

impl Shape {
    /// Looks at the values of one household, in the order of time.
    pub fn add(&mut self, samples: &[Sample], most: Energy) {
        let mut known = samples.iter().filter_map(|sample| sample.energy());
        let Some(mut last) = known.next() else {
            return;
        };
        self.is_too_much |= last > most;
        for energy in known {
            self.is_too_much |= energy > most;
            let count = match energy.cmp(&last) {
                std::cmp::Ordering::Greater => &mut self.rises,
                std::cmp::Ordering::Less => &mut self.falls,
                std::cmp::Ordering::Equal => continue,
            };
            *count = count.saturating_add(1);
            last = energy;
        }
    }

    /// Whether any value is below the one before it.
    pub fn falls(self) -> bool {
        self.falls > 0
    }

    /// What a column of energies is whose name does not say. Nobody draws more than 10 MW, so where it is the energy of
    /// an interval that can't be, it is a register; energies of intervals fall about as often as they rise.
    pub fn kind(self, role: Role) -> Kind {
        let is_a_meters = matches!(role, Role::Import | Role::Export);
        match self {
            Shape {
                is_too_much: true, ..
            } if is_a_meters => Kind::Register,
            Shape {
                is_too_much: true,
                falls: 0,
                ..
            } if role != Role::Net => Kind::Register,
            Shape {
                is_too_much: true, ..
            } => Kind::Interval,
            Shape { rises: 0, .. } => Kind::Interval,
            Shape { rises, falls, .. } if is_a_meters => {
                let is_up_and_down = falls.saturating_mul(4) >= rises;
                if is_up_and_down {
                    Kind::Interval
                } else {
                    Kind::Unclear
                }
            }
            Shape {
                rises, falls: 0, ..
            } if rises >= MANY && role != Role::Net => Kind::Unclear,
            Shape { .. } => Kind::Interval,
        }
    }
}

/// What came of a register: what flowed, the places that were missing between, and falls: from and to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub spans: Vec<Span>,
    pub missing: Vec<usize>,
    /// Whether any of them are between two values, and whether any are not.
    pub is_missing_within: bool,
    pub is_missing_at_ends: bool,
    pub fell: Vec<(usize, Energy, Energy)>,
}

/// What flowed between the values of a register, each of the `moment` of its row, in the order of time. Between two values with others missing, it flowed
/// evenly: how much it was is known, only when is not.
pub fn differences(
    rows: &[RowTime],
    samples: &[Sample],
    moment: impl Fn(&RowTime) -> i64,
    may_fall: bool,
) -> Differences {
    let mut found = Differences::default();
    let mut last: Option<(usize, Energy)> = None;
    for (place, (row, sample)) in rows.iter().zip(samples).enumerate() {
        let Some(energy) = sample.energy() else {
            found.missing.push(place);
            found.is_missing_at_ends |= last.is_none();
            continue;
        };
        if let Some((before, shown)) = last {
            found.is_missing_within |= place.saturating_sub(before) > 1;
            let moved = energy.saturating_sub(shown);
            if moved < Energy(0) && !may_fall {
                found.fell.push((place, shown, energy));
            }
            if let Some(first) = rows.get(before) {
                found.spans.push(Span {
                    start: moment(first),
                    end: moment(row),
                    energy: moved,
                });
            }
        }
        last = Some((place, energy));
    }
    found.is_missing_at_ends |= samples.last() == Some(&Sample::MISSING);
    found
}

/// Whether what a register lacks may be filled so.
pub fn can_fill(differences: &Differences, fill: Fill) -> Result<(), &'static str> {
    if differences.is_missing_within && fill != Fill::Mean {
        return Err(
            "a register tells how much flowed while it was missing, so only mean can spread it",
        );
    }
    if differences.is_missing_at_ends && fill != Fill::Zero {
        return Err("nothing is known of a register before its first and after its last value; cut the file there");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::times::{Budget, Order};

    fn samples(values: &[Option<i128>]) -> Vec<Sample> {
        let all = values.iter();
        all.map(|value| value.map_or(Sample::MISSING, |value| Sample::new(Energy(value))))
            .collect()
    }

    fn kind(values: &[i128], role: Role) -> Kind {
        let values: Vec<Option<i128>> = values.iter().copied().map(Some).collect();
        let mut shape = Shape::default();
        shape.add(&samples(&values), Energy(1000));
        shape.kind(role)
    }

    #[test]
    fn given_values_when_looked_at_then_registers_are_told_from_intervals() {
        let rising: Vec<i128> = (0..20).collect();
        for (values, role, expected) in [
            (&[12_345, 12_346][..], Role::Import, Kind::Register),
            (&[12_345, 12_345], Role::Export, Kind::Register),
            (&[12_345, 12_346, 5], Role::Import, Kind::Register),
            (&[12_345, 12_346], Role::Load, Kind::Register),
            (&[12_345, 12_000], Role::Load, Kind::Interval),
            (&[1, 2, 3], Role::Import, Kind::Unclear),
            (&[5, 2, 3, 9, 1], Role::Import, Kind::Interval),
            (&[5, 5], Role::Import, Kind::Interval),
            (&[1, 2, 3], Role::Load, Kind::Interval),
            (&rising, Role::Load, Kind::Unclear),
            (&rising, Role::Net, Kind::Interval),
        ] {
            assert_eq!(kind(values, role), expected, "{values:?} {role:?}");
        }
    }

    #[test]
    fn given_a_register_when_differences_are_taken_then_nothing_is_lost_in_a_gap() {
        let local = date(1970, 1, 1).at(0, 0, 0, 0);
        let stamps: Vec<_> = (0..5_i64)
            .map(|row| (row as u64 + 2, row * 900, local))
            .collect();
        let mut order = Order::new(&stamps, 900, None, &mut Vec::new());
        order.close_gaps(None, &mut Budget::of(5), &mut Vec::new());
        let found = differences(
            &order.rows,
            &samples(&[Some(3), Some(5), None, Some(9), Some(8)]),
            |row| row.start,
            false,
        );
        let spans: Vec<_> = found
            .spans
            .iter()
            .map(|span| (span.start, span.end, span.energy.0))
            .collect();
        assert_eq!(spans, [(0, 900, 2), (900, 2700, 4), (2700, 3600, -1)]);
        assert_eq!(
            (found.missing.as_slice(), found.is_missing_within),
            (&[2][..], true)
        );
        assert_eq!(found.fell, [(4, Energy(9), Energy(8))]);
        assert!(can_fill(&found, Fill::Mean).is_ok() && can_fill(&found, Fill::Zero).is_err());
    }
}
