//! A profile against the same boundaries read one by one in any order, with the meter's row before, in or behind the page, and
//! other limits between the two than within the page.

use joulebook_metering::{
    page::{Energy, PageProfile, Rejection, Taken},
    register::{LastReading, PowerLimits, ReadingLimits, Registers},
};
use joulebook_units::{UnixTime, Watts};
use proptest::{collection::vec, prelude::*};

use super::{
    model::any_registers,
    support::{energy, last_reading, Page, LIMITS, START},
};
use crate::support::registers;

/// Boundaries before the page that the row may be at, the page's intervals, and boundaries behind it.
const BEFORE: u16 = 5;
const LONG: u16 = 12;
const BEHIND: u16 = 5;

const READING_LIMITS: ReadingLimits = ReadingLimits {
    page: LIMITS,
    row: PowerLimits {
        import: Watts(5_000),
        export: Watts(2_000),
    },
};

#[derive(Clone, Debug)]
struct Story {
    /// At all boundaries, from [`BEFORE`] on those of the page.
    all: Vec<Registers>,
    /// Read in the page before.
    known: Vec<u16>,
    /// Where in `all` the row moves on to as by another page, if it does, and whether after `known`.
    row: (Option<u16>, bool),
    /// Added to the import that the row has there.
    lift: u64,
    first: u16,
    last: u16,
    /// Added to the value at this place, and whether to the last registers, too.
    wrong: Option<(u16, u32, bool)>,
    /// Sorted by these, the boundaries are in the order in which they are read.
    order: Vec<u32>,
}

fn any_story() -> impl Strategy<Value = Story> {
    let row = (
        proptest::option::weighted(0.7, 0..=BEFORE + LONG + BEHIND),
        any::<bool>(),
    );
    let wrong = (0..LONG, 1..=3u32, any::<bool>());
    let wrong = prop_oneof![4 => Just(None), 1 => wrong.prop_map(Some)];
    let lift = prop_oneof![3 => Just(0), 1 => 0..6u64];
    let order = vec(any::<u32>(), usize::from(LONG) + 1);
    let parts = (
        any_registers(BEFORE + LONG + BEHIND),
        vec(0..=LONG, 0..6),
        row,
        lift,
        (0..=LONG, 0..=LONG),
        wrong,
        order,
    );
    parts.prop_map(
        |(all, known, row, lift, (one, other), wrong, order)| Story {
            all,
            known,
            row,
            lift,
            first: one.min(other),
            last: one.max(other),
            wrong,
            order,
        },
    )
}

impl Story {
    fn at(&self, boundary: u16) -> Registers {
        self.all[usize::from(BEFORE + boundary)]
    }

    /// The page and the row before the profile comes; `None` if the row's registers keep a reading out.
    fn begin(&self) -> Option<(Page, Option<LastReading>)> {
        let begin = self.all[0];
        let mut page = Page::new(START, LONG);
        let row = last_reading(-i64::from(BEFORE), begin.import.0, begin.export.0);
        let mut row = Some(row);
        let (_, is_later) = self.row;
        if !is_later {
            self.move_row(&mut row);
        }
        for boundary in &self.known {
            read(&mut page, *boundary, self.at(*boundary), &mut row).ok()?;
        }
        if is_later {
            self.move_row(&mut row);
        }
        Some((page, row))
    }

    /// On, and to a boundary of another page: within the page, what the row knows the page does, too.
    fn move_row(&self, row: &mut Option<LastReading>) {
        let (Some(place), _) = self.row else { return };
        let boundary = i64::from(place) - i64::from(BEFORE);
        let is_newer = row.is_none_or(|row| row.boundary.0 < START.0 + 900 * boundary);
        let is_outside = boundary <= 0 || boundary >= i64::from(LONG);
        if is_newer && is_outside {
            let shown = self.all[usize::from(place)];
            let import = shown.import.0 + self.lift;
            *row = Some(last_reading(boundary, import, shown.export.0));
        }
    }

    /// Its values, and the registers at its end.
    fn profile(&self) -> (Vec<Energy>, Registers) {
        let moved = |from: u64, to: u64| u32::try_from(to - from).unwrap();
        let mut values: Vec<Energy> = (self.first..self.last)
            .map(|interval| {
                let (from, to) = (self.at(interval), self.at(interval + 1));
                energy(
                    moved(from.import.0, to.import.0),
                    moved(from.export.0, to.export.0),
                )
            })
            .collect();
        let mut end = self.at(self.last);
        if let Some((place, more, is_in_registers)) = self.wrong {
            if let Some(value) = values.get_mut(usize::from(place)) {
                value.import.0 += more;
                if is_in_registers {
                    end.import.0 += u64::from(more);
                }
            }
        }
        (values, end)
    }

    /// In the order in which they are read.
    fn readings(&self, values: &[Energy], end: Registers) -> Option<Vec<(u16, Registers)>> {
        let mut found = vec![(self.last, end)];
        for value in values.iter().rev() {
            let (boundary, next) = found[found.len() - 1];
            let import = next.import.0.checked_sub(value.import.0.into())?;
            let export = next.export.0 - u64::from(value.export.0);
            found.push((boundary - 1, registers(import, export)));
        }
        found.sort_by_key(|(boundary, _)| self.order[usize::from(*boundary)]);
        Some(found)
    }
}

fn moved(boundary: u16, registers: Registers) -> Option<LastReading> {
    Some(LastReading {
        boundary: UnixTime(START.0 + 900 * i64::from(boundary)),
        sequence: 0,
        registers,
    })
}

fn read(
    page: &mut Page,
    boundary: u16,
    registers: Registers,
    row: &mut Option<LastReading>,
) -> Result<Taken, Rejection> {
    let mut meter = page.meter();
    let taken = meter.take_reading(boundary, registers, &READING_LIMITS, row.as_ref())?;
    if taken == Taken::Newest {
        *row = moved(boundary, registers);
    }
    Ok(taken)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_row_when_a_profile_comes_then_it_is_as_if_each_boundary_had_been_read_in_any_order(
        story in any_story()
    ) {
        let Some((page, row)) = story.begin() else { return Ok(()) };
        let (values, end) = story.profile();
        let profile = PageProfile {
            last: story.last,
            registers: end,
            least: Registers::default(),
            values: &values,
        };
        let mut profiled = page.clone();
        let taken = profiled.meter().take_profile(&profile, &READING_LIMITS, row.as_ref());
        let profiled_row = match taken {
            Ok(Taken::Newest) => moved(story.last, end),
            _ => row,
        };
        let Some(readings) = story.readings(&values, end) else {
            prop_assert_eq!(taken, Err(Rejection::BelowFirst));
            return Ok(());
        };
        let (mut singly, mut singly_row) = (page, row);
        let mut is_refused = false;
        for (boundary, registers) in readings {
            is_refused |= read(&mut singly, boundary, registers, &mut singly_row).is_err();
        }
        let is_honest = story.wrong.is_none() && story.lift == 0;
        match taken {
            Ok(_) => {
                prop_assert!(!is_refused);
                prop_assert_eq!(&profiled, &singly);
                prop_assert_eq!(profiled_row, singly_row);
            }
            // A row that disagrees is asked by what moves it on: out of order, readings pass behind it.
            Err(rejection) => prop_assert!(!is_honest, "{:?}", rejection),
        }
    }
}
