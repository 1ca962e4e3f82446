//! What an oracle's page says that seats' meters moved.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::oracle::{Meter, PageEntry},
    tables::{IntervalPageTable, MeterRecords},
};
use joulebook_settlement::position;
use joulebook_units::NetWh;

/// Of a seat's meters in one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flow {
    pub import: u64,
    pub export: u64,
    pub meters: u16,
    pub missing: u16,
}

impl Flow {
    fn add(&mut self, entry: &PageEntry) {
        self.meters = self.meters.saturating_add(1);
        if entry.has_value() {
            // Of 30 bits each, at most as many as there are rows.
            self.import = self.import.saturating_add(entry.import().0.into());
            self.export = self.export.saturating_add(entry.export().0.into());
        } else {
            self.missing = self.missing.saturating_add(1);
        }
    }

    /// As the rules of settlement want it.
    pub fn settled(&self) -> position::Flow {
        // Sums of numbers of 30 bits, 65,536 of them at most.
        let net = NetWh(
            self.import
                .cast_signed()
                .saturating_sub(self.export.cast_signed()),
        );
        match self.missing {
            0 => position::Flow::Whole(net),
            _ => position::Flow::Partial(net),
        }
    }
}

/// The meters that serve in a page, with their rows.
pub(super) fn in_service<'a>(
    table: &'a MeterRecords,
    page: &IntervalPageTable,
) -> impl Iterator<Item = (u16, &'a Meter)> + use<'a> {
    let start = page.header.start;
    let meters = (0..table.header.count).zip(&table.meters);
    meters.filter(move |(_, meter)| meter.serves(start))
}

/// Row and number of a meter that serves in a page, number of an interval, and its entry.
pub(super) fn entries<'a>(
    table: &'a MeterRecords,
    page: &'a IntervalPageTable,
) -> impl Iterator<Item = (u16, u32, u16, &'a PageEntry)> {
    in_service(table, page).flat_map(move |(row, meter)| {
        let number = meter.number(row);
        let entry = move |interval| Some((row, number, interval, page.entry(number, interval)?));
        (0..page.header.intervals).map_while(entry)
    })
}

/// By number of the interval and seat.
pub(super) fn flows(table: &MeterRecords, page: &IntervalPageTable) -> BTreeMap<(u16, u16), Flow> {
    let mut flows = BTreeMap::<_, Flow>::new();
    for (row, _, interval, entry) in entries(table, page) {
        if let Some(meter) = table.meters.get(usize::from(row)) {
            flows
                .entry((interval, meter.participant))
                .or_default()
                .add(entry);
        }
    }
    flows
}
