//! Each reason to refuse a reading, and their order.

use joulebook_layout::oracle::MeterFlags;
use joulebook_metering::{
    message::Reading,
    register::{Advance, LastReading, PowerLimits, Registers, Rejection},
};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};

use crate::support::{last, next, registers, FIVE_MINUTES, LIMITS, NOW};

fn judge(reading: &Reading) -> Result<Advance, Rejection> {
    last().advance(reading, &LIMITS, FIVE_MINUTES, NOW)
}

fn registers_after(registers: Registers) -> Result<Advance, Rejection> {
    judge(&Reading {
        registers,
        ..next()
    })
}

#[test]
fn given_an_honest_reading_when_judged_then_it_adds_the_difference_of_the_registers() {
    let expected = Advance {
        import: WhSum(400),
        export: WhSum(100),
        intervals: 1,
    };
    assert_eq!(judge(&next()), Ok(expected));
}

#[test]
fn given_registers_that_stand_still_when_judged_then_nothing_is_added() {
    let expected = Advance {
        import: WhSum(0),
        export: WhSum(0),
        intervals: 1,
    };
    assert_eq!(registers_after(last().registers), Ok(expected));
}

#[test]
fn given_lost_readings_when_the_next_is_judged_then_nothing_is_lost() {
    let reading = Reading {
        boundary: UnixTime(1_201_500),
        sequence: 90,
        registers: registers(6_500, 3_000),
        ..next()
    };
    let later = UnixTime(1_201_500);
    let advance = last().advance(&reading, &LIMITS, FIVE_MINUTES, later);
    let expected = Advance {
        import: WhSum(1_500),
        export: WhSum(0),
        intervals: 5,
    };
    assert_eq!(advance, Ok(expected));
}

#[test]
fn given_a_sequence_not_above_the_last_when_judged_then_it_is_stale() {
    for sequence in [0, 6, 7] {
        let reading = Reading { sequence, ..next() };
        assert_eq!(judge(&reading), Err(Rejection::StaleSequence));
    }
}

#[test]
fn given_a_boundary_not_after_the_last_when_judged_then_it_is_stale() {
    for boundary in [1_200_000, 1_199_700, 0, -300, i64::MIN] {
        let reading = Reading {
            boundary: UnixTime(boundary),
            ..next()
        };
        assert_eq!(judge(&reading), Err(Rejection::StaleBoundary));
    }
}

#[test]
fn given_a_time_that_is_no_boundary_when_judged_then_it_is_off() {
    for boundary in [1_200_001, 1_200_299, 1_200_301] {
        let reading = Reading {
            boundary: UnixTime(boundary),
            ..next()
        };
        assert_eq!(judge(&reading), Err(Rejection::OffBoundary));
    }
}

#[test]
fn given_a_boundary_of_this_very_second_when_judged_then_it_is_taken_and_the_next_is_future() {
    let judge_at = |now| last().advance(&next(), &LIMITS, FIVE_MINUTES, UnixTime(now));
    assert!(judge_at(1_200_300).is_ok());
    assert_eq!(judge_at(1_200_299), Err(Rejection::Future));
}

#[test]
fn given_flags_when_judged_then_unknown_ones_and_tampering_are_refused_and_the_others_taken() {
    let with = |flags| judge(&Reading { flags, ..next() });
    for bit in 3..16 {
        assert_eq!(with(1 << bit), Err(Rejection::UnknownFlags));
        assert_eq!(
            with(1 << bit | MeterFlags::TAMPERED.0),
            Err(Rejection::UnknownFlags)
        );
    }
    assert_eq!(with(MeterFlags::ALL.0), Err(Rejection::Tampered));
    assert_eq!(with(MeterFlags::TAMPERED.0), Err(Rejection::Tampered));
    assert!(with(MeterFlags::CLOCK_UNSURE.0 | MeterFlags::POWER_FAILED.0).is_ok());
}

#[test]
fn given_a_register_lower_than_before_when_judged_then_it_fell() {
    let fell = Err(Rejection::RegisterFell);
    assert_eq!(registers_after(registers(4_999, 3_000)), fell);
    assert_eq!(registers_after(registers(5_000, 2_999)), fell);
    assert_eq!(registers_after(registers(0, 0)), fell);
}

#[test]
fn given_energy_at_the_power_limit_when_judged_then_one_whole_watt_hour_more_is_allowed() {
    // 11 kW and 10 kW for five minutes are 916.7 and 833.3 Wh: a whole register may show 917 and 834.
    assert!(registers_after(registers(5_000 + 917, 3_000 + 834)).is_ok());
    let above = Err(Rejection::PowerLimit);
    assert_eq!(registers_after(registers(5_000 + 918, 3_000)), above);
    assert_eq!(registers_after(registers(5_000, 3_000 + 835)), above);
    assert_eq!(registers_after(registers(u64::MAX, u64::MAX)), above);
}

#[test]
fn given_no_connection_one_way_when_judged_then_only_rounding_is_allowed() {
    let limits = PowerLimits {
        export: Watts(0),
        ..LIMITS
    };
    let with = |export| {
        let reading = Reading {
            registers: registers(5_000, export),
            ..next()
        };
        last().advance(&reading, &limits, FIVE_MINUTES, NOW)
    };
    assert!(with(3_000).is_ok());
    assert!(with(3_001).is_ok());
    assert_eq!(with(3_002), Err(Rejection::PowerLimit));
}

#[test]
fn given_a_length_that_is_not_positive_when_judged_then_no_time_is_a_boundary() {
    for length in [0, -1, -300, i64::MIN] {
        let result = last().advance(&next(), &LIMITS, Seconds(length), NOW);
        assert_eq!(result, Err(Rejection::OffBoundary));
    }
}

/// A reading wrong in every way at once, put right one by one: each reason shows once those before it
/// are gone.
#[test]
fn given_a_reading_wrong_in_every_way_when_judged_then_the_first_reason_in_order_is_given() {
    let at = |boundary| UnixTime(boundary);
    let mut reading = Reading {
        meter: 3,
        boundary: at(1_199_999),
        sequence: 7,
        registers: registers(4_999, u64::MAX),
        flags: MeterFlags::ALL.0 | 1 << 15,
    };
    let mut check = |expected, put_right: fn(&mut Reading)| {
        assert_eq!(judge(&reading), Err(expected));
        put_right(&mut reading);
    };
    check(Rejection::StaleSequence, |reading| reading.sequence = 8);
    check(Rejection::StaleBoundary, |reading| {
        reading.boundary = UnixTime(1_200_601)
    });
    check(Rejection::OffBoundary, |reading| {
        reading.boundary = UnixTime(1_200_600)
    });
    check(Rejection::Future, |reading| {
        reading.boundary = UnixTime(1_200_300)
    });
    check(Rejection::UnknownFlags, |reading| {
        reading.flags = MeterFlags::ALL.0
    });
    check(Rejection::Tampered, |reading| {
        reading.flags = MeterFlags::CLOCK_UNSURE.0
    });
    check(Rejection::RegisterFell, |reading| {
        reading.registers.import = WhSum(5_000)
    });
    check(Rejection::PowerLimit, |reading| {
        reading.registers.export = WhSum(3_000)
    });
    assert!(judge(&reading).is_ok());
}

#[test]
fn given_a_rejection_when_asked_then_only_what_the_meter_itself_signed_is_a_violation() {
    let violations = [
        Rejection::Tampered,
        Rejection::RegisterFell,
        Rejection::PowerLimit,
    ];
    let others = [
        Rejection::StaleSequence,
        Rejection::StaleBoundary,
        Rejection::OffBoundary,
        Rejection::Future,
        Rejection::UnknownFlags,
    ];
    assert!(violations.into_iter().all(Rejection::is_violation));
    assert!(!others.into_iter().any(Rejection::is_violation));
}

#[test]
fn given_a_meter_last_heard_between_boundaries_when_judged_then_only_whole_intervals_count() {
    let last = LastReading {
        boundary: UnixTime(1_199_900),
        ..last()
    };
    let advance = last.advance(&next(), &LIMITS, FIVE_MINUTES, NOW);
    assert_eq!(advance.map(|advance| advance.intervals), Ok(1));
}
