//! Whether a reading is taken and what it adds, against the rules written out in 128 bits.

use std::ops::Range;

use bolero::{check, one_value_of, produce, TypeGenerator, ValueGenerator};
use joulebook_layout::oracle::MeterFlags;
use joulebook_metering::{
    message::Reading,
    register::{Advance, LastReading, PowerLimits, Registers, Rejection},
};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};

use crate::{any_i64, any_u32, any_u64, time};

/// Lengths that markets have, and others.
fn any_length() -> impl ValueGenerator<Output = i64> {
    (one_value_of([60, 300, 900, 86_400]), any_i64(), 0..8u8).map_gen(|(usual, any, choice)| {
        if choice == 0 {
            any
        } else {
            usual
        }
    })
}

/// A reading as it follows another: mostly in step with it, and any of it wrong now and then.
#[derive(Debug, TypeGenerator)]
struct Next {
    #[generator(mostly(1..40))]
    intervals: i64,
    #[generator(mostly(0..1000))]
    late: i64,
    #[generator(any_u64())]
    sequence: u64,
    #[generator(any_u64())]
    import: u64,
    #[generator(any_u64())]
    export: u64,
    #[generator(any_flags())]
    flags: u16,
}

fn mostly(usual: Range<i64>) -> impl ValueGenerator<Output = i64> {
    (usual, any_i64(), 0..8u8).map_gen(|(usual, any, choice)| if choice == 0 { any } else { usual })
}

fn any_flags() -> impl ValueGenerator<Output = u16> {
    (produce::<u16>(), 0..8u8).map_gen(|(any, choice)| match choice {
        0 => any,
        1 => MeterFlags::TAMPERED.0,
        _ => any & MeterFlags::ALL.0 & !MeterFlags::TAMPERED.0,
    })
}

fn any_last() -> impl ValueGenerator<Output = LastReading> {
    (any_i64(), any_u64(), any_u64(), any_u64()).map_gen(|(boundary, sequence, import, export)| {
        LastReading {
            boundary: UnixTime(boundary),
            sequence,
            registers: Registers {
                import: WhSum(import),
                export: WhSum(export),
            },
        }
    })
}

fn any_limits() -> impl ValueGenerator<Output = PowerLimits> {
    (any_u32(), any_u32()).map_gen(|(import, export)| PowerLimits {
        import: Watts(import),
        export: Watts(export),
    })
}

fn reading_after(last: &LastReading, next: &Next, length: i64) -> Reading {
    // On the grid, unless the sum leaves the range.
    let on_grid = last
        .boundary
        .0
        .wrapping_sub(last.boundary.0.checked_rem_euclid(length).unwrap_or(0));
    Reading {
        meter: 0,
        boundary: UnixTime(on_grid.wrapping_add(next.intervals.wrapping_mul(length))),
        sequence: last.sequence.wrapping_add(next.sequence),
        registers: Registers {
            import: WhSum(last.registers.import.0.wrapping_add(next.import)),
            export: WhSum(last.registers.export.0.wrapping_add(next.export)),
        },
        flags: next.flags,
    }
}

/// The most energy within `limit` over `elapsed` seconds, with the 1 Wh by which whole registers may be off.
fn most(limit: Watts, elapsed: i128) -> i128 {
    i128::from(limit.0) * elapsed / 3600 + 1
}

fn expected(
    last: &LastReading,
    new: &Reading,
    limits: &PowerLimits,
    length: i64,
    now: i64,
) -> Result<Advance, Rejection> {
    let added = |new: WhSum, last: WhSum| i128::from(new.0) - i128::from(last.0);
    let import = added(new.registers.import, last.registers.import);
    let export = added(new.registers.export, last.registers.export);
    let boundary = i128::from(new.boundary.0);
    let elapsed = boundary - i128::from(last.boundary.0);
    // In the order of the enum; the boundary before this one has to be in range, too.
    let is_on_grid = length > 0 && boundary.rem_euclid(length.into()) == 0;
    for (applies, rejection) in [
        (new.sequence <= last.sequence, Rejection::StaleSequence),
        (elapsed <= 0, Rejection::StaleBoundary),
        (!is_on_grid, Rejection::OffBoundary),
        (new.boundary.0 > now, Rejection::Future),
        (new.flags & !MeterFlags::ALL.0 != 0, Rejection::UnknownFlags),
        (new.flags & MeterFlags::TAMPERED.0 != 0, Rejection::Tampered),
        (import < 0 || export < 0, Rejection::RegisterFell),
        // So long that it is no time: longer than 64 bits count.
        (elapsed > i64::MAX.into(), Rejection::Future),
        (import > most(limits.import, elapsed), Rejection::PowerLimit),
        (export > most(limits.export, elapsed), Rejection::PowerLimit),
    ] {
        if applies {
            return Err(rejection);
        }
    }
    let whole = |number: i128| u64::try_from(number).unwrap();
    Ok(Advance {
        import: WhSum(whole(import)),
        export: WhSum(whole(export)),
        intervals: whole(elapsed / i128::from(length)),
    })
}

#[test]
fn given_any_two_readings_when_compared_then_the_first_rule_broken_says_why() {
    let other = (any_i64(), any_u64(), any_u64(), any_u64(), produce::<u16>());
    check!()
        .with_test_time(time())
        .with_generator((any_last(), other, any_limits(), any_length(), any_i64()))
        .for_each(
            |(last, (boundary, sequence, import, export, flags), limits, length, now)| {
                let reading = Reading {
                    meter: 0,
                    boundary: UnixTime(*boundary),
                    sequence: *sequence,
                    registers: Registers {
                        import: WhSum(*import),
                        export: WhSum(*export),
                    },
                    flags: *flags,
                };
                let result = last.advance(&reading, limits, Seconds(*length), UnixTime(*now));
                assert_eq!(result, expected(last, &reading, limits, *length, *now));
            },
        );
}

#[test]
fn given_any_run_of_readings_when_advanced_then_energy_adds_up_within_the_power_limit() {
    let run = produce::<Vec<Next>>().with().len(0..20usize);
    check!()
        .with_test_time(time())
        .with_generator((any_last(), any_limits(), any_length(), run))
        .for_each(|(first, limits, length, run)| {
            let mut last = *first;
            let (mut import, mut export, mut count) = (0, 0, 0);
            for next in run {
                let reading = reading_after(&last, next, *length);
                let now = reading.boundary.0.saturating_add(next.late);
                let result = last.advance(&reading, limits, Seconds(*length), UnixTime(now));
                assert_eq!(result, expected(&last, &reading, limits, *length, now));
                if let Ok(advance) = result {
                    import += i128::from(advance.import.0);
                    export += i128::from(advance.export.0);
                    count += 1;
                    last = LastReading {
                        boundary: reading.boundary,
                        sequence: reading.sequence,
                        registers: reading.registers,
                    };
                }
            }
            let (from, to) = (first.registers, last.registers);
            assert_eq!(import, i128::from(to.import.0) - i128::from(from.import.0));
            assert_eq!(export, i128::from(to.export.0) - i128::from(from.export.0));
            let elapsed = i128::from(last.boundary.0) - i128::from(first.boundary.0);
            assert!(import < most(limits.import, elapsed) + count);
            assert!(export < most(limits.export, elapsed) + count);
        });
}
