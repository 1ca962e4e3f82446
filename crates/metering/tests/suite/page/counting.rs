//! What a counting that begins anew bills, from page to page.

use joulebook_layout::oracle::{IntervalPage, Meter};
use joulebook_metering::{
    page::{attributed, Begins, Counting, EnergySum, Finished, Span},
    register::{LastReading, Registers},
};
use joulebook_units::UnixTime;
use proptest::{collection::vec, prelude::*};

use super::{
    model::any_registers,
    support::{energy, last_reading, sum, Page, LIMITS, QUARTER, START},
};

const INTERVALS: u16 = 4;

fn start(page: u16) -> i64 {
    START.0 + i64::from(page * INTERVALS) * QUARTER.0
}

/// The counting begins anew with page `first`.
fn span(page: &Page, first: u16) -> Span {
    Span {
        start: page.start,
        length: QUARTER,
        counts_from: start(first),
        cap: LIMITS,
    }
}

fn finish(counting: &mut Counting, page: &Page, first: u16) -> (Finished, Begins) {
    counting.finish(&page.registers, &page.entries, &span(page, first))
}

fn stored(counting: &Counting) -> Meter {
    let mut meter = Meter::default();
    counting.store(&mut meter);
    assert_eq!(&Counting::from(&meter), counting);
    meter
}

/// A meter that has moved 5,000 and 600 Wh until it was heard last, and counts from page 1 on.
fn counted() -> Counting {
    Counting::from(&Meter {
        counted_from: IntervalPage::NEVER,
        settled_import: 5_000,
        settled_export: 600,
        ..Meter::default()
    })
}

fn silent(page: u16) -> Page {
    Page::new(UnixTime(start(page)), INTERVALS)
}

/// Heard at one boundary.
fn heard(page: u16, boundary: u16, import: u64, export: u64) -> Page {
    let mut heard = silent(page);
    let registers = crate::support::registers(import, export);
    heard.take(boundary, registers, &mut None).unwrap();
    heard
}

fn told(page: u16, values: &[(u32, u32)]) -> Page {
    let mut told = silent(page);
    let values: Vec<_> = values
        .iter()
        .map(|(import, export)| energy(*import, *export))
        .collect();
    told.meter().replace(0, &values, &LIMITS).unwrap();
    told
}

/// A first page full of a verifier's values used to count as untold, and a meter that could not be heard in it paid for energy of
/// before.
#[test]
fn given_a_first_page_of_values_when_heard_at_the_next_then_nothing_of_before_comes_to_light() {
    let mut counting = counted();
    let (finished, begins) = finish(&mut counting, &told(1, &[(100, 0); 4]), 1);
    assert_eq!((finished.charged().0, begins), (0, Begins::No));
    assert_eq!(stored(&counting).told_seconds, 3_600);

    let (finished, begins) = finish(&mut counting, &heard(2, 0, 90_000, 8_000), 1);
    assert_eq!(begins, Begins::InTime);
    assert_eq!((finished.charged().0, finished.credited().0), (0, 0));
    let meter = stored(&counting);
    assert_eq!((meter.late_import, meter.late_export), (0, 0));
    assert_eq!((meter.settled_import, meter.told_import), (90_000, 0));
    assert_eq!((meter.counted_from, meter.is_counted), (start(1), 1));
}

#[test]
fn given_a_page_told_in_part_when_heard_at_the_next_then_the_rest_is_late() {
    let mut counting = counted();
    finish(&mut counting, &told(1, &[(100, 0); 3]), 1);
    let (finished, begins) = finish(&mut counting, &heard(2, 1, 90_000, 8_000), 1);
    assert_eq!(begins, Begins::Late);
    assert_eq!((finished.charged().0, finished.credited().0), (0, 0));
    // Two intervals of 1,000 and 500 Wh, and 1 Wh.
    let meter = stored(&counting);
    assert_eq!((meter.late_import, meter.late_export), (2_001, 1_001));
}

/// Values too high used to be forgotten once the registers were heard.
#[test]
fn given_values_too_high_when_heard_at_the_next_page_then_they_are_taken_back() {
    let mut counting = counted();
    finish(&mut counting, &told(1, &[(900, 400); 4]), 1);
    let (finished, begins) = finish(&mut counting, &heard(2, 0, 5_100, 620), 1);
    assert_eq!(begins, Begins::InTime);
    assert_eq!(finished.excess, sum(3_500, 1_580));
    assert_eq!(finished.unattributed, sum(0, 0));
    // One interval untold changes nothing of that.
    let mut counting = counted();
    finish(&mut counting, &told(1, &[(900, 400); 3]), 1);
    let (finished, begins) = finish(&mut counting, &heard(2, 0, 5_100, 620), 1);
    assert_eq!(begins, Begins::Late);
    assert_eq!(finished.excess, sum(2_600, 1_180));
    assert_eq!(stored(&counting).late_import, 0);
}

/// Whoever supplies now does not pay back what another was paid.
#[test]
fn given_values_too_high_of_before_when_the_counting_begins_anew_then_they_are_nobodys() {
    let mut counting = counted();
    finish(&mut counting, &heard(1, 4, 5_000, 600), 1);
    finish(&mut counting, &told(2, &[(900, 400); 4]), 1);
    assert_eq!(stored(&counting).told_import, 3_600);
    let (finished, begins) = finish(&mut counting, &heard(3, 0, 5_100, 620), 3);
    assert_eq!(
        (finished, begins),
        (
            Finished {
                settled: sum(5_100, 620),
                ..Finished::default()
            },
            Begins::InTime
        )
    );
}

#[test]
fn given_a_page_of_before_when_finished_later_then_the_counting_does_not_begin_with_it() {
    let mut counting = counted();
    let (_, begins) = finish(&mut counting, &heard(1, 0, 5_000, 600), 2);
    assert_eq!(begins, Begins::No);
    let meter = stored(&counting);
    assert_eq!(
        (meter.counted_from, meter.is_counted),
        (IntervalPage::NEVER, 0)
    );
}

/// By boundary from the first page's start: the registers of a meter, which of them are known, and by interval the values that
/// a verifier sets, whatever is known.
#[derive(Clone, Debug)]
struct Story {
    registers: Vec<Registers>,
    known: Vec<u16>,
    values: Vec<(u16, u32, u32)>,
}

const PAGES: u16 = 5;
/// The page with which the counting begins anew.
const FIRST: u16 = 2;

fn any_story() -> impl Strategy<Value = Story> {
    let known = prop_oneof![
        vec(0..=PAGES * INTERVALS, 0..3),
        vec(0..=PAGES * INTERVALS, 0..20),
    ];
    let values = vec((0..PAGES * INTERVALS, 0..=1_000u32, 0..=500u32), 0..20);
    (any_registers(PAGES * INTERVALS), known, values).prop_map(|(registers, known, values)| Story {
        registers,
        known,
        values,
    })
}

impl Story {
    fn pages(&self) -> Vec<Page> {
        let mut pages: Vec<Page> = (0..PAGES).map(silent).collect();
        let begin = self.registers[0];
        let mut row: Option<LastReading> = Some(last_reading(-9, begin.import.0, begin.export.0));
        for boundary in &self.known {
            let (page, index) = (boundary / INTERVALS, boundary % INTERVALS);
            let registers = self.registers[usize::from(*boundary)];
            if page < PAGES {
                pages[usize::from(page)]
                    .take(index, registers, &mut row)
                    .unwrap();
            }
            if index == 0 && page > 0 {
                pages[usize::from(page - 1)]
                    .take(INTERVALS, registers, &mut row)
                    .unwrap();
            }
        }
        for (interval, import, export) in &self.values {
            let page = &mut pages[usize::from(interval / INTERVALS)];
            let value = [energy(*import, *export)];
            page.meter()
                .replace(interval % INTERVALS, &value, &LIMITS)
                .unwrap();
        }
        pages
    }
}

/// Import, then export.
fn ways(sum: &EnergySum) -> [u64; 2] {
    [sum.import.0, sum.export.0]
}

fn of(registers: &Registers) -> [u64; 2] {
    [registers.import.0, registers.export.0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// From where the counting should begin to the first boundary known, the lower one is billed of two bounds: what registers
    /// show since they were known last, and what values tell of with what the connection carries in the rest of the time. Behind
    /// that, what registers show, and values behind the last of them.
    #[test]
    fn given_any_pages_when_finished_then_what_is_billed_is_the_lower_of_two_bounds(
        story in any_story()
    ) {
        let pages = story.pages();
        let begin = story.registers[0];
        let mut counting = Counting::from(&Meter {
            counted_from: START.0,
            settled_import: begin.import.0,
            settled_export: begin.export.0,
            is_counted: 1,
            ..Meter::default()
        });
        let mut billed = [0_i128; 2];
        let mut begun = vec![];
        for (number, page) in (0..).zip(&pages) {
            let first = if number < FIRST { 0 } else { FIRST };
            let (finished, begins) = finish(&mut counting, page, first);
            if number < FIRST {
                prop_assert_eq!(begins, Begins::No);
                continue;
            }
            let meter = stored(&counting);
            let late = match begins {
                Begins::No => [0, 0],
                _ => [meter.late_import, meter.late_export],
            };
            if begins != Begins::No {
                begun.push(begins);
            }
            let attributed = ways(&attributed(&page.entries));
            let (more, less) = (ways(&finished.unattributed), ways(&finished.excess));
            for way in 0..2 {
                let of_page = i128::from(attributed[way]) + i128::from(more[way]);
                billed[way] += of_page - i128::from(less[way]) + i128::from(late[way]);
            }
        }

        let from = FIRST * INTERVALS;
        // A page knows the boundary at its end as well, but the one before the first page does not count in it.
        let known = |boundary: &u16| story.known.contains(boundary);
        let last_before = (0..=from).rev().find(known).unwrap_or(0);
        let heard = (from..=PAGES * INTERVALS).filter(known);
        let heard: Vec<u16> = heard.collect();
        let has_value = |interval: &u16| {
            let page = &pages[usize::from(interval / INTERVALS)];
            page.entries[usize::from(interval % INTERVALS)].has_value()
        };
        let told = |from: u16, to: u16| {
            let mut sums = [0_i128; 2];
            for interval in (from..to).filter(has_value) {
                let page = &pages[usize::from(interval / INTERVALS)];
                let entry = page.entries[usize::from(interval % INTERVALS)];
                sums[0] += i128::from(entry.import().0);
                sums[1] += i128::from(entry.export().0);
            }
            sums
        };
        let (Some(first), Some(last)) = (heard.first(), heard.last()) else {
            prop_assert_eq!(billed, told(from, PAGES * INTERVALS));
            prop_assert_eq!(begun, vec![]);
            return Ok(());
        };
        let untold = (from..*first).filter(|interval| !has_value(interval)).count() as i128;
        prop_assert_eq!(begun, vec![if untold == 0 { Begins::InTime } else { Begins::Late }]);
        let at = |boundary: &u16| of(&story.registers[usize::from(*boundary)]).map(i128::from);
        for (way, per_interval) in [1_000, 500].into_iter().enumerate() {
            let most = if untold == 0 { 0 } else { untold * per_interval + 1 };
            let shown = at(first)[way] - at(&last_before)[way];
            let bound = shown.min(told(from, *first)[way] + most);
            let behind = at(last)[way] - at(first)[way] + told(*last, PAGES * INTERVALS)[way];
            prop_assert_eq!(billed[way], bound + behind, "way {}", way);
        }
    }
}
