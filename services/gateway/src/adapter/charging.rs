//! What the readings of a charger's records say of its register at boundaries.

use std::collections::BTreeMap;

use joulebook_metering::register::Registers;

/// How far a reading may be from a boundary to be its register, seconds: a charger that reads at quarter hours is not on the second.
const NEAR: i64 = 5;

/// The registers that are known at the boundaries from one to another, by readings at any time. A register only grows: where two
/// readings show the same, nothing has flowed between, and it is known at each boundary there. Where they do not, it is known
/// at the boundaries next to a reading alone: how much of a charging process lies before a boundary within, nobody has measured.
pub fn at_boundaries(
    readings: &BTreeMap<i64, Registers>,
    length: i64,
    (from, until): (i64, i64),
) -> BTreeMap<i64, Registers> {
    let length = length.max(1);
    let mut known = BTreeMap::new();
    // Of two readings around a boundary, the one before it counts, as with meters on a line.
    for (at, registers) in readings {
        let before = before(*at, length);
        if at.saturating_sub(before) <= NEAR {
            known.entry(before).or_insert(*registers);
        }
    }
    let mut next = readings.iter().skip(1);
    for (at, registers) in readings {
        let next = next.next();
        let first = behind(*at, length);
        let same = next.filter(|(_, next)| *next == registers);
        let is_near =
            first.saturating_sub(*at) <= NEAR && next.is_none_or(|(next, _)| first < *next);
        let last = match same {
            Some((next, _)) => before(*next, length),
            None if is_near => first,
            None => continue,
        };
        let mut boundary = first.max(behind(from, length));
        while boundary <= last.min(until) {
            known.insert(boundary, *registers);
            boundary = boundary.saturating_add(length);
        }
    }
    known.retain(|boundary, _| (from..=until).contains(boundary));
    known
}

/// The last boundary at or before a time.
fn before(at: i64, length: i64) -> i64 {
    at.saturating_sub(at.rem_euclid(length))
}

/// The first boundary at or behind a time.
pub fn behind(at: i64, length: i64) -> i64 {
    let before = before(at, length.max(1));
    match before == at {
        true => at,
        false => before.saturating_add(length),
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::WhSum;
    use proptest::prelude::*;

    use super::*;

    const ALL: (i64, i64) = (0, 100_000);

    fn register(import: u64) -> Registers {
        Registers {
            import: WhSum(import),
            export: WhSum(0),
        }
    }

    fn known(readings: &[(i64, u64)]) -> Vec<(i64, u64)> {
        let readings = readings.iter().map(|(at, wh)| (*at, register(*wh)));
        let known = at_boundaries(&readings.collect(), 900, ALL);
        let pairs = known.into_iter().map(|(at, value)| (at, value.import.0));
        pairs.collect()
    }

    #[test]
    fn given_a_charging_process_over_several_boundaries_when_asked_then_those_within_are_not_known()
    {
        // It ended at 1,000; the next one begins at 4,000 and ends at 7,000; the one after begins at 9,100.
        let all = known(&[(1_000, 10), (4_000, 10), (7_000, 33), (9_100, 33)]);
        let before = [(1_800, 10), (2_700, 10), (3_600, 10)];
        let behind = [(7_200, 33), (8_100, 33), (9_000, 33)];
        assert_eq!(all, [before, behind].concat());
    }

    #[test]
    fn given_one_that_begins_and_ends_between_two_boundaries_when_asked_then_its_energy_is_all_theirs(
    ) {
        let all = known(&[(900, 10), (1_000, 10), (1_700, 12), (2_000, 12)]);
        assert_eq!(all, [(900, 10), (1_800, 12)]);
    }

    #[test]
    fn given_no_reading_behind_the_last_one_when_asked_then_nothing_is_known_of_what_came_then() {
        assert_eq!(known(&[(1_000, 10)]), []);
        assert_eq!(known(&[(1_000, 10), (1_500, 11)]), []);
    }

    #[test]
    fn given_readings_about_boundaries_when_asked_then_the_near_ones_count_and_the_one_before_first(
    ) {
        let all = known(&[(903, 1), (1_796, 5), (1_802, 6), (2_706, 9), (3_600, 12)]);
        assert_eq!(all, [(900, 1), (1_800, 5), (3_600, 12)]);
    }

    #[test]
    fn given_readings_years_apart_when_asked_then_what_is_asked_for_is_answered_alone() {
        let readings = [(0, register(1)), (1_i64 << 40, register(1))];
        let known = at_boundaries(&readings.into(), 900, (900_000, 901_000));
        assert_eq!(known.into_keys().collect::<Vec<_>>(), [900_000, 900_900]);
    }

    proptest! {
        /// Nothing is lost, nothing counted twice: registers of boundaries never fall, and are between those of the readings around.
        #[test]
        fn given_any_readings_when_asked_then_registers_at_boundaries_lie_between_them(
            steps in prop::collection::vec((1_i64..3_000, 0_u64..3), 1..40)
        ) {
            let (mut at, mut wh) = (1_000, 0);
            let mut readings = BTreeMap::new();
            for (seconds, more) in steps {
                at += seconds;
                wh += more;
                readings.insert(at, register(wh));
            }
            let known = at_boundaries(&readings, 900, ALL);
            let values: Vec<u64> = known.values().map(|value| value.import.0).collect();
            prop_assert!(values.is_sorted());
            for (boundary, value) in &known {
                let least = readings.range(..=boundary - NEAR - 1).next_back();
                let most = readings.range(boundary + NEAR + 1..).next();
                prop_assert!(least.is_none_or(|(_, least)| least.import <= value.import));
                prop_assert!(most.is_none_or(|(_, most)| value.import <= most.import));
            }
        }
    }
}
