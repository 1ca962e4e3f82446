//! Times, registers and limits at their ends.

use joulebook_metering::{
    message::Reading,
    register::{LastReading, PowerLimits, Rejection},
};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};
use proptest::prelude::*;

use crate::support::registers;

const ALL: PowerLimits = PowerLimits {
    import: Watts(u32::MAX),
    export: Watts(u32::MAX),
};

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -1_000..1_000i64,
        Just(i64::MIN),
        Just(i64::MAX),
        i64::MIN..i64::MIN + 1_000,
        i64::MAX - 1_000..i64::MAX,
    ]
}

fn counter() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0..1_000u64, u64::MAX - 1_000..=u64::MAX]
}

fn last(boundary: i64) -> LastReading {
    LastReading {
        boundary: UnixTime(boundary),
        sequence: 0,
        registers: registers(0, 0),
    }
}

fn reading(boundary: i64) -> Reading {
    Reading {
        meter: 0,
        boundary: UnixTime(boundary),
        sequence: 1,
        registers: registers(1, 1),
        flags: 0,
    }
}

#[test]
fn given_the_last_sequence_there_is_when_another_comes_then_it_is_stale() {
    let last = LastReading {
        sequence: u64::MAX,
        ..last(0)
    };
    let reading = Reading {
        sequence: u64::MAX,
        ..reading(300)
    };
    let result = last.advance(&reading, &ALL, Seconds(300), UnixTime(300));
    assert_eq!(result, Err(Rejection::StaleSequence));
}

#[test]
fn given_registers_at_their_end_when_they_stand_still_then_nothing_is_added() {
    let last = LastReading {
        registers: registers(u64::MAX, u64::MAX),
        ..last(0)
    };
    let reading = Reading {
        registers: registers(u64::MAX, u64::MAX),
        ..reading(300)
    };
    let advance = last.advance(&reading, &ALL, Seconds(300), UnixTime(300));
    assert_eq!(advance.map(|advance| advance.import), Ok(WhSum(0)));
}

#[test]
fn given_a_register_gone_round_to_zero_when_judged_then_it_fell() {
    let last = LastReading {
        registers: registers(u64::MAX, 0),
        ..last(0)
    };
    let result = last.advance(&reading(300), &ALL, Seconds(300), UnixTime(300));
    assert_eq!(result, Err(Rejection::RegisterFell));
}

#[test]
fn given_times_before_1970_when_judged_then_they_count_as_any_other() {
    let advance = last(-600).advance(&reading(-300), &ALL, Seconds(300), UnixTime(-300));
    assert_eq!(advance.map(|advance| advance.intervals), Ok(1));
}

#[test]
fn given_longer_than_64_bits_of_seconds_between_when_judged_then_it_is_refused() {
    let result = last(i64::MIN).advance(&reading(0), &ALL, Seconds(300), UnixTime(0));
    assert_eq!(result, Err(Rejection::Future));
}

#[test]
fn given_the_longest_time_between_when_judged_then_its_intervals_are_counted() {
    let advance = last(0).advance(&reading(i64::MAX), &ALL, Seconds(1), UnixTime(i64::MAX));
    assert_eq!(
        advance.map(|advance| advance.intervals),
        Ok(i64::MAX as u64)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_numbers_when_judged_then_it_answers_and_an_advance_obeys_the_rules(
        (before, at, now, length) in (time(), time(), time(), prop_oneof![time(), 1..10i64]),
        (seen, sequence, flags) in (counter(), counter(), prop_oneof![Just(0), any::<u16>()]),
        (import, export, new_import, new_export) in (counter(), counter(), counter(), counter()),
        (import_limit, export_limit) in any::<(u32, u32)>()
    ) {
        let last = LastReading {
            boundary: UnixTime(before),
            sequence: seen,
            registers: registers(import, export),
        };
        let reading = Reading {
            meter: 0,
            boundary: UnixTime(at),
            sequence,
            registers: registers(new_import, new_export),
            flags,
        };
        let limits = PowerLimits {
            import: Watts(import_limit),
            export: Watts(export_limit),
        };
        if let Ok(advance) = last.advance(&reading, &limits, Seconds(length), UnixTime(now)) {
            prop_assert!(sequence > seen && at > before && at <= now && length > 0);
            prop_assert_eq!(at.rem_euclid(length), 0);
            prop_assert_eq!(advance.import.0, new_import - import);
            prop_assert_eq!(advance.export.0, new_export - export);
            let elapsed = u128::try_from(at - before).expect("later");
            let allowed = |watts: u32| u128::from(watts) * elapsed / 3600 + 1;
            prop_assert!(u128::from(advance.import.0) <= allowed(import_limit));
            prop_assert!(u128::from(advance.export.0) <= allowed(export_limit));
        }
    }
}
