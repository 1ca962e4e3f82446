//! Windows and pages that stand in accounts.

use std::collections::BTreeMap;

use joulebook_client::layout::oracle::Quality;

use super::work::Work;
use crate::{
    bill::is_settled,
    changes::Changes,
    rows::{EndingRow, PositionRow, WindowRow},
    store::Span,
};

/// The household's windows, by their start.
pub(super) fn held(all: &Changes, seat: u16) -> BTreeMap<i64, (WindowRow, PositionRow)> {
    let positions = all.positions.iter();
    let positions = positions.filter(|position| position.seat == i64::from(seat));
    let mut positions: BTreeMap<i64, &PositionRow> = positions
        .map(|position| (position.start, position))
        .collect();
    let windows = all.windows.iter().filter_map(|window| {
        let position = positions.remove(&window.start)?;
        Some((window.start, (window.clone(), position.clone())))
    });
    windows.collect()
}

impl Work<'_> {
    pub fn add_held(&mut self, window: &WindowRow, position: &PositionRow) {
        self.proof.bill.add(window, position);
        self.proof.from_accounts += 1;
        self.check_entries(window.start);
        let why = match () {
            () if position.missing > 0 && position.is_final => {
                "a meter has no value, and none can come any more"
            }
            () if position.missing > 0 => "a meter has no value yet; what was paid so far counts",
            () if !is_settled(window, position) => "not settled yet",
            () => return,
        };
        self.leave_window_open(window.start, why);
    }

    /// Adds how the pages that stand ended for the household.
    pub fn add_endings(&mut self, endings: &[EndingRow]) {
        let Span { since, until } = self.proof.worked_out;
        let seat = i64::from(self.household.seat);
        let its = endings
            .iter()
            .filter(|one| one.seat == seat && (since..until).contains(&one.start));
        for ending in its {
            self.proof.bill.add_ending(ending);
            if ending.amount.is_none() {
                let end = ending.page.saturating_add(self.addresses.page_seconds());
                let why =
                    "what came to light after silence follows from pages that were used again";
                self.leave_open(ending.page.max(since), end.min(until), why);
            }
        }
    }

    /// Compares what the oracle has of a window with what devices have signed.
    fn check_entries(&mut self, start: i64) {
        let page = self.view.interval_page(self.addresses.page_start(start));
        let Some(page) = page else {
            let why = "the endpoint does not tell the oracle's page of it";
            return self.leave_window_open(start, why);
        };
        let interval = self.addresses.window_number(start);
        let seconds = self.interval_seconds();
        for (row, meter) in self.serving(page.header.start) {
            let number = meter.number(*row);
            let Some(entry) = page.entry(number, interval) else {
                continue;
            };
            let flow = match entry.quality() {
                Quality::Missing | Quality::Gap => {
                    self.proof.intervals.missing += 1;
                    continue;
                }
                Quality::Replaced => self.signed.replaced(number, start),
                Quality::Measured => self.signed.flow(number, start, seconds),
            };
            let told = (u64::from(entry.import().0), u64::from(entry.export().0));
            match flow {
                None => {
                    self.proof.intervals.unsigned += 1;
                    let why = "no transaction with the device's signature is kept";
                    self.leave_window_open(start, why);
                }
                Some(flow) if (flow.import, flow.export) != told => {
                    self.proof.intervals.contradicted += 1;
                    let why = "the account and the device's signature differ";
                    self.leave_window_open(start, why);
                }
                Some(flow) => self.count(entry.quality() == Quality::Replaced, &flow),
            }
        }
    }
}
