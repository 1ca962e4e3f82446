//! What seats' meters moved in a window of an earlier day.

use core::ops::Range;

use joulebook_layout::market::{QuantityKind, Seat, StandingRule};
use joulebook_settlement::position::Flow;
use joulebook_standing::Moved;
use joulebook_units::{NetWh, Seconds, UnixTime, SECONDS_PER_DAY};

use crate::{
    settlement::{flow_of, Flows, Rectangle},
    state::Readings,
};

/// Of a range of seats, in the windows of the one page that was passed.
pub struct Earlier {
    day_before: Option<Flows>,
    week_before: Option<Flows>,
    windows: [u16; 2],
}

impl Earlier {
    /// Of the window that starts at `start`, of `length` seconds.
    pub fn read(
        readings: &Readings,
        start: i64,
        length: i64,
        seats: Range<u16>,
        ledger: &[Seat],
    ) -> Earlier {
        let window = |days: i64| {
            let back = Seconds(days.saturating_mul(SECONDS_PER_DAY));
            let then = UnixTime(start).checked_sub(back)?;
            let window = then.lengths_since(UnixTime(readings.start()), Seconds(length))?;
            let window = u16::try_from(window).ok()?;
            (usize::from(window) < readings.width()).then_some(window)
        };
        let flows = |window: Option<u16>| {
            let window = window?;
            let rectangle = Rectangle {
                windows: window..window.saturating_add(1),
                seats: seats.clone(),
            };
            Some(Flows::read(readings, rectangle, ledger, u16::MAX))
        };
        let [day, week] = [1, 7].map(window);
        Earlier {
            day_before: flows(day),
            week_before: flows(week),
            windows: [day.unwrap_or(0), week.unwrap_or(0)],
        }
    }

    /// Whether the page has the window that a rule takes a share of, if it takes one.
    pub fn has_windows_of(&self, rule: &StandingRule) -> bool {
        const DAY_BEFORE: u8 = QuantityKind::DayBefore as u8;
        const WEEK_BEFORE: u8 = QuantityKind::WeekBefore as u8;
        match rule.quantity_kind {
            DAY_BEFORE => self.day_before.is_some(),
            WEEK_BEFORE => self.week_before.is_some(),
            _ => true,
        }
    }

    /// Of the seat in this place of the range.
    pub fn of(&self, place: usize) -> Moved {
        let [day, week] = self.windows;
        let moved = |flows: &Option<Flows>, window: u16| -> Option<NetWh> {
            let (energy, _) = flows.as_ref()?.of_window(window);
            match flow_of(*energy.get(place)?) {
                Flow::Whole(net) => Some(net),
                Flow::Partial(_) => None,
            }
        };
        Moved {
            day_before: moved(&self.day_before, day),
            week_before: moved(&self.week_before, week),
        }
    }
}
