//! Whatever is read, no energy is lost, made or moved to another household.

mod common;

use common::read;
use joulebook_profiles::{Energy, Profile};
use proptest::prelude::*;

/// Attojoules of a whole number of 10⁻¹² of a unit: of Wh and kWh, and of W and kW over so many seconds.
fn attojoules(unit: &str, trillionths: i128, seconds: i64) -> i128 {
    trillionths
        * match unit {
            "W" => i128::from(seconds) * 10_i128.pow(6),
            "kW" => i128::from(seconds) * 10_i128.pow(9),
            "Wh" => 3600 * 10_i128.pow(6),
            _ => 3600 * 10_i128.pow(9),
        }
}

fn sum(series: &[Energy]) -> i128 {
    series.iter().map(|energy| energy.0).sum()
}

fn decimal(trillionths: i128) -> String {
    let (whole, rest) = (
        trillionths.abs() / 10_i128.pow(12),
        trillionths.abs() % 10_i128.pow(12),
    );
    let sign = if trillionths < 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:012}")
}

fn net(profile: &Profile) -> i128 {
    sum(&profile.import) - sum(&profile.export)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// In all units, with twelve decimals each, on any grid of minutes, over as many windows as it takes.
    #[test]
    fn given_any_rows_when_read_then_a_household_s_sum_is_that_of_the_file(
        (unit, minutes, shift) in (
            prop::sample::select(vec!["W", "kW", "Wh", "kWh"]),
            prop::sample::select(vec![1_i64, 5, 15, 30, 60, 180, 1440]),
            0_i64..1440,
        ),
        comma in any::<bool>(),
        values in prop::collection::vec((0_i128..10_i128.pow(14), -10_i128.pow(14)..10_i128.pow(14)), 2..60),
    ) {
        let mark = |text: String| if comma { text.replace('.', ",") } else { text };
        let mut text = format!("time;a_load_{unit};a_pv_{unit};b_net_{unit}\n");
        let start = 1_717_200_000 + shift * 60;
        for (row, (used, moved)) in (0_i64..).zip(&values) {
            let time = start + row * minutes * 60;
            let pv = moved.abs() / 3;
            let cells = [*used, pv, *moved].map(|value| mark(decimal(value)));
            text += &format!("{time};{}\n", cells.join(";"));
        }
        let seconds = minutes * 60;
        let of = |value: &dyn Fn(&(i128, i128)) -> i128| -> i128 {
            values.iter().map(|row| attojoules(unit, value(row), seconds)).sum()
        };
        let reading = read(&text, "");
        let [a, b] = &reading.profiles.households[..] else { panic!("two households") };
        prop_assert_eq!(sum(&a.load), of(&|row| row.0));
        prop_assert_eq!(sum(&a.pv), of(&|row| row.1.abs() / 3));
        prop_assert_eq!(net(b), of(&|row| row.1));
        prop_assert_eq!(sum(&b.import), of(&|row| row.1.max(0)));
        // No window begins before the rows do by more than its length, nor ends so late.
        let (profiles, end) = (&reading.profiles, start + seconds * values.len() as i64);
        prop_assert!((start - profiles.length.0 + 1..=start).contains(&profiles.start.0));
        prop_assert!((end..end + profiles.length.0).contains(&profiles.boundary(profiles.intervals).0));
    }

    /// A row's energy lies in the windows that it overlaps and in no other.
    #[test]
    fn given_one_row_with_energy_when_split_then_only_its_windows_have_any(
        shift in 0_i64..3600,
        place in 0_usize..24,
        value in 1_i128..10_i128.pow(15),
    ) {
        let mut text = String::from("time,a_load_Wh\n");
        let start = 1_717_200_000 + shift;
        for row in 0..24 {
            let value = if row == place { value } else { 0 };
            text += &format!("{},{}\n", start + row as i64 * 3600, decimal(value));
        }
        let reading = read(&text, "");
        let load = &reading.profiles.households[0].load;
        let first = place;
        let last = if shift == 0 { place } else { place + 1 };
        prop_assert_eq!(sum(&load[first..=last]), attojoules("Wh", value, 3600));
        prop_assert_eq!(sum(load), attojoules("Wh", value, 3600));
        // Evenly: the first window has what is left of its hour.
        let whole = attojoules("Wh", value, 3600);
        prop_assert_eq!(load[first].0, whole / 3600 * i128::from(3600 - shift) + whole % 3600 * i128::from(3600 - shift) / 3600);
    }
}
