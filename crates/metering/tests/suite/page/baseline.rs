//! Where the counting of a meter begins.

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::{
    page::{attributed, baseline, begin, finish, Beginning, EnergySum, Finished},
    register::Registers,
};
use joulebook_units::Seconds;
use proptest::{collection::vec, prelude::*};

use super::{
    model::{any_registers, Model},
    support::{energy, page_of, sum, Page, INTERVALS, LIMITS, QUARTER, START},
};

/// What counts as settled if the counting begins with it, at the first boundary that it knows.
fn of(page: &Page) -> Option<EnergySum> {
    let none = sum(0, 0);
    begun(page, none, none, 0).map(|beginning| beginning.settled)
}

/// What the page leaves over if the counting begins with it.
fn finished(page: &Page) -> Finished {
    let settled = of(page).unwrap();
    finish(&page.registers, &page.entries, &settled, &sum(0, 0))
}

#[test]
fn given_a_page_that_was_not_heard_when_asked_then_there_is_no_baseline() {
    assert_eq!(of(&Page::new(START, INTERVALS)), None);
}

#[test]
fn given_a_page_without_its_first_boundary_when_asked_then_the_first_known_one_is_the_baseline() {
    for readings in [
        &[(1, 5_000, 600), (2, 5_100, 600)][..],
        &[(3, 5_000, 600), (6, 5_900, 700), (8, 5_901, 700)],
        &[(6, 5_900, 700), (3, 5_000, 600)],
        &[(8, 5_000, 600)],
    ] {
        let (page, _) = page_of(readings);
        assert_eq!(of(&page), Some(sum(5_000, 600)), "{readings:?}");
    }
}

#[test]
fn given_values_before_the_first_known_boundary_when_asked_then_they_count_beside_the_registers() {
    let (mut page, _) = page_of(&[(3, 5_000, 600), (5, 5_100, 620)]);
    let values = [energy(300, 10), energy(200, 20)];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(4_500, 570)));
    let finished = finished(&page);
    assert_eq!(finished.unattributed, sum(100, 20));
    assert_eq!(finished.excess, sum(0, 0));
    assert_eq!(finished.settled, sum(5_100, 620));
}

#[test]
fn given_a_value_that_ends_at_the_first_known_boundary_when_asked_then_it_counts_likewise() {
    let (mut page, _) = page_of(&[(2, 5_000, 600), (3, 5_100, 620)]);
    let values = [energy(300, 10), energy(200, 20), energy(90, 20)];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(4_500, 570)));
    // The measured interval behind it is replaced, too: the registers tell of the rest.
    let expected = Finished {
        unattributed: sum(10, 0),
        settled: sum(5_100, 620),
        ..Finished::default()
    };
    assert_eq!(finished(&page), expected);
}

#[test]
fn given_the_first_boundary_alone_when_asked_then_its_registers_are_the_baseline() {
    let (page, _) = page_of(&[(0, 5_000, 600)]);
    assert_eq!(of(&page), Some(sum(5_000, 600)));
}

#[test]
fn given_measured_intervals_and_gaps_when_asked_then_all_of_them_lie_behind_the_baseline() {
    let (page, _) = page_of(&[(0, 5_000, 600), (1, 5_100, 620), (4, 5_900, 700)]);
    assert_eq!(of(&page), Some(sum(5_000, 600)));
    let finished = finished(&page);
    assert_eq!(finished.unattributed, sum(800, 80));
    assert_eq!(finished.excess, sum(0, 0));
    assert_eq!(finished.settled, sum(5_900, 700));
}

#[test]
fn given_values_inside_a_gap_when_asked_then_the_gap_still_tells_its_energy() {
    let (mut page, _) = page_of(&[(0, 5_000, 0), (4, 5_900, 0)]);
    let values = [energy(300, 0), energy(200, 0)];
    page.meter().replace(1, &values, &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 0)));
    assert_eq!(finished(&page).unattributed, sum(400, 0));
}

#[test]
fn given_values_for_all_of_a_gap_when_asked_then_they_tell_its_energy() {
    let (mut page, _) = page_of(&[(0, 5_000, 0), (4, 5_900, 0), (5, 6_000, 0)]);
    let values = [
        energy(300, 0),
        energy(200, 0),
        energy(250, 0),
        energy(150, 0),
    ];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 0)));
    let expected = Finished {
        settled: sum(6_000, 0),
        ..Finished::default()
    };
    assert_eq!(finished(&page), expected);
}

/// The baseline used to move by what a value has less, and one value of nothing made the energy of a gap vanish.
#[test]
fn given_a_value_in_the_place_of_registers_when_asked_then_they_still_tell_of_the_rest() {
    let (mut page, _) = page_of(&[(0, 5_000, 50), (1, 5_700, 80), (2, 5_800, 80)]);
    page.meter()
        .replace(0, &[energy(400, 10)], &LIMITS)
        .unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 50)));
    assert_eq!(finished(&page).unattributed, sum(300, 20));

    let (mut page, _) = page_of(&[(0, 5_000, 50), (4, 7_000, 50)]);
    page.meter().replace(3, &[energy(0, 0)], &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 50)));
    assert_eq!(finished(&page).unattributed, sum(2_000, 0));

    let (mut page, _) = page_of(&[(0, 5_000, 50), (4, 5_000, 50)]);
    page.meter().replace(3, &[energy(900, 0)], &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 50)));
    assert_eq!(finished(&page).excess, sum(900, 0));
}

#[test]
fn given_values_behind_the_last_boundary_when_asked_then_they_do_not_matter() {
    let (mut page, _) = page_of(&[(0, 5_000, 0), (4, 5_700, 0)]);
    let values = [energy(300, 0), energy(200, 0)];
    page.meter().replace(4, &values, &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(5_000, 0)));
}

#[test]
fn given_values_above_all_that_the_registers_counted_when_asked_then_the_rest_is_excess() {
    let (mut page, _) = page_of(&[(0, 10, 0), (1, 110, 0)]);
    page.meter().replace(0, &[energy(400, 0)], &LIMITS).unwrap();
    assert_eq!(of(&page), Some(sum(10, 0)));
    assert_eq!(finished(&page).excess, sum(300, 0));
    assert_eq!(finished(&page).settled, sum(110, 0));
}

/// The counting of a meter begins so many intervals after it should have. Of what was settled, values since have told `told`.
fn begun(page: &Page, settled: EnergySum, told: EnergySum, silent: i64) -> Option<Beginning> {
    let silent = Seconds(QUARTER.0 * silent);
    begin(
        &page.registers,
        &page.entries,
        &settled,
        &told,
        &LIMITS,
        silent,
        QUARTER,
    )
}

/// The same with nothing told.
fn begun_untold(page: &Page, settled: EnergySum, silent: i64) -> Option<Beginning> {
    begun(page, settled, sum(0, 0), silent)
}

fn late(settled: EnergySum, late: EnergySum) -> Option<Beginning> {
    Some(Beginning {
        settled,
        late,
        is_in_time: false,
    })
}

fn in_time(settled: EnergySum) -> Option<Beginning> {
    Some(Beginning {
        settled,
        late: sum(0, 0),
        is_in_time: true,
    })
}

#[test]
fn given_registers_at_the_beginning_when_it_begins_then_nothing_of_before_comes_to_light() {
    let (page, _) = page_of(&[(0, 5_000, 600), (2, 5_900, 700)]);
    let expected = in_time(sum(5_000, 600));
    assert_eq!(begun_untold(&page, sum(0, 0), 0), expected);
    assert_eq!(begun_untold(&page, sum(4_000, 0), 0), expected);
}

#[test]
fn given_a_page_that_was_not_heard_when_it_begins_then_it_does_not() {
    let page = Page::new(START, INTERVALS);
    assert_eq!(begun_untold(&page, sum(0, 0), 0), None);
}

/// 1,000 and 500 Wh fit an interval, and a register may be 1 Wh off.
#[test]
fn given_registers_later_when_it_begins_then_the_lower_of_both_bounds_comes_to_light() {
    let (page, _) = page_of(&[(2, 5_000, 600), (3, 5_100, 650)]);
    let first = sum(5_000, 600);
    for (settled, silent, most) in [
        (sum(4_900, 590), 0, sum(100, 10)),
        (sum(0, 0), 0, sum(2_001, 600)),
        (sum(1_000, 0), 2, sum(4_000, 600)),
        (sum(0, 100), 1, sum(3_001, 500)),
        // More was settled than is shown, by others: nothing comes to light.
        (sum(9_000, 700), 0, sum(0, 0)),
    ] {
        let begun = begun_untold(&page, settled, silent);
        assert_eq!(begun, late(first, most), "{settled:?}");
    }
    let (page, _) = page_of(&[(0, 5_000, 600)]);
    let begun = begun_untold(&page, sum(0, 0), 1);
    assert_eq!(begun, late(first, sum(1_001, 501)));
}

#[test]
fn given_values_before_the_first_registers_when_it_begins_then_neither_energy_nor_time_counts_twice(
) {
    let (mut page, _) = page_of(&[(3, 5_000, 600)]);
    page.meter()
        .replace(0, &[energy(300, 10)], &LIMITS)
        .unwrap();
    // Two intervals are untold, and 4,700 and 590 Wh are shown beside the value.
    let first = sum(4_700, 590);
    let begun = |page: &Page, settled| begun_untold(page, settled, 0);
    assert_eq!(begun(&page, sum(0, 0)), late(first, sum(2_001, 590)));
    assert_eq!(begun(&page, sum(4_600, 0)), late(first, sum(100, 590)));
    let values = [energy(20, 0), energy(30, 0)];
    page.meter().replace(1, &values, &LIMITS).unwrap();
    assert_eq!(begun(&page, sum(0, 0)), in_time(sum(4_650, 590)));
}

#[test]
fn given_values_above_what_registers_show_when_it_begins_then_those_since_the_beginning_are_excess()
{
    let (mut page, _) = page_of(&[(2, 5_000, 600)]);
    page.meter()
        .replace(0, &[energy(300, 10)], &LIMITS)
        .unwrap();
    // 4,900 Wh are of registers: the rest was told since, 100 Wh were moved.
    for (told, excess) in [(0, 200), (1, 201), (700, 900)] {
        let settled = sum(4_900 + told, 600);
        let beginning = begun(&page, settled, sum(told, 0), 0).unwrap();
        assert_eq!(beginning.late, sum(0, 0));
        let after = finish(
            &page.registers,
            &page.entries,
            &beginning.settled,
            &sum(0, 0),
        );
        assert_eq!(after.excess, sum(excess, 10), "{told}");
        assert_eq!(after.unattributed, sum(0, 0));
    }
    // What was settled without values is nobody's here.
    let beginning = begun(&page, sum(9_000, 600), sum(50, 0), 0).unwrap();
    let after = finish(
        &page.registers,
        &page.entries,
        &beginning.settled,
        &sum(0, 0),
    );
    assert_eq!(after.excess, sum(350, 10));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Whatever of a page is heard: what is settled in it, values and what is left over, is all that flowed since the page's
    /// start at least, up to the last boundary known, and nothing of before if that start is heard.
    #[test]
    fn given_any_readings_when_it_begins_then_silence_hides_nothing_and_honesty_costs_nothing(
        (all, order) in (any_registers(12), vec(0..=12u16, 1..40)),
        settled in (0..=1_000u64, 0..=1_000u64),
    ) {
        let mut page = Page::new(START, 12);
        let mut row = None;
        for boundary in &order {
            page.take(*boundary, all[usize::from(*boundary)], &mut row).unwrap();
        }
        let (start, last) = (all[0], all[usize::from(*order.iter().max().unwrap())]);
        let before = sum(settled.0.min(start.import.0), settled.1.min(start.export.0));
        let begun = begun_untold(&page, before, 0).unwrap();
        let drawn = last.import.0 - begun.settled.import.0 + begun.late.import.0;
        let fed_in = last.export.0 - begun.settled.export.0 + begun.late.export.0;
        let (import, export) = (last.import.0 - start.import.0, last.export.0 - start.export.0);
        prop_assert!(drawn >= import && fed_in >= export);
        prop_assert!(begun.settled.import >= before.import && begun.settled.export >= before.export);
        prop_assert_eq!(begun.is_in_time, order.contains(&0));
        if begun.is_in_time {
            prop_assert_eq!((drawn, fed_in), (import, export));
        }
        let first = u64::from(*order.iter().min().unwrap());
        prop_assert!(drawn <= import + first * 1_000 + 1 && fed_in <= export + first * 500 + 1);
    }

    #[test]
    fn given_any_readings_when_the_counting_begins_then_nothing_of_before_is_settled(
        (all, order) in (any_registers(12), vec(0..=12u16, 0..40))
    ) {
        let mut page = Page::new(START, 12);
        let mut row = None;
        for boundary in &order {
            page.take(*boundary, all[usize::from(*boundary)], &mut row).unwrap();
        }
        let first = order.iter().min().map(|first| all[usize::from(*first)]);
        let expected = first.map(|first| sum(first.import.0, first.export.0));
        prop_assert_eq!(of(&page), expected);
    }

    /// Whatever values take the place of, the registers at the first boundary and at the last tell what was moved between.
    #[test]
    fn given_values_too_when_the_counting_begins_then_what_is_left_over_is_what_gaps_have_more(
        (all, order) in (any_registers(12), vec(0..=12u16, 1..40)),
        values in vec((0..12u16, 0..=1_000u32, 0..=500u32), 0..8),
    ) {
        let mut page = Page::new(START, 12);
        let mut model = Model::default();
        let mut row = None;
        for boundary in order {
            let registers = all[usize::from(boundary)];
            page.take(boundary, registers, &mut row).unwrap();
            model.known.insert(boundary, registers);
        }
        for (interval, import, export) in values {
            let value = energy(import, export);
            page.meter().replace(interval, &[value], &LIMITS).unwrap();
            model.replaced.insert(interval, value);
        }
        let finished = finished(&page);
        let (first, from) = model.known.first_key_value().unwrap();
        let (last, to) = model.known.last_key_value().unwrap();
        let told = |from: u16, to: u16| {
            let entries = &page.entries[usize::from(from)..usize::from(to)];
            let valued = attributed(entries);
            [i128::from(valued.import.0), i128::from(valued.export.0)]
        };
        let registers = |of: &Registers| [i128::from(of.import.0), i128::from(of.export.0)];
        let (before, within) = (told(0, *first), told(*first, *last));
        let left = [0, 1].map(|way| registers(to)[way] - registers(from)[way] - within[way]);
        // Unless values tell of more than was ever counted.
        if (0..2).all(|way| registers(from)[way] >= before[way]) {
            let at_least_none = |sums: [i128; 2]| sums.map(|sum| u64::try_from(sum.max(0)).unwrap());
            let [import, export] = at_least_none(left);
            prop_assert_eq!(finished.unattributed, sum(import, export));
            let [import, export] = at_least_none(left.map(|sum| -sum));
            prop_assert_eq!(finished.excess, sum(import, export));
        }
    }

    #[test]
    fn given_any_bytes_when_asked_then_it_answers(
        bytes in any::<[u64; 5]>(), entries in vec(any::<u64>(), 0..12)
    ) {
        let registers: PageRegisters = bytemuck::cast(bytes);
        let entries: &[PageEntry] = bytemuck::cast_slice(&entries);
        let is_some = baseline(&registers, entries).is_some();
        prop_assert_eq!(is_some, registers.is_known());
    }
}
