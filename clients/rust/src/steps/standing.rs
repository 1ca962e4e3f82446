//! Which standing orders wait for somebody who applies them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use joulebook_layout::market::{
    limits::{MAX_SETTLED, STANDING_ORDERS},
    QuantityKind, Side, StandingOrder, StandingOutcome, StandingSeat,
};
use joulebook_settlement::position::Flow;
use joulebook_standing::{is_due, wanted, Moved};
use joulebook_units::{LocalTime, Seconds, UnixTime, SECONDS_PER_DAY};

use super::{compute, flows::Flows, MarketState};
use crate::{ring, tables::IntervalPageTable};

const DAYS_PER_WEEK: i64 = 7;

/// Seats to apply the standing orders of, and whose page of intervals to pass with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// A time on the page, unix seconds.
    pub earlier: i64,
    pub seats: Range<u16>,
}

/// What is to be applied in the window that starts at `start`: each order that is due and nobody has looked at, and each that
/// had no values when somebody did and has them now.
pub fn unapplied(state: &MarketState, start: i64) -> Vec<Application> {
    let Some(window) = Window::of(state, start) else {
        return vec![];
    };
    // By the days back of the page.
    let mut due: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
    for (seat, row) in (0u16..).zip(window.rows) {
        for days in window.waits(seat, row) {
            due.entry(days).or_default().push(seat);
        }
    }
    let parts = due.into_iter().flat_map(|(days, seats)| {
        let earlier = start.saturating_sub(days * SECONDS_PER_DAY);
        let ranges = window.cut(&seats, compute::meters(state));
        ranges
            .into_iter()
            .map(move |seats| Application { earlier, seats })
    });
    parts.collect()
}

/// What applying the orders of a range of seats computes, in the window that starts at `start`.
pub fn units(state: &MarketState, start: i64, seats: Range<u16>) -> u32 {
    let work = Window::of(state, start).map(|window| window.work(seats));
    work.unwrap_or_default().units(compute::meters(state))
}

/// What there is to do in a call.
#[derive(Clone, Copy, Default)]
struct Work {
    seats: u32,
    /// Orders that may be placed.
    placed: u32,
    /// Orders that are due and ask for nothing.
    skipped: u32,
}

impl Work {
    fn units(self, meters: u32) -> u32 {
        compute::application(self.seats, self.placed, self.skipped, meters)
    }

    fn and(self, other: Work) -> Work {
        Work {
            seats: self.seats.saturating_add(other.seats),
            placed: self.placed.saturating_add(other.placed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }
}

struct Window<'a> {
    start: i64,
    local: LocalTime,
    rows: &'a [StandingSeat],
    day_before: Option<Flows>,
    week_before: Option<Flows>,
    /// Of the window a day before, and of that a week before, on their pages.
    numbers: [u16; 2],
}

impl<'a> Window<'a> {
    /// `None` if nobody has standing orders.
    fn of(state: &'a MarketState, start: i64) -> Option<Window<'a>> {
        let standing = state.standing_orders.as_ref()?;
        let offset = Seconds(state.market.terms_at(start).utc_offset.into());
        let earlier = |days: i64| start.saturating_sub(days * SECONDS_PER_DAY);
        let flows = |days| flows_at(state, earlier(days));
        let number = |days| number_of(state, earlier(days));
        Some(Window {
            start,
            local: UnixTime(start).local(offset)?,
            rows: &standing.seats,
            day_before: flows(1),
            week_before: flows(DAYS_PER_WEEK),
            numbers: [number(1), number(DAYS_PER_WEEK)],
        })
    }

    /// The row's orders that are due.
    fn orders(&self, row: &'a StandingSeat) -> impl Iterator<Item = &'a StandingOrder> + use<'a> {
        let (start, local) = (UnixTime(self.start), self.local);
        let orders = (0..STANDING_ORDERS).zip(&row.orders);
        let entered = orders.filter(|(place, _)| row.has(*place));
        entered
            .map(|(_, order)| order)
            .filter(move |order| is_due(&order.rule, start, local))
    }

    /// Days back of the pages that orders of a seat wait for a call with.
    fn waits(&self, seat: u16, row: &'a StandingSeat) -> BTreeSet<i64> {
        let orders = self.orders(row);
        orders
            .filter_map(|order| self.waits_for(seat, order))
            .collect()
    }

    /// Ranges around the seats that fit into one instruction each.
    fn cut(&self, seats: &[u16], meters: u32) -> Vec<Range<u16>> {
        let mut ranges: Vec<(Range<u16>, Work)> = vec![];
        for seat in seats {
            let end = seat.saturating_add(1);
            if let Some((range, work)) = ranges.last_mut() {
                let both = range.start..end;
                let work_of_both = work.and(self.work(range.end..end));
                let fits = work_of_both.units(meters) <= compute::MAX_UNITS;
                if both.len() <= usize::from(MAX_SETTLED) && fits {
                    (*range, *work) = (both, work_of_both);
                    continue;
                }
            }
            ranges.push((*seat..end, self.work(*seat..end)));
        }
        ranges.into_iter().map(|(range, _)| range).collect()
    }

    fn work(&self, seats: Range<u16>) -> Work {
        let rows = (0u16..).zip(self.rows).take(seats.end.into());
        let rows = rows.skip(seats.start.into());
        rows.fold(Work::default(), |work, (seat, row)| {
            work.and(self.work_of(seat, row))
        })
    }

    fn work_of(&self, seat: u16, row: &'a StandingSeat) -> Work {
        let flow = |flows: &Option<Flows>, number| match flows.as_ref()?.of(number, seat).0 {
            Flow::Whole(net) => Some(net),
            Flow::Partial(_) => None,
        };
        let moved = Moved {
            day_before: flow(&self.day_before, self.numbers[0]),
            week_before: flow(&self.week_before, self.numbers[1]),
        };
        let asks = |order: &&StandingOrder| {
            let side = Side::from_byte(order.rule.side);
            let wanted =
                side.and_then(|side| wanted(&order.rule, side, self.local.half_hour, &moved));
            wanted.is_some_and(|energy| energy.0 > 0)
        };
        let due = self.orders(row).count() as u32;
        let placed = self.orders(row).filter(asks).count() as u32;
        Work {
            seats: 1,
            placed,
            skipped: due.saturating_sub(placed),
        }
    }

    /// Days back of the page that an order waits for a call with; `None` if for none.
    fn waits_for(&self, seat: u16, order: &StandingOrder) -> Option<i64> {
        let kind = QuantityKind::from_byte(order.rule.quantity_kind)?;
        let (days, number, flows) = match kind {
            QuantityKind::Fixed | QuantityKind::Profile => {
                return (order.window < self.start).then_some(1)
            }
            QuantityKind::DayBefore => (1, self.numbers[0], &self.day_before),
            QuantityKind::WeekBefore => (DAYS_PER_WEEK, self.numbers[1], &self.week_before),
        };
        if order.window < self.start {
            // Where the ring has not the page any more, it is marked by a call with any.
            return Some(if flows.is_some() { days } else { 1 });
        }
        let had_no_values = order.outcome == StandingOutcome::NoValues as u8;
        let flow = flows.as_ref().map(|flows| flows.of(number, seat).0);
        let waits =
            order.window == self.start && had_no_values && matches!(flow, Some(Flow::Whole(_)));
        waits.then_some(days)
    }
}

/// The number of the window that holds a time, on its page.
fn number_of(state: &MarketState, time: i64) -> u16 {
    let behind = time.rem_euclid(state.market.page_length().0.max(1));
    let number = behind / i64::from(state.market.window_seconds.max(1));
    u16::try_from(number).unwrap_or(0)
}

/// What seats' meters moved on the page that holds a time, up to it; `None` if the ring has not that page.
fn flows_at(state: &MarketState, time: i64) -> Option<Flows> {
    let start = ring::start(time, state.market.page_length().0)?;
    let is_it = |page: &&IntervalPageTable| page.header.start == start;
    let page = state.interval_pages.iter().find(is_it)?;
    let windows = number_of(state, time) + 1;
    let seats = &state.ledger.seats;
    Some(Flows::read(
        &state.meter_table,
        page,
        seats,
        windows,
        u16::MAX,
    ))
}
