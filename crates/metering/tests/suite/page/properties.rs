//! Whatever comes in whatever order, the page is what the model says.

use joulebook_layout::oracle::Quality;
use joulebook_metering::page::{attributed, EnergySum, Rejection, Taken};
use joulebook_units::UnixTime;
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    model::{any_registers, Model},
    support::{energy, last_reading, measured, missing, Page, LIMITS, START},
};

/// Of a page with so many intervals: readings by boundary, some of them more than once.
fn any_order(intervals: u16) -> impl Strategy<Value = Vec<u16>> {
    vec(0..=intervals, 0..=3 * usize::from(intervals))
}

#[derive(Clone, Debug)]
enum Step {
    Read(u16),
    Replace(u16, Vec<(u32, u32)>),
}

fn any_steps(intervals: u16) -> impl Strategy<Value = Vec<Step>> {
    let values = vec((0..=1_001u32, 0..=501u32), 1..4);
    let step = prop_oneof![
        6 => (0..=intervals).prop_map(Step::Read),
        1 => (0..intervals, values).prop_map(|(first, values)| Step::Replace(first, values)),
    ];
    vec(step, 0..60)
}

const SIZES: std::ops::Range<u16> = 1..24;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_readings_when_they_come_in_any_order_then_the_page_is_what_they_say(
        (intervals, all, order) in SIZES.prop_flat_map(|n| (Just(n), any_registers(n), any_order(n))),
        heard in any::<Option<u8>>(),
    ) {
        let mut page = Page::new(START, intervals);
        let mut model = Model::default();
        // Before the page, and no more energy than that.
        let mut row = heard.map(|ago| {
            let Some(first) = all.first() else { unreachable!() };
            last_reading(-1 - i64::from(ago), first.import.0, first.export.0)
        });
        for boundary in order {
            let registers = all[usize::from(boundary)];
            let newest = model.known.last_key_value().is_none_or(|(last, _)| boundary > *last);
            let expected = match model.known.insert(boundary, registers) {
                Some(_) => Taken::AlreadyKnown,
                None if newest => Taken::Newest,
                None => Taken::Filled,
            };
            prop_assert_eq!(page.take(boundary, registers, &mut row), Ok(expected));
            prop_assert_eq!(&page, &model.page(&page));
        }
    }

    #[test]
    fn given_any_readings_when_taken_then_measured_and_gaps_are_what_the_registers_moved(
        (intervals, all, order) in SIZES.prop_flat_map(|n| (Just(n), any_registers(n), any_order(n))),
    ) {
        let mut page = Page::new(START, intervals);
        let mut row = None;
        for boundary in &order {
            page.take(*boundary, all[usize::from(*boundary)], &mut row).unwrap();
        }
        let mut moved = EnergySum::default();
        for entry in &page.entries {
            moved.import = moved.import.checked_add(entry.import()).unwrap();
            moved.export = moved.export.checked_add(entry.export()).unwrap();
        }
        let expected = match (order.iter().min(), order.iter().max()) {
            (Some(first), Some(last)) => {
                EnergySum::between(&all[usize::from(*first)], &all[usize::from(*last)]).unwrap()
            }
            _ => EnergySum::default(),
        };
        prop_assert_eq!(moved, expected);
    }

    #[test]
    fn given_any_page_when_a_reading_is_taken_then_no_interval_gets_worse(
        (intervals, all, order) in SIZES.prop_flat_map(|n| (Just(n), any_registers(n), any_order(n))),
    ) {
        let mut page = Page::new(START, intervals);
        let mut row = None;
        for boundary in order {
            let before = page.entries.clone();
            page.take(boundary, all[usize::from(boundary)], &mut row).unwrap();
            for (before, after) in before.iter().zip(&page.entries) {
                prop_assert!(after.quality() as u8 >= before.quality() as u8);
                prop_assert!(!before.has_value() || before == after);
            }
        }
    }

    #[test]
    fn given_readings_and_replaced_values_when_they_interleave_then_the_page_is_what_both_say(
        (intervals, all, steps) in SIZES.prop_flat_map(|n| (Just(n), any_registers(n), any_steps(n))),
    ) {
        let mut page = Page::new(START, intervals);
        let mut model = Model::default();
        let mut row = None;
        for step in steps {
            match step {
                Step::Read(boundary) => {
                    let registers = all[usize::from(boundary)];
                    let result = page.take(boundary, registers, &mut row);
                    let is_frozen = boundary < model.frozen_before();
                    prop_assert_eq!(result == Err(Rejection::Replaced), is_frozen);
                    prop_assert_eq!(result.is_err(), is_frozen);
                    if !is_frozen {
                        model.known.insert(boundary, registers);
                    }
                }
                Step::Replace(first, values) => {
                    let values: Vec<_> = values.iter().map(|(i, e)| energy(*i, *e)).collect();
                    let is_inside = usize::from(first) + values.len() <= page.entries.len();
                    let result = page.meter().replace(first, &values, &LIMITS);
                    prop_assert_eq!(result.is_ok(), is_inside);
                    if is_inside {
                        model.replaced.extend((first..).zip(values));
                    }
                }
            }
            prop_assert_eq!(&page, &model.page(&page));
        }
        for (interval, value) in &model.replaced {
            let entry = page.entries[usize::from(*interval)];
            prop_assert_eq!(entry.quality(), Quality::Replaced);
            prop_assert_eq!(energy(entry.import().0, entry.export().0), *value);
        }
    }

    /// What follows the last replaced interval does not depend on the order either.
    #[test]
    fn given_replaced_values_when_readings_come_in_any_order_then_what_follows_them_is_the_same(
        (all, order) in (any_registers(16), any_order(16)), first in 0..16u16, last in any::<Index>(),
    ) {
        let last = first + u16::try_from(last.index(usize::from(16 - first))).unwrap();
        let values = vec![energy(9, 9); usize::from(last - first + 1)];
        let mut page = Page::new(START, 16);
        page.meter().replace(first, &values, &LIMITS).unwrap();
        let mut row = None;
        for boundary in &order {
            let result = page.take(*boundary, all[usize::from(*boundary)], &mut row);
            prop_assert!(result.is_ok() || *boundary <= last);
        }
        for interval in last + 1..16 {
            let is_measured = order.contains(&interval) && order.contains(&(interval + 1));
            prop_assert_eq!(page.entries[usize::from(interval)].has_value(), is_measured);
        }
    }

    /// 96 quarter hours, each measured, in an order that makes each walk as long as it can be.
    #[test]
    fn given_a_day_when_it_is_read_backwards_then_every_interval_is_measured(all in any_registers(96)) {
        let mut page = Page::new(START, 96);
        let mut row = Some(last_reading(-96, 0, 0));
        row.as_mut().unwrap().boundary = UnixTime(i64::MIN);
        for boundary in (0..=96u16).rev() {
            page.take(boundary, all[usize::from(boundary)], &mut row).unwrap();
        }
        prop_assert!(page.entries.iter().all(|entry| entry.is(Quality::Measured)));
        let day = EnergySum::between(&all[0], &all[96]).unwrap();
        prop_assert_eq!(attributed(&page.entries), day);
    }
}

#[test]
fn given_the_model_when_two_readings_adjoin_then_it_says_so() {
    let page = Page::new(START, 3);
    let mut model = Model::default();
    model.known.insert(1, crate::support::registers(5, 6));
    model.known.insert(2, crate::support::registers(7, 9));
    let entries = model.page(&page).entries;
    assert_eq!(entries[1..], [measured(2, 3), missing()]);
}
