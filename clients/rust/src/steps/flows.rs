//! What the meters of a page say of its positions, as the market reads them.

use joulebook_layout::{
    market::Seat,
    oracle::{Meter, PageEntry},
};
use joulebook_settlement::position::Flow;
use joulebook_units::{NetWh, Wh};

use crate::tables::{IntervalPageTable, MeterRecords};

/// Of the first windows of a page.
pub struct Flows {
    windows: u16,
    seats: u16,
    /// Window by window, all seats of each.
    cells: Vec<Cell>,
}

/// What is known of a seat's meters in one window.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// Net energy of the meters that have a value, Wh.
    net: i64,
    is_partial: bool,
    /// Standard draw of missing meters that have been silent for long, Wh.
    draw: u32,
}

impl Flows {
    /// Of the first `windows` windows of a page and all `seats`, rows of the ledger. A meter's standard draw counts from more
    /// than `draw_after` silent windows in a row on.
    pub fn read(
        meter_table: &MeterRecords,
        page: &IntervalPageTable,
        seats: &[Seat],
        windows: u16,
        draw_after: u16,
    ) -> Flows {
        let mut flows = Flows {
            windows,
            seats: u16::try_from(seats.len()).unwrap_or(u16::MAX),
            cells: vec![Cell::default(); usize::from(windows) * seats.len()],
        };
        let registered = usize::from(meter_table.header.count);
        let intervals = usize::from(page.header.intervals).max(1);
        let meters = meter_table.meters.iter().take(registered);
        for (meter, entries) in meters.zip(page.entries.chunks_exact(intervals)) {
            let seat = seats.get(usize::from(meter.participant));
            if let Some(seat) = seat.filter(|_| meter.serves(page.header.start)) {
                flows.add(meter, entries, seat.silent_windows, draw_after.into());
            }
        }
        flows
    }

    /// Adds what a meter's entries say. Before the page it was silent for `silent` windows.
    fn add(&mut self, meter: &Meter, entries: &[PageEntry], silent: u32, draw_after: u32) {
        let mut silent = silent;
        for (window, entry) in (0..self.windows).zip(entries) {
            let cell = self.place(window, meter.participant);
            let cell = &mut self.cells[cell];
            if entry.has_value() {
                silent = 0;
                cell.net += NetWh::between(entry.import(), entry.export()).0;
                continue;
            }
            silent = silent.saturating_add(1);
            cell.is_partial = true;
            if silent > draw_after {
                cell.draw = cell.draw.saturating_add(meter.standard_draw);
            }
        }
    }

    /// Of a seat in one window, with the draw of its missing meters.
    pub fn of(&self, window: u16, seat: u16) -> (Flow, Wh) {
        let cell = self.cells[self.place(window, seat)];
        let net = NetWh(cell.net);
        let flow = if cell.is_partial {
            Flow::Partial(net)
        } else {
            Flow::Whole(net)
        };
        (flow, Wh(cell.draw))
    }

    fn place(&self, window: u16, seat: u16) -> usize {
        usize::from(window) * usize::from(self.seats) + usize::from(seat)
    }
}
