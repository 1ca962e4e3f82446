//! What the oracle's page says of a seat's meters in one window.

use joulebook_client::{
    layout::oracle::{Meter, PageEntry, Quality},
    tables::IntervalPageTable,
};

use super::state::{State, Window};

/// Of all meters that a seat has in service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metered {
    /// Drawn less fed in, of the meters that have a value, Wh.
    pub net: i64,
    /// One has none.
    pub is_missing: bool,
    /// A verifier has set one: it was another before.
    pub is_replaced: bool,
    /// Of those that have none and a run of silent windows that is long enough, Wh.
    pub draw: u64,
}

impl Metered {
    /// In a window; `None` if the oracle's page is not there any more. `silent` windows before the page's first one, in a row,
    /// count for a meter's standard draw.
    pub fn in_window(state: &State, window: &Window, seat: u16, silent: u32) -> Option<Metered> {
        let start = window.page.start;
        let mut pages = state.interval_pages.iter();
        let page = pages.find(|page| page.header.start == start)?;
        let mut metered = Metered::default();
        for (number, meter) in state.meters_of(seat) {
            if meter.serves(start) {
                let entries = &entries(page, number)[..=usize::from(window.number)];
                metered.add(meter, entries, silent, window.page.draw_after);
            }
        }
        Some(metered)
    }

    /// Adds a meter with its entries up to the window's.
    fn add(&mut self, meter: &Meter, entries: &[PageEntry], silent: u32, draw_after: u16) {
        let Some(entry) = entries.last() else { return };
        self.is_replaced |= entry.is(Quality::Replaced);
        if entry.has_value() {
            self.net += i64::from(entry.import().0) - i64::from(entry.export().0);
            return;
        }
        self.is_missing = true;
        let behind = entries.iter().rev().take_while(|entry| !entry.has_value());
        let behind = behind.count();
        let before = if behind == entries.len() { silent } else { 0 };
        if behind as u64 + u64::from(before) > u64::from(draw_after) {
            self.draw += u64::from(meter.standard_draw);
        }
    }
}

fn entries(page: &IntervalPageTable, meter: usize) -> &[PageEntry] {
    let intervals = usize::from(page.header.intervals);
    &page.entries[meter * intervals..][..intervals]
}
