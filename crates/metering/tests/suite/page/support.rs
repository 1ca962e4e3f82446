//! A page to test with: 8 quarter hours from 1,800,000 s, of a meter that carries 4 kW in and 2 kW out. In a quarter of
//! an hour that is 1,000 Wh and 500 Wh.

use joulebook_layout::oracle::{PageEntry, PageRegisters, Quality};
use joulebook_metering::{
    page::{Energy, EnergySum, MeterPage, Rejection, Taken},
    register::{LastReading, PowerLimits, Registers},
};
use joulebook_units::{Seconds, UnixTime, Watts, Wh, WhSum};

use crate::support::registers;

pub const QUARTER: Seconds = Seconds(900);
pub const START: UnixTime = UnixTime(1_800_000);
pub const INTERVALS: u16 = 8;

pub const LIMITS: PowerLimits = PowerLimits {
    import: Watts(4_000),
    export: Watts(2_000),
};

/// What the page has of one meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub registers: PageRegisters,
    pub entries: Vec<PageEntry>,
    pub start: UnixTime,
}

impl Page {
    pub fn new(start: UnixTime, intervals: u16) -> Page {
        Page {
            registers: PageRegisters::default(),
            entries: vec![PageEntry::MISSING; usize::from(intervals)],
            start,
        }
    }

    pub fn meter(&mut self) -> MeterPage<'_> {
        MeterPage::new(&mut self.registers, &mut self.entries, self.start, QUARTER).unwrap()
    }

    /// Takes a reading of the meter whose row is `row`, and moves the row on if it is newer. Asked before, the page says the
    /// same and stays as it is.
    pub fn take(
        &mut self,
        boundary: u16,
        registers: Registers,
        row: &mut Option<LastReading>,
    ) -> Result<Taken, Rejection> {
        let mut asked = self.clone();
        let expected =
            asked
                .meter()
                .check_reading(boundary, registers, &LIMITS.everywhere(), row.as_ref());
        assert_eq!(&asked, self, "a question changed the page");
        let taken =
            self.meter()
                .take_reading(boundary, registers, &LIMITS.everywhere(), row.as_ref());
        assert_eq!(taken, expected);
        let taken = taken?;
        if taken == Taken::Newest {
            *row = Some(LastReading {
                boundary: UnixTime(self.start.0 + 900 * i64::from(boundary)),
                sequence: 0,
                registers,
            });
        }
        Ok(taken)
    }
}

/// A page that has taken these readings, in this order, of a meter that was not heard before.
pub fn page_of(readings: &[(u16, u64, u64)]) -> (Page, Option<LastReading>) {
    let mut page = Page::new(START, INTERVALS);
    let mut row = None;
    for (boundary, import, export) in readings {
        let registers = registers(*import, *export);
        page.take(*boundary, registers, &mut row).unwrap();
    }
    (page, row)
}

/// What a reading comes to that follows these.
pub fn take_after(
    readings: &[(u16, u64, u64)],
    (boundary, import, export): (u16, u64, u64),
) -> Result<Taken, Rejection> {
    let (mut page, mut row) = page_of(readings);
    let before = page.clone();
    let result = page.take(boundary, registers(import, export), &mut row);
    if result.is_err() {
        assert_eq!(page, before, "a rejected reading changed the page");
    }
    result
}

/// Of a boundary counted from the test page's start.
pub fn last_reading(boundary: i64, import: u64, export: u64) -> LastReading {
    LastReading {
        boundary: UnixTime(START.0 + 900 * boundary),
        sequence: 7,
        registers: registers(import, export),
    }
}

pub fn missing() -> PageEntry {
    PageEntry::MISSING
}

pub fn gap(import: u32, export: u32) -> PageEntry {
    PageEntry::new(Wh(import), Wh(export), Quality::Gap, true).unwrap()
}

pub fn measured(import: u32, export: u32) -> PageEntry {
    PageEntry::new(Wh(import), Wh(export), Quality::Measured, true).unwrap()
}

pub fn replaced(import: u32, export: u32, is_boundary_known: bool) -> PageEntry {
    PageEntry::new(Wh(import), Wh(export), Quality::Replaced, is_boundary_known).unwrap()
}

pub fn energy(import: u32, export: u32) -> Energy {
    Energy {
        import: Wh(import),
        export: Wh(export),
    }
}

pub fn sum(import: u64, export: u64) -> EnergySum {
    EnergySum {
        import: WhSum(import),
        export: WhSum(export),
    }
}
