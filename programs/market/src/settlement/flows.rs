//! What the meters of a rectangle of windows and seats say.

use core::ops::Range;

use joulebook_common::zeros;
use joulebook_layout::{
    market::Seat,
    oracle::{Meter, PageEntry},
};
use joulebook_settlement::position::Flow;
use joulebook_units::{NetWh, Wh};

use crate::state::Readings;

/// Numbers of windows and seats of a page.
#[derive(Clone)]
pub struct Rectangle {
    pub windows: Range<u16>,
    pub seats: Range<u16>,
}

/// What counts for a meter that is silent for long: its standard draw, from more than `after` silent windows in a row on, silent
/// windows of earlier pages included.
pub struct Draws<'a> {
    /// Those of the ledger.
    pub seats: &'a [Seat],
    pub after: u16,
}

/// Energy of each position of a rectangle, window by window.
pub struct Flows {
    rectangle: Rectangle,
    /// Twice the net energy, Wh, and 1 more if a meter is missing.
    energy: Vec<i64>,
    /// Standard draw of meters silent for long, Wh; empty if there are none.
    draws: Vec<u32>,
}

impl Flows {
    /// Without `draws` there are none.
    #[inline(never)]
    pub fn read(readings: &Readings, rectangle: Rectangle, draws: Option<&Draws>) -> Flows {
        let mut flows = Flows {
            energy: zeros(rectangle.len()),
            draws: Vec::new(),
            rectangle,
        };
        let Rectangle {
            windows,
            seats: range,
        } = flows.rectangle.clone();
        // Without iterators over pairs: for a single window, they would cost more than the entry itself.
        let (start, width, all) = (readings.start(), readings.width(), readings.entries());
        let mut row = 0_usize;
        for meter in readings.meters() {
            let first = row;
            row = row.wrapping_add(width);
            let place = usize::from(meter.participant.wrapping_sub(range.start));
            // A meter whose owner has no place in this market is not settled here.
            if place >= range.len() || !meter.serves(start) {
                continue;
            }
            let from = first.wrapping_add(windows.start.into());
            let is_missing = match windows.len() {
                // Without a slice: for a single window, that would cost as much as the entry itself.
                1 => all
                    .get(from)
                    .zip(flows.energy.get_mut(place))
                    .is_some_and(|(entry, energy)| add(entry, energy)),
                count => {
                    let entries = all.get(from..).and_then(|rest| rest.get(..count));
                    flows.add(entries.unwrap_or_default(), place)
                }
            };
            let draws = draws.filter(|_| is_missing && meter.standard_draw > 0);
            if let Some(draws) = draws {
                flows.add_draws(meter, all.get(first..).unwrap_or_default(), draws);
            }
        }
        flows
    }

    /// Adds a meter's entries; whether one is missing.
    #[inline(always)]
    fn add(&mut self, entries: &[PageEntry], mut place: usize) -> bool {
        let seats = self.rectangle.seats.len();
        let mut is_missing = false;
        for entry in entries {
            if let Some(energy) = self.energy.get_mut(place) {
                is_missing |= add(entry, energy);
            }
            place = place.wrapping_add(seats);
        }
        is_missing
    }

    /// Goes through so many entries before the rectangle as can matter.
    #[cold]
    #[inline(never)]
    fn add_draws(&mut self, meter: &Meter, entries: &[PageEntry], draws: &Draws) {
        if self.draws.is_empty() {
            self.draws = zeros(self.energy.len());
        }
        let draw_after = u32::from(draws.after);
        let Range { start, end } = self.rectangle.windows;
        let first = start.saturating_sub(draws.after);
        let mut run = if first == 0 {
            let seat = draws.seats.get(usize::from(meter.participant));
            seat.map_or(0, |seat| seat.silent_windows)
        } else {
            // Of more than are looked at, those nearest decide.
            0
        };
        let entries = entries.get(usize::from(first)..).unwrap_or_default();
        for (window, entry) in (first..end).zip(entries) {
            run = if entry.has_value() {
                0
            } else {
                run.saturating_add(1)
            };
            if run > draw_after {
                if let Some(place) = self.rectangle.place(window, meter.participant) {
                    if let Some(draw) = self.draws.get_mut(place) {
                        *draw = draw.saturating_add(meter.standard_draw);
                    }
                }
            }
        }
    }

    /// Of all seats in one window.
    #[inline(always)]
    pub fn of_window(&self, window: u16) -> (&[i64], &[u32]) {
        let seats = self.rectangle.seats.len();
        let first = self.rectangle.place(window, self.rectangle.seats.start);
        let range = first.map(|first| first..first.saturating_add(seats));
        let energy = range.clone().and_then(|range| self.energy.get(range));
        let draws = range.and_then(|range| self.draws.get(range));
        (energy.unwrap_or_default(), draws.unwrap_or_default())
    }
}

/// Adds an entry to a position's energy; whether it is missing.
#[inline(always)]
fn add(entry: &PageEntry, energy: &mut i64) -> bool {
    if entry.has_value() {
        let net = NetWh::between(entry.import(), entry.export()).0;
        // Of 16 meters of 30 bits each.
        *energy = energy.wrapping_add(net.wrapping_mul(2));
        return false;
    }
    *energy |= 1;
    true
}

impl Rectangle {
    /// Positions in it.
    pub fn len(&self) -> usize {
        self.windows.len().saturating_mul(self.seats.len())
    }

    /// `None` outside.
    fn place(&self, window: u16, seat: u16) -> Option<usize> {
        let window = usize::from(window.checked_sub(self.windows.start)?);
        let seat = usize::from(seat.checked_sub(self.seats.start)?);
        window.checked_mul(self.seats.len())?.checked_add(seat)
    }
}

/// What a number of [`Flows`] says.
#[inline(always)]
pub fn flow_of(energy: i64) -> Flow {
    let net = NetWh(energy >> 1);
    if energy & 1 == 0 {
        Flow::Whole(net)
    } else {
        Flow::Partial(net)
    }
}

/// The draw of place number `place`; none if there are none.
#[inline(always)]
pub fn draw_of(draws: &[u32], place: usize) -> Wh {
    Wh(draws.get(place).copied().unwrap_or(0))
}
