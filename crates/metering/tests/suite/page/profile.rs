//! A load profile is the readings at all of its boundaries, at once.

use joulebook_layout::oracle::Quality;
use joulebook_metering::{
    page::{Energy, PageProfile, Rejection, Taken},
    register::{LastReading, Registers},
};
use joulebook_units::{UnixTime, Wh};
use proptest::{collection::vec, prelude::*};

use super::{
    model::any_registers,
    support::{energy, gap, last_reading, measured, page_of, Page, INTERVALS, LIMITS, START},
};
use crate::support::registers;

/// Takes it like [`Page::take`].
fn take(
    page: &mut Page,
    last: u16,
    registers: Registers,
    values: &[Energy],
    row: &mut Option<LastReading>,
) -> Result<Taken, Rejection> {
    let profile = PageProfile {
        last,
        registers,
        least: Registers::default(),
        values,
    };
    let before = page.clone();
    let previous = row.as_ref();
    let asked = page
        .meter()
        .check_profile(&profile, &LIMITS.everywhere(), previous);
    assert_eq!(page, &before, "a question changed the page");
    let taken = page
        .meter()
        .take_profile(&profile, &LIMITS.everywhere(), row.as_ref());
    assert_eq!(taken, asked);
    if taken.is_err() {
        assert_eq!(page, &before, "a rejected profile changed the page");
    }
    if taken == Ok(Taken::Newest) {
        *row = Some(LastReading {
            boundary: UnixTime(START.0 + 900 * i64::from(last)),
            sequence: 0,
            registers,
        });
    }
    taken
}

const DAY: [Energy; 4] = [
    Energy {
        import: Wh(100),
        export: Wh(0),
    },
    Energy {
        import: Wh(0),
        export: Wh(200),
    },
    Energy {
        import: Wh(30),
        export: Wh(40),
    },
    Energy {
        import: Wh(0),
        export: Wh(0),
    },
];

/// `DAY` on top of 5,000 and 600 Wh at boundary 2.
fn end() -> Registers {
    registers(5_130, 840)
}

#[test]
fn given_a_page_that_was_not_heard_when_a_profile_comes_then_all_of_its_intervals_are_measured() {
    let mut page = Page::new(START, INTERVALS);
    let mut row = None;
    assert_eq!(take(&mut page, 6, end(), &DAY, &mut row), Ok(Taken::Newest));
    let entries: Vec<_> = DAY
        .iter()
        .map(|value| measured(value.import.0, value.export.0))
        .collect();
    assert_eq!(page.entries[2..6], entries);
    assert_eq!(page.entries[1], gap(0, 0));
    assert_eq!((page.registers.last, page.registers.base), (6, 0));
    assert_eq!((page.registers.import, page.registers.export), (5_130, 840));
    assert_eq!(
        take(&mut page, 6, end(), &DAY, &mut row),
        Ok(Taken::AlreadyKnown)
    );
}

#[test]
fn given_readings_around_when_a_profile_comes_then_the_gaps_end_where_it_does() {
    let (mut page, mut row) = page_of(&[(0, 4_000, 600), (8, 5_500, 1_000)]);
    let taken = take(&mut page, 6, end(), &DAY, &mut row);
    assert_eq!(taken, Ok(Taken::Filled));
    assert_eq!(page.entries[1], gap(1_000, 0));
    assert!(page.entries[5].is(Quality::Measured));
    assert_eq!(page.entries[7], gap(370, 160));
}

#[test]
fn given_one_boundary_alone_when_a_profile_comes_then_it_is_a_reading() {
    let (mut page, mut row) = page_of(&[(0, 4_000, 600)]);
    let taken = take(&mut page, 2, registers(4_500, 600), &[], &mut row);
    assert_eq!(taken, Ok(Taken::Newest));
    assert_eq!(page, page_of(&[(0, 4_000, 600), (2, 4_500, 600)]).0);
}

#[test]
fn given_registers_that_disagree_when_a_profile_comes_then_it_is_rejected() {
    for (known, expected) in [
        // At its ends and within.
        (&[(2, 5_001, 600)][..], Rejection::Contradicts),
        (&[(4, 5_100, 801)], Rejection::Contradicts),
        (&[(6, 5_129, 840)], Rejection::Contradicts),
        // Around.
        (&[(1, 5_001, 600)], Rejection::RegisterFell),
        (&[(8, 5_129, 840)], Rejection::RegisterFell),
        (&[(1, 3_998, 600)], Rejection::PowerLimit),
        (&[(8, 5_130, 1_842)], Rejection::PowerLimit),
    ] {
        let (mut page, mut row) = page_of(known);
        let taken = take(&mut page, 6, end(), &DAY, &mut row);
        assert_eq!(taken, Err(expected), "{known:?}");
    }
}

#[test]
fn given_the_last_reading_of_another_page_when_a_profile_comes_then_it_counts_like_one_of_this() {
    for (boundary, import, expected) in [
        (-1, 5_001, Err(Rejection::RegisterFell)),
        (-1, 1_998, Err(Rejection::PowerLimit)),
        (-1, 1_999, Ok(Taken::Newest)),
        (4, 5_101, Err(Rejection::Contradicts)),
        (9, 5_129, Err(Rejection::RegisterFell)),
        (9, 8_132, Err(Rejection::PowerLimit)),
        (9, 8_131, Ok(Taken::Filled)),
    ] {
        let export = if boundary < 0 { 600 } else { 840 };
        let mut row = Some(last_reading(boundary, import, export));
        let mut page = Page::new(START, INTERVALS);
        let taken = take(&mut page, 6, end(), &DAY, &mut row);
        assert_eq!(taken, expected, "{boundary}, {import} Wh");
    }
}

#[test]
fn given_more_than_the_connection_carries_when_a_profile_comes_then_it_is_rejected() {
    let above = [
        vec![energy(1_002, 0)],
        vec![energy(0, 502)],
        // Each may be one above, but not all of them.
        vec![energy(1_001, 0); 2],
        vec![energy(0, 501); 3],
    ];
    for values in above {
        let mut page = Page::new(START, INTERVALS);
        let taken = take(&mut page, 6, registers(9_000, 9_000), &values, &mut None);
        assert_eq!(taken, Err(Rejection::PowerLimit), "{values:?}");
    }
    let most = [energy(1_001, 501), energy(1_000, 500)];
    let mut page = Page::new(START, INTERVALS);
    let taken = take(&mut page, 6, registers(9_000, 9_000), &most, &mut None);
    assert_eq!(taken, Ok(Taken::Newest));
}

#[test]
fn given_more_energy_than_the_registers_ever_counted_when_a_profile_comes_then_it_is_rejected() {
    let mut page = Page::new(START, INTERVALS);
    let taken = take(&mut page, 6, registers(129, 840), &DAY, &mut None);
    assert_eq!(taken, Err(Rejection::BelowFirst));
}

#[test]
fn given_boundaries_outside_the_page_when_a_profile_comes_then_it_is_rejected() {
    for last in [3, 9, u16::MAX] {
        let mut page = Page::new(START, INTERVALS);
        let taken = take(&mut page, last, end(), &DAY, &mut None);
        assert_eq!(taken, Err(Rejection::OutsidePage), "{last}");
    }
}

#[test]
fn given_a_verifiers_value_when_a_profile_comes_then_it_stays() {
    let mut page = Page::new(START, INTERVALS);
    page.meter().replace(4, &[energy(7, 7)], &LIMITS).unwrap();
    let taken = take(&mut page, 6, end(), &DAY, &mut None);
    assert_eq!(taken, Ok(Taken::Newest));
    assert!(page.entries[4].is(Quality::Replaced));
    assert!(page.entries[4].is_boundary_known());
    // The way back to what lies before ends there.
    let again = take(&mut page, 3, registers(5_100, 600), &DAY[..1], &mut None);
    assert_eq!(again, Err(Rejection::Replaced));
}

/// Of a page of 12 intervals: registers, which of them are read before, and a profile, of which something may be wrong.
#[derive(Clone, Debug)]
struct Story {
    all: Vec<Registers>,
    known: Vec<u16>,
    first: u16,
    last: u16,
    /// Added to the value at this place, and whether to the registers.
    wrong: Option<(u16, u32)>,
    falls: bool,
    row: i64,
}

const LONG: u16 = 12;

fn any_story() -> impl Strategy<Value = Story> {
    let known = vec(0..=LONG, 0..8);
    let wrong = prop_oneof![3 => Just(None), 1 => (0..LONG, 1..=3u32).prop_map(Some)];
    let parts = (any_registers(LONG), known, 0..=LONG, 0..=LONG, wrong);
    (parts, any::<bool>(), -4..0i64).prop_map(|((all, known, one, other, wrong), falls, row)| {
        Story {
            all,
            known,
            first: one.min(other),
            last: one.max(other),
            wrong,
            falls,
            row,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_page_when_a_profile_comes_then_it_is_as_if_each_boundary_had_been_read(
        story in any_story()
    ) {
        let Story { all, known, first, last, wrong, falls, row } = story;
        let begin = all[0];
        let mut page = Page::new(START, LONG);
        let mut page_row = Some(last_reading(row, begin.import.0, begin.export.0));
        for boundary in known {
            page.take(boundary, all[usize::from(boundary)], &mut page_row).unwrap();
        }
        let at = |boundary: u16| all[usize::from(boundary)];
        let mut values: Vec<Energy> = (first..last)
            .map(|interval| {
                let (from, to) = (at(interval), at(interval + 1));
                let moved = |from: u64, to: u64| u32::try_from(to - from).unwrap();
                energy(
                    moved(from.import.0, to.import.0),
                    moved(from.export.0, to.export.0),
                )
            })
            .collect();
        let mut end = at(last);
        if let Some((place, more)) = wrong {
            if let Some(value) = values.get_mut(usize::from(place)) {
                value.import.0 += more;
            }
            if !falls {
                end.import.0 += u64::from(more);
            }
        }
        let mut profiled = page.clone();
        let mut profiled_row = page_row;
        let taken = take(&mut profiled, last, end, &values, &mut profiled_row);

        let mut boundaries = vec![end];
        for value in values.iter().rev() {
            let next = *boundaries.last().unwrap();
            let import = next.import.0.checked_sub(value.import.0.into());
            let Some(import) = import else {
                prop_assert_eq!(taken, Err(Rejection::BelowFirst));
                return Ok(());
            };
            boundaries.push(registers(import, next.export.0 - u64::from(value.export.0)));
        }
        boundaries.reverse();
        let (mut read, mut read_row) = (page, page_row);
        let mut failed = None;
        let mut changed = false;
        for (boundary, registers) in (first..).zip(boundaries) {
            match read.take(boundary, registers, &mut read_row) {
                Ok(taken) => changed |= taken != Taken::AlreadyKnown,
                Err(rejection) => failed = failed.or(Some(rejection)),
            }
        }
        match (taken, failed) {
            (Ok(taken), None) => {
                prop_assert_eq!(&profiled, &read);
                prop_assert_eq!(profiled_row, read_row);
                prop_assert_eq!(taken == Taken::AlreadyKnown, !changed);
            }
            (Err(_), Some(_)) => {}
            // All of its intervals together: each may be 1 Wh above the limit, all of them too.
            (Err(Rejection::PowerLimit), None) => prop_assert!(wrong.is_some()),
            (taken, failed) => prop_assert!(false, "{:?}, read: {:?}", taken, failed),
        }
    }
}
