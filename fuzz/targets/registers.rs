//! Whether a reading can follow the last one of its meter, and what its registers count, against the rules written out in 128
//! bits.

use std::ops::Range;

use bolero::{check, produce, TypeGenerator, ValueGenerator};
use joulebook_metering::{
    page::Rejection,
    register::{LastReading, Offsets, PowerLimits, Registers},
};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};

use crate::{any_i64, any_u32, any_u64, time};

/// A reading as it follows another: mostly what can be in the time between them, and any of it wrong now and then.
#[derive(Debug, TypeGenerator)]
struct Next {
    #[generator(mostly(1..40))]
    quarter_hours: i64,
    #[generator(any_u64())]
    import: u64,
    #[generator(any_u64())]
    export: u64,
}

fn mostly(usual: Range<i64>) -> impl ValueGenerator<Output = i64> {
    (usual, any_i64(), 0..8u8).map_gen(|(usual, any, choice)| if choice == 0 { any } else { usual })
}

fn any_registers() -> impl ValueGenerator<Output = Registers> {
    (any_u64(), any_u64()).map_gen(|(import, export)| Registers {
        import: WhSum(import),
        export: WhSum(export),
    })
}

fn any_last() -> impl ValueGenerator<Output = LastReading> {
    (any_i64(), any_u64(), any_registers()).map_gen(|(boundary, sequence, registers)| LastReading {
        boundary: UnixTime(boundary),
        sequence,
        registers,
    })
}

fn any_limits() -> impl ValueGenerator<Output = PowerLimits> {
    (any_u32(), any_u32()).map_gen(|(import, export)| PowerLimits {
        import: Watts(import),
        export: Watts(export),
    })
}

/// The most energy within `limit` over `elapsed` seconds, with the 1 Wh by which whole registers may be off.
fn most(limit: Watts, elapsed: i128) -> i128 {
    i128::from(limit.0) * elapsed / 3600 + 1
}

/// For a reading at a later boundary.
fn expected(
    last: &LastReading,
    boundary: i64,
    new: &Registers,
    limits: &PowerLimits,
) -> Result<(), Rejection> {
    let added = |new: WhSum, last: WhSum| i128::from(new.0) - i128::from(last.0);
    let import = added(new.import, last.registers.import);
    let export = added(new.export, last.registers.export);
    // Longer than 64 bits count is as long as they do.
    let elapsed = i128::from(boundary) - i128::from(last.boundary.0);
    let elapsed = elapsed.min(i64::MAX.into());
    if import < 0 || export < 0 {
        return Err(Rejection::RegisterFell);
    }
    if import > most(limits.import, elapsed) || export > most(limits.export, elapsed) {
        return Err(Rejection::PowerLimit);
    }
    Ok(())
}

#[test]
fn given_any_two_readings_when_compared_then_only_a_later_one_with_a_higher_sequence_moves_the_row()
{
    check!()
        .with_test_time(time())
        .with_generator((any_last(), any_i64(), any_u64(), -1..2i64, -1..2i64))
        .for_each(|(last, boundary, sequence, later, higher)| {
            // Those next to it as well: of any, hardly one is.
            let times = [*boundary, last.boundary.0.saturating_add(*later)];
            let sequences = [*sequence, last.sequence.saturating_add_signed(*higher)];
            for (boundary, sequence) in times
                .into_iter()
                .flat_map(|time| sequences.map(|sequence| (time, sequence)))
            {
                let expected = match (boundary > last.boundary.0, sequence > last.sequence) {
                    (false, _) => Ok(false),
                    (true, true) => Ok(true),
                    (true, false) => Err(Rejection::StaleSequence),
                };
                assert_eq!(last.is_moved_by(UnixTime(boundary), sequence), expected);
            }
        });
}

#[test]
fn given_any_later_reading_when_compared_then_the_rules_say_whether_it_can_follow() {
    check!()
        .with_test_time(time())
        .with_generator((any_last(), any_i64(), any_registers(), any_limits()))
        .for_each(|(last, boundary, new, limits)| {
            if *boundary <= last.boundary.0 {
                return;
            }
            let result = last.check_follower(UnixTime(*boundary), new, limits);
            assert_eq!(result, expected(last, *boundary, new, limits));
        });
}

#[test]
fn given_any_run_of_readings_when_each_follows_then_energy_adds_up_within_the_power_limit() {
    let run = produce::<Vec<Next>>().with().len(0..20usize);
    check!()
        .with_test_time(time())
        .with_generator((any_last(), any_limits(), run))
        .for_each(|(first, limits, run)| {
            let mut last = *first;
            let mut count = 0;
            for next in run {
                let elapsed = next.quarter_hours.saturating_mul(900);
                let boundary = last.boundary.0.saturating_add(elapsed);
                if boundary <= last.boundary.0 {
                    continue;
                }
                let registers = Registers {
                    import: WhSum(last.registers.import.0.wrapping_add(next.import)),
                    export: WhSum(last.registers.export.0.wrapping_add(next.export)),
                };
                let result = last.check_follower(UnixTime(boundary), &registers, limits);
                assert_eq!(result, expected(&last, boundary, &registers, limits));
                if result.is_ok() {
                    count += 1;
                    last.boundary = UnixTime(boundary);
                    last.registers = registers;
                }
            }
            let (from, to) = (first.registers, last.registers);
            let elapsed = i128::from(last.boundary.0) - i128::from(first.boundary.0);
            // Each reading may be off by 1 Wh.
            let within = |from: WhSum, to: WhSum, limit| {
                let energy = i128::from(to.0) - i128::from(from.0);
                energy >= 0 && energy < most(limit, elapsed) + count
            };
            assert!(within(from.import, to.import, limits.import));
            assert!(within(from.export, to.export, limits.export));
        });
}

#[test]
fn given_any_power_limits_when_they_fit_a_page_then_all_that_they_allow_fits_an_entry() {
    check!()
        .with_test_time(time())
        .with_generator((any_limits(), any_i64(), 1..1_441i64))
        .for_each(|(limits, length, intervals)| {
            for length in [*length, intervals * 900] {
                // No energy in no time.
                let seconds = i128::from(length.max(0));
                let fits = |limit| most(limit, seconds) < 1 << 30;
                assert_eq!(
                    limits.fit_page(Seconds(length)),
                    fits(limits.import) && fits(limits.export)
                );
            }
        });
}

/// Registers that a device can show.
fn any_plausible() -> impl ValueGenerator<Output = Registers> {
    any_registers().map_gen(|registers| Registers {
        import: WhSum(registers.import.0 >> 1),
        export: WhSum(registers.export.0 >> 1),
    })
}

#[test]
fn given_any_device_when_its_row_counts_then_it_goes_on_from_where_it_was() {
    let moved = (-2..40i64, any_i64(), 0..8u8)
        .map_gen(|(usual, any, choice)| if choice == 0 { any } else { usual });
    check!()
        .with_test_time(time())
        .with_generator((any_plausible(), any_plausible(), any_registers(), moved))
        .for_each(|(device, counted, any, moved)| {
            assert!(device.are_plausible() && counted.are_plausible());
            let offsets = Offsets::between(device, counted);
            assert_eq!(offsets.count(device), Ok(*counted));
            // Near what it showed, and anywhere.
            let near = Registers {
                import: WhSum(device.import.0.saturating_add_signed(*moved)),
                export: device.export,
            };
            for later in [near, *any] {
                let count = |later: WhSum, device: WhSum, counted: WhSum| {
                    let sum = i128::from(later.0) - i128::from(device.0) + i128::from(counted.0);
                    u64::try_from(sum).map(WhSum)
                };
                let fell = later.import < device.import || later.export < device.export;
                let import = count(later.import, device.import, counted.import);
                let export = count(later.export, device.export, counted.export);
                match offsets.count(&later) {
                    Ok(found) => {
                        assert!(!fell);
                        assert_eq!((Ok(found.import), Ok(found.export)), (import, export));
                    }
                    Err(Rejection::BelowFirst) => assert!(fell),
                    Err(rejection) => {
                        assert_eq!(rejection, Rejection::PowerLimit);
                        assert!(import.is_err() || export.is_err());
                    }
                }
            }
        });
}
