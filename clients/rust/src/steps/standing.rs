//! Which standing orders wait for somebody who applies them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use joulebook_layout::{
    market::{
        limits::{MAX_SETTLED, STANDING_ORDERS},
        BookSeat, Seat, Side, StandingOrder, StandingRule, StandingSeat,
    },
    registry::Roles,
};
use joulebook_settlement::position::Flow;
use joulebook_standing::{days_back, is_due, place as place_order, readiness, wanted, Trader};
use joulebook_units::{NetWh, Seconds, UnixTime, SECONDS_PER_DAY};

use super::{compute, flows::Flows, MarketState};
use crate::{
    ring,
    tables::{BookHead, IntervalPageTable, LedgerTable},
};

const DAYS_PER_WEEK: i64 = 7;

/// Seats to apply the standing orders of, and whose page of intervals to pass with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// A time on the page, unix seconds.
    pub earlier: i64,
    pub seats: Range<u16>,
}

/// Seats and their standing orders, as placing what is planned leaves them: money that is enough for one order is not for two.
pub struct Rows {
    seats: Vec<Seat>,
    rows: Vec<StandingSeat>,
}

impl Rows {
    /// As they are on chain.
    pub fn of(state: &MarketState) -> Rows {
        let standing = state.standing_orders.as_ref();
        Rows {
            seats: state.ledger.seats.clone(),
            rows: standing.map_or(vec![], |standing| standing.seats.clone()),
        }
    }
}

/// What is to be applied at `now` in the window that starts at `start`: each order that is due and nobody has tried, so that it
/// is marked, and each that could not be placed when somebody did and can be now.
pub fn unapplied(state: &MarketState, rows: &mut Rows, start: i64, now: i64) -> Vec<Application> {
    let Some(window) = Window::of(state, start) else {
        return vec![];
    };
    // By a time on the page.
    let mut due: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
    for (seat, earlier) in window.waits(rows, now) {
        due.entry(earlier).or_default().push(seat);
    }
    // The day before first.
    let parts = due.into_iter().rev().flat_map(|(earlier, seats)| {
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
    /// Orders that are due and were placed, or ask for nothing.
    skipped: u32,
    /// Whether one is a share of a day before, of a week before.
    shares: [bool; 2],
}

impl Work {
    fn units(self, meters: u32) -> u32 {
        let windows = self.shares.into_iter().filter(|is_one| *is_one).count() as u32;
        let meters = meters.saturating_mul(windows);
        compute::application(self.seats, self.placed, self.skipped, meters)
    }

    fn and(self, other: Work) -> Work {
        Work {
            seats: self.seats.saturating_add(other.seats),
            placed: self.placed.saturating_add(other.placed),
            skipped: self.skipped.saturating_add(other.skipped),
            shares: [0, 1].map(|kind| self.shares[kind] | other.shares[kind]),
        }
    }
}

struct Window<'a> {
    start: i64,
    weekday: u8,
    half_hour: u8,
    rows: &'a [StandingSeat],
    ledger: &'a LedgerTable,
    /// `None` before it is opened.
    book: Option<&'a BookHead>,
    day_before: Past,
    week_before: Past,
    /// A time on a page that is there, for calls that need none.
    any_page: i64,
}

/// The window of a rule's share.
struct Past {
    start: i64,
    /// Of its page.
    number: u16,
    /// `None` if the ring has not that page.
    flows: Option<Flows>,
}

impl<'a> Window<'a> {
    /// `None` if nobody has standing orders, or there is no page to call with.
    fn of(state: &'a MarketState, start: i64) -> Option<Window<'a>> {
        let standing = state.standing_orders.as_ref()?;
        let book = state.books.iter().find(|book| book.header.start == start);
        let (weekday, half_hour) = match book {
            Some(book) => (book.header.weekday, book.header.half_hour),
            None => {
                let offset = Seconds(state.market.terms_at(start).utc_offset.into());
                let local = UnixTime(start).local(offset)?;
                (local.weekday, local.half_hour)
            }
        };
        let past = |days: i64| {
            let start = start.saturating_sub(days * SECONDS_PER_DAY);
            Past {
                start,
                number: number_of(state, start),
                flows: flows_at(state, start),
            }
        };
        let day_before = past(1);
        Some(Window {
            start,
            weekday,
            half_hour,
            rows: &standing.seats,
            ledger: &state.ledger,
            book,
            any_page: page_near(state, day_before.start)?,
            day_before,
            week_before: past(DAYS_PER_WEEK),
        })
    }

    /// The row's orders that are due, with their places.
    fn orders<'r>(
        &'r self,
        row: &'r StandingSeat,
    ) -> impl Iterator<Item = (u8, &'r StandingOrder)> {
        let orders = (0..STANDING_ORDERS).zip(&row.orders);
        orders.filter(|(place, order)| row.has(*place) && self.is_due(order))
    }

    /// Seats that wait for a call, each with a time on the page to call with.
    fn waits(&self, rows: &mut Rows, now: i64) -> BTreeSet<(u16, i64)> {
        let day = u32::try_from(UnixTime(now).day()).unwrap_or(0);
        let header = self.book.map(|book| book.header);
        let mut open = header.map(|book| (joulebook_standing::Window::of(&book, day), book));
        let mut waiting = BTreeSet::new();
        for (index, (row, seat)) in (0u16..).zip(rows.rows.iter_mut().zip(&mut rows.seats)) {
            if !seat.is_open() || seat.owner != row.owner {
                continue;
            }
            let ledger = &self.ledger.header;
            let owes_others = ledger.owes_others(index);
            let is_ready =
                header.is_some_and(|book| readiness(seat, row, &book, owes_others).is_ok());
            let on_book = self.on_book(index);
            let mut standing = on_book;
            let is_delegate = row.delegate == seat.delegate;
            for (place, order) in (0..STANDING_ORDERS).zip(&mut row.orders) {
                let is_in = |bits: u8| bits >> place & 1 == 1;
                let is_lapsed = order.by_delegate != 0 && !is_delegate;
                if !is_in(row.entered) || is_in(on_book.placed) || is_lapsed || !self.is_due(order)
                {
                    continue;
                }
                // Where the ring has not the page of a share any more, the order is marked by a call with any.
                let past = self.past(&order.rule).filter(|past| past.flows.is_some());
                let page = past.map_or(self.any_page, |past| past.start);
                let moved = past.and_then(|past| past.moved(index));
                // Also of one that nobody has tried: what it takes is not there for the next.
                let can_be_placed = open.as_mut().is_some_and(|(window, book)| {
                    let mut trader = Trader {
                        seat,
                        standing: &mut standing,
                        roles: Roles(row.roles),
                        margin: ledger.margin_of(index),
                    };
                    is_ready && place_order(&mut trader, book, window, order, moved).is_ok()
                });
                if !is_in(on_book.tried) || can_be_placed {
                    waiting.insert((index, page));
                }
            }
        }
        waiting
    }

    /// What a seat has in the book; nothing before it is opened.
    fn on_book(&self, index: u16) -> BookSeat {
        let seats = self.book.map_or(&[][..], |book| &book.seats);
        seats.get(usize::from(index)).copied().unwrap_or_default()
    }

    fn is_due(&self, order: &StandingOrder) -> bool {
        is_due(
            &order.rule,
            UnixTime(self.start),
            self.weekday,
            self.half_hour,
        )
    }

    fn past(&self, rule: &StandingRule) -> Option<&Past> {
        days_back(rule).map(|days| match days {
            1 => &self.day_before,
            _ => &self.week_before,
        })
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
        let mut work = Work {
            seats: 1,
            ..Work::default()
        };
        let placed = self.on_book(seat).placed;
        for (place, StandingOrder { rule, .. }) in self.orders(row) {
            if placed >> place & 1 == 1 {
                work.skipped += 1;
                continue;
            }
            let moved = self.past(rule).and_then(|past| past.moved(seat));
            let side = Side::from_byte(rule.side);
            let wanted = side.and_then(|side| wanted(rule, side, self.half_hour, moved));
            match wanted.is_some_and(|energy| energy.0 > 0) {
                true => work.placed += 1,
                false => work.skipped += 1,
            }
            if let Some(days) = days_back(rule) {
                work.shares[usize::from(days > 1)] = true;
            }
        }
        work
    }
}

impl Past {
    /// By a seat's meters; `None` if not all is known.
    fn moved(&self, seat: u16) -> Option<NetWh> {
        match self.flows.as_ref()?.of(self.number, seat).0 {
            Flow::Whole(net) => Some(net),
            Flow::Partial(_) => None,
        }
    }
}

/// The time, or if its slot of the ring of interval pages can't be used, one of a slot that can; `None` if none can.
fn page_near(state: &MarketState, time: i64) -> Option<i64> {
    let length = state.market.page_length().0;
    let slot = ring::slot(ring::start(time, length)?, length, state.market.pages)?;
    let mut pages = state.interval_pages.iter().map(|page| page.header.slot);
    if pages.clone().any(|page| page == slot) {
        return Some(time);
    }
    // The first page of a slot begins as many lengths after 1970-01-01.
    pages
        .next()
        .map(|slot| i64::from(slot).saturating_mul(length))
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
