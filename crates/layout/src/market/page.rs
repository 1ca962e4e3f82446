use super::Position;
use crate::{
    describe::{Layout, Rows},
    Address, Cutter, DISCRIMINATOR_LEN,
};

layout! {
    /// One slot of a ring of pages. A page has what W consecutive windows of length L leave behind; page number n starts at
    /// n · W · L and is in slot n mod ring, as the oracle's page of the same intervals.
    /// Address: `["page", market, slot]`.
    #[size = 32 + 2 * 8 + 2 * 4 + 5 * 2 + 3 + 27]
    pub struct Page {
        /// Part of the address.
        pub market: Address,
        /// Of its first window, unix seconds; −2⁶³ before first use.
        pub start: i64,
        /// Start of the page opened before it, which is final before it; −2⁶³ for none.
        pub previous: i64,
        /// Silent meters are charged their standard draw this long after a window's end, seconds.
        pub metering_grace: u32,
        /// Of a window, seconds.
        pub window_seconds: u32,
        /// Silent meters are charged their standard draw not before so many windows in a row.
        pub draw_after: u16,
        /// W.
        pub windows: u16,
        /// Positions of each window.
        pub seats: u16,
        /// Of the page ring; part of the address.
        pub slot: u16,
        /// Seats whose positions are final, from the first on.
        pub final_seats: u16,
        /// Of the supplier of all its windows, in the ledger.
        pub supplier_place: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 27],
    }
}

account!(Page of MARKET, rows by hand);

layout! {
    /// Prices and outcome of one window.
    #[size = 64]
    pub struct PageWindow {
        /// Traded, Wh.
        pub volume: u64,
        /// Market fees that it brought in, milli-atoms.
        pub market_fees: u64,
        /// Retail price, atoms per kWh.
        pub short: i32,
        /// Feed-in tariff, atoms per kWh.
        pub long: i32,
        /// Local grid fee on bought energy, atoms per kWh.
        pub grid_fee: i32,
        /// Atoms per kWh; 0 if nothing traded.
        pub price: i32,
        /// Seat: the other side of every deviation.
        pub supplier: u16,
        /// Seat that receives the grid fee.
        pub grid_operator: u16,
        /// Lowest clearing tick.
        pub low: u16,
        /// Highest clearing tick.
        pub high: u16,
        /// Allocated.
        pub orders: u16,
        /// A [`WindowStatus`].
        pub status: u8,
        /// Zeros.
        pub reserved: [u8; 21],
    }
}

code! {
    /// What became of a window's auction.
    pub enum WindowStatus {
        /// No book was opened for it: there are no contracts.
        Unopened,
        /// A book has its orders.
        Open,
        /// Contracts are in the positions.
        Allocated,
    }
}

impl Page {
    /// The start of a slot that was never used.
    pub const NEVER: i64 = i64::MIN;

    pub const LAYOUT: Layout = Layout {
        header: Page::STRUCT,
        rows: &[
            Rows {
                name: "windows",
                structure: PageWindow::STRUCT,
                count: "windows",
            },
            Rows {
                name: "positions",
                structure: Position::STRUCT,
                count: "windows * seats",
            },
        ],
    };

    /// Bytes of a page of so many windows and seats.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "numbers of 16 bits, times sizes of less than 2^20 bytes"
    )]
    pub const fn full_len(windows: u16, seats: u16) -> usize {
        let window = size_of::<PageWindow>() + seats as usize * size_of::<Position>();
        DISCRIMINATOR_LEN + size_of::<Page>() + windows as usize * window
    }

    /// The end of window number `window`, unix seconds.
    #[inline(always)]
    pub fn end_of(&self, window: u16) -> i64 {
        // Of 48 bits.
        let windows = u64::from(window).wrapping_add(1);
        let offset = windows.wrapping_mul(self.window_seconds.into());
        self.start.saturating_add_unsigned(offset)
    }

    /// From its start to that of the next, seconds.
    #[inline(always)]
    pub fn length(&self) -> i64 {
        // 48 bits.
        i64::from(self.window_seconds).wrapping_mul(self.windows.into())
    }

    /// Whether the slot holds nothing that can still change.
    pub fn is_final(&self) -> bool {
        self.start == Page::NEVER || self.final_seats == self.seats
    }
}

impl PageWindow {
    #[inline(always)]
    pub fn is(&self, status: WindowStatus) -> bool {
        self.status == status as u8
    }
}

/// A page, cut into its header and its rows of two kinds.
pub struct PageRows<'a> {
    pub header: &'a mut Page,
    pub windows: &'a mut [PageWindow],
    /// Window by window: that of window w and seat s is at w · seats + s.
    pub positions: &'a mut [Position],
}

impl<'a> PageRows<'a> {
    /// `None` if the account has not the length that its header asks for.
    #[inline(always)]
    pub fn cut(data: &'a mut [u8]) -> Option<PageRows<'a>> {
        let mut cutter = Cutter::new(data)?;
        let header = cutter.header::<Page>()?;
        let (windows, seats) = (usize::from(header.windows), usize::from(header.seats));
        let rows = PageRows {
            windows: cutter.rows(windows)?,
            positions: cutter.rows(windows.checked_mul(seats)?)?,
            header,
        };
        cutter.finish()?;
        Some(rows)
    }

    /// A window with the positions of all seats. `None` beyond the page.
    #[inline(always)]
    pub fn window(&mut self, window: u16) -> Option<(&mut PageWindow, &mut [Position])> {
        let seats = usize::from(self.header.seats);
        let first = usize::from(window).checked_mul(seats)?;
        let positions = self.positions.get_mut(first..)?.get_mut(..seats)?;
        Some((self.windows.get_mut(usize::from(window))?, positions))
    }
}
