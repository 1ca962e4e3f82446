//! Readings with holes, over several pages, in any order: nothing is lost or counted twice.

use joulebook_metering::{
    page::{attributed, finish, EnergySum, Taken},
    register::{LastReading, Registers},
};
use joulebook_units::UnixTime;
use proptest::{collection::vec, prelude::*};

use super::{
    model::any_registers,
    support::{energy, last_reading, sum, Page, LIMITS, START},
};

const PAGES: u16 = 4;
const INTERVALS: u16 = 6;

/// A meter's pages, and its row.
struct Pages {
    pages: Vec<Page>,
    row: Option<LastReading>,
}

impl Pages {
    fn new(row: LastReading) -> Pages {
        let start = |page| UnixTime(START.0 + i64::from(page) * i64::from(INTERVALS) * 900);
        Pages {
            pages: (0..PAGES)
                .map(|page| Page::new(start(page), INTERVALS))
                .collect(),
            row: Some(row),
        }
    }

    /// Hands a reading in, counted in intervals from the first page's start; at a seam with the earlier page, or with
    /// the later one.
    fn take(&mut self, boundary: u16, registers: Registers, is_earlier: bool) -> Taken {
        let (mut page, mut index) = (boundary / INTERVALS, boundary % INTERVALS);
        if page == PAGES || (is_earlier && index == 0 && page > 0) {
            (page, index) = (page - 1, INTERVALS);
        }
        self.pages[usize::from(page)]
            .take(index, registers, &mut self.row)
            .unwrap()
    }
}

fn add(first: EnergySum, second: EnergySum) -> EnergySum {
    EnergySum {
        import: first.import.checked_add(second.import).unwrap(),
        export: first.export.checked_add(second.export).unwrap(),
    }
}

fn as_sum(registers: Registers) -> EnergySum {
    sum(registers.import.0, registers.export.0)
}

fn any_order() -> impl Strategy<Value = Vec<(u16, bool)>> {
    vec((0..=PAGES * INTERVALS, any::<bool>()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_readings_with_any_holes_when_all_pages_are_finished_then_energy_adds_up(
        all in any_registers(PAGES * INTERVALS), order in any_order()
    ) {
        let begin = all[0];
        let mut pages = Pages::new(last_reading(-3, begin.import.0, begin.export.0));
        for (boundary, is_earlier) in &order {
            pages.take(*boundary, all[usize::from(*boundary)], *is_earlier);
        }
        let last = order.iter().map(|(boundary, _)| *boundary).max();
        let last = last.map_or(begin, |last| all[usize::from(last)]);
        let (mut settled, mut total) = (as_sum(begin), as_sum(begin));
        for page in &pages.pages {
            let finished = finish(&page.registers, &page.entries, &settled, &sum(0, 0));
            prop_assert_eq!(finished.excess, EnergySum::default());
            total = add(total, add(attributed(&page.entries), finished.unattributed));
            settled = finished.settled;
            prop_assert_eq!(total, settled);
        }
        prop_assert_eq!(settled, as_sum(last));
    }

    #[test]
    fn given_replaced_values_too_when_all_pages_are_finished_then_energy_adds_up(
        all in any_registers(PAGES * INTERVALS), order in any_order(),
        values in vec((0..PAGES, 0..INTERVALS, 0..1_000u32, 0..500u32), 0..12),
    ) {
        let begin = all[0];
        let mut pages = Pages::new(last_reading(-3, begin.import.0, begin.export.0));
        for (boundary, is_earlier) in &order {
            pages.take(*boundary, all[usize::from(*boundary)], *is_earlier);
        }
        for (page, interval, import, export) in values {
            let page = &mut pages.pages[usize::from(page)];
            page.meter().replace(interval, &[energy(import, export)], &LIMITS).unwrap();
        }
        let (mut settled, mut total) = (as_sum(begin), as_sum(begin));
        for page in &pages.pages {
            let finished = finish(&page.registers, &page.entries, &settled, &sum(0, 0));
            // Each way, there is at most one of them; what was too much is taken back.
            prop_assert_eq!(finished.unattributed.import.0.min(finished.excess.import.0), 0);
            total = add(total, add(attributed(&page.entries), finished.unattributed));
            total.import = total.import.checked_sub(finished.excess.import).unwrap();
            total.export = total.export.checked_sub(finished.excess.export).unwrap();
            settled = finished.settled;
            prop_assert_eq!(total, settled);
        }
    }

    /// A meter heard in order needs each reading once: all intervals but the first of all are measured.
    #[test]
    fn given_every_reading_in_order_when_seams_go_to_the_earlier_page_then_all_is_measured(
        all in any_registers(PAGES * INTERVALS)
    ) {
        let mut pages = Pages::new(last_reading(0, all[0].import.0, all[0].export.0));
        for boundary in 1..=PAGES * INTERVALS {
            pages.take(boundary, all[usize::from(boundary)], true);
        }
        let entries = pages.pages.iter().flat_map(|page| &page.entries);
        prop_assert!(entries.into_iter().all(|entry| entry.has_value()));
    }

    /// Handed in with every page that they belong to, readings give the same pages in any order.
    #[test]
    fn given_all_readings_with_both_pages_when_the_order_is_any_then_the_pages_are_the_same(
        all in any_registers(PAGES * INTERVALS), order in Just(()).prop_perturb(|(), mut rng| {
            let mut order: Vec<_> = (0..=PAGES * INTERVALS)
                .flat_map(|boundary| [(boundary, true), (boundary, false)])
                .collect();
            for place in 1..order.len() {
                order.swap(place, rng.random_range(0..=place));
            }
            order
        })
    ) {
        let begin = last_reading(-3, all[0].import.0, all[0].export.0);
        let mut pages = Pages::new(begin);
        for (boundary, is_earlier) in order {
            pages.take(boundary, all[usize::from(boundary)], is_earlier);
        }
        let mut in_order = Pages::new(begin);
        for (boundary, registers) in (0..).zip(&all) {
            in_order.take(boundary, *registers, true);
            in_order.take(boundary, *registers, false);
        }
        prop_assert_eq!(pages.pages, in_order.pages);
        prop_assert_eq!(pages.row, in_order.row);
    }
}
