//! Which positions of a page settling would change.

use joulebook_layout::market::{Position, PositionStatus, WindowStatus};
use joulebook_settlement::{
    position::{self, Flow},
    Contract, Tariff,
};
use joulebook_units::{Price, Wh};

use super::{flows::Flows, MarketState};
use crate::tables::{IntervalPageTable, PageTable};

/// Numbers of windows and seats, window by window: positions of a page that have not paid what is due at `now`, unix
/// seconds.
pub fn unsettled(
    state: &MarketState,
    page: &PageTable,
    readings: &IntervalPageTable,
    now: i64,
) -> Vec<(u16, u16)> {
    let header = &page.header;
    let seats = &state.ledger.seats;
    let ended = (0..header.windows).take_while(|window| now >= header.end_of(*window));
    let ended = ended.count() as u16;
    let flows = Flows::read(
        &state.meter_table,
        readings,
        seats,
        ended,
        header.draw_after,
    );
    let mut found = vec![];
    for (number, window) in (0..ended).zip(&page.windows) {
        // Its contracts are not known yet.
        if window.is(WindowStatus::Open) {
            continue;
        }
        let tariff = Tariff {
            short: Price(window.short),
            long: Price(window.long),
        };
        let grace = i64::from(header.metering_grace);
        let is_late = now >= header.end_of(number).saturating_add(grace);
        for seat in header.final_seats..header.seats.min(seats.len() as u16) {
            let Some(position) = page.position(number, seat) else {
                continue;
            };
            let (flow, draw) = flows.of(number, seat);
            // Where a meter is missing, the others may still come.
            if matches!(flow, Flow::Partial(_)) && !is_late {
                continue;
            }
            let is_suppliers = seat == window.supplier;
            if is_changed(position, flow, draw, tariff, is_suppliers) {
                found.push((number, seat));
            }
        }
    }
    found
}

/// Whether settling changes a position; the supplier's own has nobody to pay its deviation to.
fn is_changed(
    position: &Position,
    flow: Flow,
    draw: Wh,
    tariff: Tariff,
    is_suppliers: bool,
) -> bool {
    let contract = Contract::from(position);
    let is_confirmed = position.is(PositionStatus::Confirmed);
    let is_skipped = match flow {
        // Nothing was contracted, nothing flowed, nothing is to be paid back.
        Flow::Whole(net) => contract == Contract::default() && net.0 == 0 && position.paid == 0,
        // What was confirmed stays so.
        Flow::Partial(_) => is_confirmed,
    };
    if is_skipped {
        return false;
    }
    let due = position::due(contract, flow, tariff, draw);
    let confirms = due.is_confirmed && !is_confirmed;
    confirms || (due.pays.0 != position.paid && !is_suppliers)
}
