//! How much a register can move from one reading to the next.

use joulebook_metering::{
    page::Rejection,
    register::{LastReading, PowerLimits, Registers},
};
use joulebook_units::{UnixTime, Watts};
use proptest::{collection::vec, prelude::*};

use crate::support::registers;

/// 11 kW in, 10 kW out: 916.7 and 833.3 Wh in five minutes.
const LIMITS: PowerLimits = PowerLimits {
    import: Watts(11_000),
    export: Watts(10_000),
};

fn last() -> LastReading {
    LastReading {
        boundary: UnixTime(1_200_000),
        sequence: 7,
        registers: registers(5_000, 3_000),
    }
}

/// Five minutes after the last reading.
fn follow(registers: Registers, limits: &PowerLimits) -> Result<(), Rejection> {
    last().check_follower(UnixTime(1_200_300), &registers, limits)
}

#[test]
fn given_energy_at_the_power_limit_when_checked_then_one_whole_watt_hour_more_is_allowed() {
    let above = Err(Rejection::PowerLimit);
    assert_eq!(follow(registers(5_917, 3_834), &LIMITS), Ok(()));
    assert_eq!(follow(registers(5_918, 3_000), &LIMITS), above);
    assert_eq!(follow(registers(5_000, 3_835), &LIMITS), above);
    assert_eq!(follow(registers(u64::MAX, u64::MAX), &LIMITS), above);
}

#[test]
fn given_no_connection_one_way_when_checked_then_only_rounding_is_allowed() {
    let limits = PowerLimits {
        export: Watts(0),
        ..LIMITS
    };
    assert_eq!(follow(registers(5_000, 3_001), &limits), Ok(()));
    assert_eq!(
        follow(registers(5_000, 3_002), &limits),
        Err(Rejection::PowerLimit)
    );
}

#[test]
fn given_registers_at_their_end_when_they_stand_still_or_go_round_then_only_the_first_is_allowed() {
    let last = LastReading {
        registers: registers(u64::MAX, u64::MAX),
        ..last()
    };
    let follow = |registers| last.check_follower(UnixTime(1_200_300), &registers, &LIMITS);
    assert_eq!(follow(registers(u64::MAX, u64::MAX)), Ok(()));
    assert_eq!(follow(registers(u64::MAX, 0)), Err(Rejection::RegisterFell));
}

#[test]
fn given_a_time_that_is_not_later_when_checked_then_only_rounding_is_allowed() {
    let follow = |boundary, import| {
        last().check_follower(UnixTime(boundary), &registers(import, 3_000), &LIMITS)
    };
    for boundary in [1_200_000, 1_199_700, 0] {
        assert_eq!(follow(boundary, 5_001), Ok(()));
        assert_eq!(follow(boundary, 5_002), Err(Rejection::PowerLimit));
    }
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -1_000..1_000i64,
        Just(i64::MIN),
        Just(i64::MAX),
        i64::MAX - 1_000..i64::MAX,
    ]
}

fn register() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0..1_000u64, u64::MAX - 1_000..=u64::MAX]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn given_any_numbers_when_checked_then_it_is_what_the_rules_say_in_128_bits(
        (before, at) in (time(), time()),
        (import, export, new_import, new_export) in (register(), register(), register(), register()),
        (import_limit, export_limit) in any::<(u32, u32)>()
    ) {
        let last = LastReading {
            boundary: UnixTime(before),
            sequence: 0,
            registers: registers(import, export),
        };
        let limits = PowerLimits {
            import: Watts(import_limit),
            export: Watts(export_limit),
        };
        // Longer than 64 bits count is as long as they do, in either direction.
        let elapsed = at.checked_sub(before).unwrap_or(i64::MAX).max(0);
        let allowed = |watts: u32| u128::from(watts) * elapsed.unsigned_abs() as u128 / 3600 + 1;
        let expected = match (new_import.checked_sub(import), new_export.checked_sub(export)) {
            (Some(import), Some(export))
                if u128::from(import) <= allowed(import_limit)
                    && u128::from(export) <= allowed(export_limit) => Ok(()),
            (Some(_), Some(_)) => Err(Rejection::PowerLimit),
            _ => Err(Rejection::RegisterFell),
        };
        let result = last.check_follower(UnixTime(at), &registers(new_import, new_export), &limits);
        prop_assert_eq!(result, expected);
    }

    /// Whole registers of a meter that never draws more than it may, whatever part of a Wh they hold back.
    #[test]
    fn given_a_meter_at_its_limit_when_read_at_any_boundaries_then_it_is_never_refused(
        held_back in 0..3_600_000u64, counts in vec(1..4i64, 1..40)
    ) {
        // Milliwatt-seconds since it was built, of which the register shows whole Wh.
        const PER_WH: u64 = 3_600_000;
        let mut drawn = 1_000_000 * PER_WH + held_back;
        let mut last = LastReading {
            registers: registers(drawn / PER_WH, 0),
            ..last()
        };
        for count in counts {
            drawn += 11_000 * 1_000 * 300 * count.unsigned_abs();
            last = {
                let boundary = UnixTime(last.boundary.0 + 300 * count);
                let registers = registers(drawn / PER_WH, 0);
                prop_assert_eq!(last.check_follower(boundary, &registers, &LIMITS), Ok(()));
                LastReading { boundary, registers, ..last }
            };
        }
    }
}
