use super::PageEntry;
use crate::{
    describe::{Layout, Rows},
    Address, Cutter, Viewer, DISCRIMINATOR_LEN,
};

layout! {
    /// One slot of a ring of pages. A page has the entries of W consecutive intervals of length L; page number n starts
    /// at n · W · L and is in slot n mod ring. Its boundaries have the indices 0 to W: interval i lies between boundary
    /// i and i + 1, and boundary W is boundary 0 of the next page.
    /// Address: `["intervals", meter table, slot]`.
    #[size = 32 + 4 * 8 + 4 * 2 + 2 + 30]
    pub struct IntervalPage {
        /// Part of the address.
        pub meter_table: Address,
        /// Of the page that the slot holds: its boundary 0, unix seconds; −2⁶³ before first use.
        pub start: i64,
        /// Start of the page opened before it, which is finished before it; −2⁶³ for none.
        pub previous: i64,
        /// Readings are taken until then, unix seconds.
        pub readings_until: i64,
        /// A verifier's values are taken until then, unix seconds; then the page can be finished.
        pub corrections_until: i64,
        /// Meters that there is room for: the meter table's capacity.
        pub capacity: u16,
        /// W.
        pub intervals: u16,
        /// Part of the address.
        pub slot: u16,
        /// Meters that are finished, from the first on.
        pub finished_meters: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 30],
    }
}

account!(IntervalPage of ORACLE, rows by hand);

layout! {
    /// What a page knows of a meter's registers; its place is the meter's row. All zero is a meter that the page has
    /// not heard. The registers at boundaries between follow from the entries, back from the last one. Once the meter is
    /// finished, what is left over stands in their place.
    #[size = 40]
    pub struct PageRegisters {
        /// Register at the last known boundary, Wh since the meter was registered; once finished, Wh to be settled as drawn
        /// at the dearest price.
        pub import: u64,
        /// Likewise; once finished, Wh to be settled as fed in at the lowest price.
        pub export: u64,
        /// Register at the first known boundary, Wh since the meter was registered. What values stand for is forgotten: from the
        /// last one nobody could tell.
        pub first_import: u64,
        /// Likewise.
        pub first_export: u64,
        /// Index of the last known boundary; 0 if none is.
        pub last: u16,
        /// 1 if a boundary is known.
        pub known: u8,
        /// 1 if boundary 0 is known.
        pub base: u8,
        /// 1 once the meter is finished.
        pub finished: u8,
        /// 1 if its counting begins in this page, at the boundary at which it should; known once it is finished.
        pub begins: u8,
        /// 1 if its counting begins in this page, and later than it should: what it moved until then at most stands in the
        /// meter's row, and never pays; known once it is finished.
        pub begins_late: u8,
        /// Zeros.
        pub reserved: u8,
    }
}

impl IntervalPage {
    /// The start of a slot that was never used.
    pub const NEVER: i64 = i64::MIN;

    pub const LAYOUT: Layout = Layout {
        header: IntervalPage::STRUCT,
        rows: &[
            Rows {
                name: "registers",
                structure: PageRegisters::STRUCT,
                count: "capacity",
            },
            Rows {
                name: "entries",
                structure: PageEntry::STRUCT,
                count: "capacity * intervals",
            },
        ],
    };

    /// Bytes of a page of so many meters and intervals.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "numbers of 16 bits, times sizes of less than 2^20 bytes"
    )]
    pub const fn full_len(capacity: u16, intervals: u16) -> usize {
        let meter = size_of::<PageRegisters>() + intervals as usize * size_of::<PageEntry>();
        DISCRIMINATOR_LEN + size_of::<IntervalPage>() + capacity as usize * meter
    }
}

impl IntervalPage {
    /// Whether nothing of it changes any more: what is left over of every meter is known.
    pub fn is_finished(&self) -> bool {
        self.start == IntervalPage::NEVER || self.finished_meters == self.capacity
    }
}

impl PageRegisters {
    /// The last known boundary; `None` if none is.
    #[inline(always)]
    pub fn heard_until(&self) -> Option<u16> {
        self.is_known().then_some(self.last)
    }

    #[inline(always)]
    pub fn is_known(&self) -> bool {
        self.known != 0
    }

    #[inline(always)]
    pub fn is_base_known(&self) -> bool {
        self.base != 0
    }
}

/// A page, cut into its header and its rows of two kinds.
pub struct IntervalPageRows<'a> {
    pub header: &'a mut IntervalPage,
    pub registers: &'a mut [PageRegisters],
    /// Meter by meter: that of row m and interval i is at m · W + i.
    pub entries: &'a mut [PageEntry],
}

impl<'a> IntervalPageRows<'a> {
    /// `None` if the account has not the length that its header asks for.
    #[inline(always)]
    pub fn cut(data: &'a mut [u8]) -> Option<IntervalPageRows<'a>> {
        let mut cutter = Cutter::new(data)?;
        let header = cutter.header::<IntervalPage>()?;
        let (meters, intervals) = (usize::from(header.capacity), usize::from(header.intervals));
        let rows = IntervalPageRows {
            registers: cutter.rows(meters)?,
            entries: cutter.rows(meters.checked_mul(intervals)?)?,
            header,
        };
        cutter.finish()?;
        Some(rows)
    }

    /// What the page has of one meter: its registers and its entries, one for each interval. `None` for a row that
    /// there is no room for.
    #[inline(always)]
    pub fn meter(&mut self, row: u16) -> Option<(&mut PageRegisters, &mut [PageEntry])> {
        let intervals = usize::from(self.header.intervals);
        let registers = self.registers.get_mut(usize::from(row))?;
        let first = usize::from(row).checked_mul(intervals)?;
        let entries = self.entries.get_mut(first..)?.get_mut(..intervals)?;
        Some((registers, entries))
    }
}

/// The same of an account that is only read.
pub struct IntervalPageView<'a> {
    pub header: &'a IntervalPage,
    pub registers: &'a [PageRegisters],
    /// Meter by meter: that of row m and interval i is at m · W + i.
    pub entries: &'a [PageEntry],
}

impl<'a> IntervalPageView<'a> {
    /// `None` if the account has not the length that its header asks for.
    #[inline(always)]
    pub fn view(data: &'a [u8]) -> Option<IntervalPageView<'a>> {
        let mut viewer = Viewer::new(data)?;
        let header = viewer.header::<IntervalPage>()?;
        let (meters, intervals) = (usize::from(header.capacity), usize::from(header.intervals));
        let rows = IntervalPageView {
            registers: viewer.rows(meters)?,
            entries: viewer.rows(meters.checked_mul(intervals)?)?,
            header,
        };
        viewer.finish()?;
        Some(rows)
    }
}
