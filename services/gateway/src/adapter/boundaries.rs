//! Which registers are known at which boundaries, from values that come at any time. What is not known is not made up.

use std::collections::BTreeMap;

use joulebook_metering::{page::Energy, register::Registers};
use joulebook_units::Wh;

/// How far the clock may go back for what was decided to hold still, seconds: after a halt of the chain, which may last for hours, no
/// boundary is decided twice. One that was further ahead was wrong.
const LONGEST_HALT: i64 = 86_400;

/// Registers at a moment of the chain's clock, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    pub at: i64,
    pub registers: Registers,
}

/// Consecutive boundaries with known registers: the last of them, and the energies between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Unix seconds.
    pub boundary: i64,
    pub registers: Registers,
    pub values: Vec<Energy>,
}

/// The last value that came, and what follows from it once a boundary has passed.
#[derive(Clone, Copy, Debug)]
pub struct Boundaries {
    /// Of an interval, seconds.
    length: i64,
    /// How old a value may be at a boundary to count as its registers, seconds.
    tolerance: i64,
    last: Option<Value>,
    /// The boundary that was decided last.
    decided: Option<i64>,
}

impl Boundaries {
    pub fn new(length: i64, tolerance: i64) -> Boundaries {
        Boundaries {
            length: length.max(1),
            tolerance: tolerance.max(0),
            last: None,
            decided: None,
        }
    }

    /// A value has come: the boundaries that it decides, with the registers there.
    pub fn take(&mut self, value: Value) -> Vec<Value> {
        match self.last {
            Some(last) if value.at < last.at.saturating_sub(LONGEST_HALT) => {
                *self = Boundaries::new(self.length, self.tolerance);
            }
            Some(last) if value.at < last.at => return vec![],
            _ => {}
        }
        let mut decided: Vec<Value> = self.pass(value.at.saturating_sub(1)).into_iter().collect();
        self.last = Some(value);
        // One at the boundary itself is its own.
        decided.extend(self.pass(value.at));
        decided
    }

    /// Time has passed: the registers at the boundary that has passed since the last value, if that was near enough.
    pub fn pass(&mut self, now: i64) -> Option<Value> {
        let last = self.last?;
        // The first boundary at or behind the last value.
        let behind = last.at.rem_euclid(self.length);
        let boundary = match behind {
            0 => last.at,
            behind => last.at.checked_add(self.length.checked_sub(behind)?)?,
        };
        if boundary > now || self.decided >= Some(boundary) {
            return None;
        }
        self.decided = Some(boundary);
        let is_near = boundary.saturating_sub(last.at) <= self.tolerance;
        is_near.then_some(Value {
            at: boundary,
            registers: last.registers,
        })
    }

    /// The age of the last value, seconds.
    pub fn age(&self, now: i64) -> Option<i64> {
        Some(now.saturating_sub(self.last?.at))
    }
}

/// Known boundaries as runs of consecutive ones, within the page from `start` to `end` and both of these boundaries. A register that
/// fell, or energy that no interval holds, ends a run: nothing is told of that interval.
pub fn runs(known: &BTreeMap<i64, Registers>, length: i64, (start, end): (i64, i64)) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    for (boundary, registers) in known.range(start..=end) {
        let energy = runs.last().and_then(|run| {
            let is_next = run.boundary.checked_add(length) == Some(*boundary);
            between(&run.registers, registers).filter(|_| is_next)
        });
        match (energy, runs.last_mut()) {
            (Some(energy), Some(run)) => {
                run.boundary = *boundary;
                run.registers = *registers;
                run.values.push(energy);
            }
            _ => runs.push(Run {
                boundary: *boundary,
                registers: *registers,
                values: vec![],
            }),
        }
    }
    runs
}

/// `None` if a register fell, or there is more than an interval holds.
fn between(from: &Registers, to: &Registers) -> Option<Energy> {
    let moved = |from: u64, to: u64| {
        let moved = u32::try_from(to.checked_sub(from)?).ok()?;
        (moved <= joulebook_client::layout::oracle::PageEntry::MAX_WH).then_some(Wh(moved))
    };
    Some(Energy {
        import: moved(from.import.0, to.import.0)?,
        export: moved(from.export.0, to.export.0)?,
    })
}

#[cfg(test)]
mod tests {
    use joulebook_units::WhSum;

    use super::*;

    fn registers(import: u64) -> Registers {
        Registers {
            import: WhSum(import),
            export: WhSum(0),
        }
    }

    fn value(at: i64, import: u64) -> Value {
        Value {
            at,
            registers: registers(import),
        }
    }

    #[test]
    fn given_values_every_ten_seconds_when_a_boundary_passes_then_the_last_one_before_it_counts() {
        let mut boundaries = Boundaries::new(900, 30);
        assert_eq!(boundaries.take(value(885, 10)), []);
        assert_eq!(boundaries.take(value(895, 11)), []);
        assert_eq!(boundaries.take(value(905, 12)), [value(900, 11)]);
        assert_eq!(boundaries.take(value(915, 13)), []);
        assert_eq!(boundaries.pass(1_700), None);
    }

    #[test]
    fn given_a_value_at_the_boundary_itself_when_it_comes_then_it_counts_at_once_and_once_only() {
        let mut boundaries = Boundaries::new(900, 30);
        assert_eq!(boundaries.take(value(890, 10)), []);
        assert_eq!(boundaries.take(value(900, 11)), [value(900, 11)]);
        assert_eq!(boundaries.pass(900), None);
        assert_eq!(boundaries.take(value(901, 12)), []);
    }

    #[test]
    fn given_silence_around_a_boundary_when_values_come_again_then_nothing_is_known_of_it() {
        let mut boundaries = Boundaries::new(900, 30);
        assert_eq!(boundaries.take(value(800, 10)), []);
        assert_eq!(boundaries.take(value(2_000, 50)), []);
        assert_eq!(boundaries.pass(2_699), None);
        assert_eq!(boundaries.take(value(2_680, 60)), []);
        assert_eq!(boundaries.pass(2_700), Some(value(2_700, 60)));
        assert_eq!(boundaries.pass(2_800), None);
    }

    #[test]
    fn given_a_clock_that_goes_back_when_a_value_comes_then_it_is_left_out() {
        let mut boundaries = Boundaries::new(900, 30);
        boundaries.take(value(890, 10));
        assert_eq!(boundaries.take(value(800, 9)), []);
        assert_eq!(boundaries.pass(900), Some(value(900, 10)));
    }

    #[test]
    fn given_a_clock_that_was_far_ahead_when_it_is_right_again_then_the_next_boundary_is_decided() {
        let mut boundaries = Boundaries::new(900, 30);
        boundaries.take(value(890, 10));
        assert_eq!(
            boundaries.take(value(890 + 31_536_000, 11)),
            [value(900, 10)]
        );
        assert_eq!(boundaries.take(value(1_790, 12)), []);
        assert_eq!(boundaries.pass(1_800), Some(value(1_800, 12)));
    }

    #[test]
    fn given_a_clock_that_is_hours_behind_after_a_halt_when_values_come_then_no_boundary_is_decided_twice(
    ) {
        let mut boundaries = Boundaries::new(900, 30);
        boundaries.take(value(7_190, 10));
        assert_eq!(boundaries.pass(7_200), Some(value(7_200, 10)));
        for at in [890, 905, 7_195] {
            assert_eq!(boundaries.take(value(at, 20)), []);
            assert_eq!(boundaries.pass(at + 10), None);
        }
        assert_eq!(boundaries.take(value(8_090, 30)), []);
        assert_eq!(boundaries.pass(8_100), Some(value(8_100, 30)));
    }

    #[test]
    fn given_known_boundaries_with_gaps_when_runs_are_made_then_no_interval_is_made_up() {
        let known: BTreeMap<i64, Registers> = [
            (0, registers(100)),
            (900, registers(150)),
            (1_800, registers(150)),
            // 2,700 is not known.
            (3_600, registers(300)),
            (4_500, registers(290)),
            (5_400, registers(295)),
        ]
        .into();
        let found = runs(&known, 900, (0, 7_200));
        let told: Vec<(i64, u64, Vec<u32>)> = found
            .iter()
            .map(|run| {
                let values = run.values.iter().map(|value| value.import.0).collect();
                (run.boundary, run.registers.import.0, values)
            })
            .collect();
        assert_eq!(
            told,
            [
                (1_800, 150, vec![50, 0]),
                (3_600, 300, vec![]),
                (5_400, 295, vec![5]),
            ]
        );
    }
}
