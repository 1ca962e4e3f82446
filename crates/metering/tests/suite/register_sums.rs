//! Over any sequence of readings, what is counted is what the registers moved: nothing twice, nothing
//! lost.

use joulebook_layout::oracle::MeterFlags;
use joulebook_metering::{message::Reading, register::LastReading};
use joulebook_units::UnixTime;
use proptest::{collection::vec, prelude::*};

use crate::support::{last, registers, FIVE_MINUTES, LIMITS};

/// A message as steps from the last one taken: mostly honest, sometimes old, too much or out of place.
#[derive(Clone, Debug)]
struct Step {
    sequence: i64,
    boundary: i64,
    import: i64,
    export: i64,
    flags: u16,
}

fn step() -> impl Strategy<Value = Step> {
    let boundary = prop_oneof![6 => (1..5i64).prop_map(|count| count * 300), 1 => -400..1_000i64];
    let energy = || prop_oneof![6 => 0..800i64, 1 => -5..5_000i64];
    let flags = prop_oneof![6 => Just(0), 1 => Just(MeterFlags::CLOCK_UNSURE.0), 1 => 0..16u16];
    (-1..4i64, boundary, energy(), energy(), flags).prop_map(
        |(sequence, boundary, import, export, flags)| Step {
            sequence,
            boundary,
            import,
            export,
            flags,
        },
    )
}

fn reading(last: &LastReading, step: &Step) -> Reading {
    let (import, export) = (last.registers.import.0, last.registers.export.0);
    Reading {
        meter: 0,
        boundary: UnixTime(last.boundary.0 + step.boundary),
        sequence: last.sequence.saturating_add_signed(step.sequence),
        registers: registers(
            import.saturating_add_signed(step.import),
            export.saturating_add_signed(step.export),
        ),
        flags: step.flags,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_any_readings_when_those_accepted_are_added_up_then_it_is_what_the_registers_moved(
        steps in vec(step(), 0..60)
    ) {
        let first = last();
        let mut last = first;
        let (mut import, mut export, mut intervals) = (0, 0, 0);
        for step in steps {
            let reading = reading(&last, &step);
            let now = UnixTime(last.boundary.0 + 900);
            let Ok(advance) = last.advance(&reading, &LIMITS, FIVE_MINUTES, now) else { continue };
            import += advance.import.0;
            export += advance.export.0;
            intervals += advance.intervals;
            last = LastReading {
                boundary: reading.boundary,
                sequence: reading.sequence,
                registers: reading.registers,
            };
            // A replay is never counted again.
            prop_assert!(last.advance(&reading, &LIMITS, FIVE_MINUTES, now).is_err());
        }
        prop_assert_eq!(import, last.registers.import.0 - first.registers.import.0);
        prop_assert_eq!(export, last.registers.export.0 - first.registers.export.0);
        prop_assert_eq!(intervals as i64 * 300, last.boundary.0 - first.boundary.0);
    }

    /// Whole registers of a meter that never draws more than it may, whatever part of a Wh they hold
    /// back.
    #[test]
    fn given_a_meter_at_its_limit_when_read_at_any_boundaries_then_it_is_never_refused(
        held_back in 0..3_600_000u64, counts in vec(1..4i64, 1..40)
    ) {
        // Milliwatt-seconds since it was built, of which the register shows whole Wh.
        const PER_WH: u64 = 3_600_000;
        let start = 1_000_000 * PER_WH + held_back;
        let mut drawn = start;
        let mut last = LastReading {
            registers: registers(start / PER_WH, 0),
            ..last()
        };
        for count in counts {
            drawn += 11_000 * 1_000 * 300 * count as u64;
            let reading = Reading {
                meter: 0,
                boundary: UnixTime(last.boundary.0 + 300 * count),
                sequence: last.sequence + 1,
                registers: registers(drawn / PER_WH, 0),
                flags: 0,
            };
            let result = last.advance(&reading, &LIMITS, FIVE_MINUTES, reading.boundary);
            prop_assert!(result.is_ok(), "{:?}", result);
            last.boundary = reading.boundary;
            last.sequence = reading.sequence;
            last.registers = reading.registers;
        }
    }
}
