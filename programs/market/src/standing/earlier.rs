//! What seats' meters moved in a window of an earlier day.

use core::{cell::OnceCell, ops::Range};

use joulebook_layout::market::StandingRule;
use joulebook_settlement::position::Flow;
use joulebook_standing::days_back;
use joulebook_units::{NetWh, Seconds, UnixTime, SECONDS_PER_DAY};

use crate::{
    settlement::{flow_of, Flows, Rectangle},
    state::Readings,
};

/// Of a range of seats, in the windows of the one page that was passed. Read when the first order asks: to go over all meters
/// takes longer than to place orders that need none.
pub struct Earlier<'a> {
    readings: &'a Readings<'a>,
    seats: Range<u16>,
    day_before: Past,
    week_before: Past,
}

struct Past {
    /// Its number on the page; `None` if it is not on it.
    window: Option<u16>,
    flows: OnceCell<Flows>,
}

impl<'a> Earlier<'a> {
    /// Before the window that starts at `start`, of `length` seconds.
    pub fn new(
        readings: &'a Readings<'a>,
        start: i64,
        length: i64,
        seats: Range<u16>,
    ) -> Earlier<'a> {
        let window = |days: i64| {
            let back = Seconds(days.saturating_mul(SECONDS_PER_DAY));
            let then = UnixTime(start).checked_sub(back)?;
            let window = then.lengths_since(UnixTime(readings.start()), Seconds(length))?;
            let window = u16::try_from(window).ok()?;
            (usize::from(window) < readings.width()).then_some(window)
        };
        let past = |days| Past {
            window: window(days),
            flows: OnceCell::new(),
        };
        Earlier {
            readings,
            seats,
            day_before: past(1),
            week_before: past(7),
        }
    }

    /// Whether the page has the window that a rule takes a share of, if it takes one.
    pub fn has_window_of(&self, rule: &StandingRule) -> bool {
        self.past(rule).is_none_or(|past| past.window.is_some())
    }

    /// What the meters of the seat in this place of the range drew less what they fed in, if a rule takes a share of it and all is
    /// known.
    pub fn moved(&self, rule: &StandingRule, place: usize) -> Option<NetWh> {
        self.read(self.past(rule)?, place)
    }

    fn past(&self, rule: &StandingRule) -> Option<&Past> {
        days_back(rule).map(|days| {
            if days == 1 {
                &self.day_before
            } else {
                &self.week_before
            }
        })
    }

    fn read(&self, past: &Past, place: usize) -> Option<NetWh> {
        let window = past.window?;
        let flows = past.flows.get_or_init(|| {
            let rectangle = Rectangle {
                windows: window..window.saturating_add(1),
                seats: self.seats.clone(),
            };
            Flows::read(self.readings, rectangle, None)
        });
        let (energy, _) = flows.of_window(window);
        match flow_of(*energy.get(place)?) {
            Flow::Whole(net) => Some(net),
            Flow::Partial(_) => None,
        }
    }
}
