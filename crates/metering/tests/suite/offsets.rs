//! What a meter's row counts of what its device shows.

use joulebook_metering::{
    page::Rejection,
    register::{Offsets, Registers},
};
use proptest::prelude::*;

use crate::support::registers;

/// 2⁶³ Wh less one, the most that a device can show.
const MOST: u64 = 9_223_372_036_854_775_807;

/// Of a device that was new in its row, and showed 5,000 Wh in and 300 Wh out.
fn registered() -> Offsets {
    Offsets::between(&registers(5_000, 300), &registers(0, 0))
}

/// Of a device that showed 70 Wh in and 0 Wh out when it took another's place at 1,000 Wh and 200 Wh.
fn changed() -> Offsets {
    Offsets::between(&registers(70, 0), &registers(1_000, 200))
}

#[test]
fn given_a_new_meter_when_its_device_moves_on_then_only_that_counts() {
    let offsets = registered();
    assert_eq!(offsets.count(&registers(5_000, 300)), Ok(registers(0, 0)));
    assert_eq!(offsets.count(&registers(5_400, 301)), Ok(registers(400, 1)));
}

#[test]
fn given_a_changed_device_when_it_moves_on_then_the_row_goes_on() {
    let offsets = changed();
    assert_eq!(offsets.count(&registers(70, 0)), Ok(registers(1_000, 200)));
    assert_eq!(offsets.count(&registers(95, 4)), Ok(registers(1_025, 204)));
}

#[test]
fn given_a_device_that_shows_less_than_at_first_when_counted_then_it_is_below_that() {
    let below = Err(Rejection::BelowFirst);
    assert_eq!(changed().count(&registers(69, 0)), below);
    assert_eq!(changed().count(&registers(0, 0)), below);
    assert_eq!(registered().count(&registers(4_999, 300)), below);
    assert_eq!(registered().count(&registers(5_000, 299)), below);
    assert_eq!(registered().count(&registers(0, 0)), below);
}

#[test]
fn given_a_device_at_the_end_of_its_range_when_counted_then_nothing_goes_round() {
    let most = registers(u64::MAX, 300);
    assert_eq!(
        registered().count(&most),
        Ok(registers(u64::MAX - 5_000, 0))
    );
    assert_eq!(changed().count(&most), Err(Rejection::PowerLimit));
    assert_eq!(
        changed().count(&registers(70, u64::MAX)),
        Err(Rejection::PowerLimit)
    );
}

#[test]
fn given_registers_of_63_bits_when_asked_then_those_alone_are_plausible() {
    assert!(registers(MOST, MOST).are_plausible());
    assert!(!registers(MOST + 1, 0).are_plausible());
    assert!(!registers(0, MOST + 1).are_plausible());
    assert!(!registers(u64::MAX, u64::MAX).are_plausible());
}

fn plausible() -> impl Strategy<Value = Registers> {
    let one = || prop_oneof![0..=MOST, 0..1_000u64, MOST - 1_000..=MOST];
    (one(), one()).prop_map(|(import, export)| registers(import, export))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_change_of_device_when_counted_then_the_row_goes_on_from_where_it_was(
        device in plausible(), counted in plausible(), (import, export) in any::<(u64, u64)>()
    ) {
        let offsets = Offsets::between(&device, &counted);
        prop_assert_eq!(offsets.count(&device), Ok(counted));
        // What it shows later, and what the row counts then, in 128 bits.
        let later = |start: u64, now: u64, shown: u64| {
            i128::from(now) + i128::from(shown) - i128::from(start)
        };
        let expected = [
            later(device.import.0, counted.import.0, import),
            later(device.export.0, counted.export.0, export),
        ];
        match offsets.count(&registers(import, export)) {
            Ok(result) => {
                prop_assert!(import >= device.import.0 && export >= device.export.0);
                prop_assert_eq!(i128::from(result.import.0), expected[0]);
                prop_assert_eq!(i128::from(result.export.0), expected[1]);
            }
            Err(Rejection::BelowFirst) => {
                prop_assert!(import < device.import.0 || export < device.export.0);
            }
            Err(Rejection::PowerLimit) => {
                prop_assert!(expected.iter().any(|wh| *wh > i128::from(u64::MAX)));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn given_any_bytes_when_counted_then_it_answers(
        (import, export, shown, other) in any::<(u64, u64, u64, u64)>()
    ) {
        let offsets = Offsets {
            import,
            export,
            least: registers(other, import),
        };
        let result = offsets.count(&registers(shown, other));
        let is_known = matches!(
            result,
            Ok(_) | Err(Rejection::BelowFirst | Rejection::PowerLimit)
        );
        prop_assert!(is_known);
    }
}
