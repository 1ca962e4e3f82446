//! Steps that will be due, written down ahead by somebody who will not be there: [`steps_ahead`] knows neither orders nor readings
//! of then. So its steps go over all seats; one that finds nothing to do changes nothing.

use joulebook_layout::{
    market::{limits::MAX_SETTLED, Page},
    oracle::MeterTable,
};
use joulebook_units::SECONDS_PER_DAY;

use super::{compute, finishing, MarketState, Step};
use crate::ring;

const DAYS_PER_WEEK: i64 = 7;
/// Windows that are looked at, at most.
const MAX_WINDOWS: usize = 100_000;

/// What a group of steps is there for. Times are starts, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    /// A page is opened.
    OpenPage { page: i64 },
    /// A window is opened, and standing orders are placed in it.
    OpenWindow { start: i64 },
    /// A window's gate has closed: it is cleared and allocated.
    EndAuction { start: i64 },
    /// What was read by then is settled.
    Settle { page: i64 },
    /// Corrections are over: a page becomes final.
    FinishPage { page: i64 },
}

/// A step, and what it computes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepAhead {
    pub step: Step,
    /// Compute units, with all orders that there is room for.
    pub units: u32,
}

/// Steps that are due at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// Unix seconds.
    pub due: i64,
    pub occasion: Occasion,
    /// Goes before each of the steps, wherever they are sent apart: without it, these would do nothing, and succeed.
    pub first: Option<StepAhead>,
    pub steps: Vec<StepAhead>,
}

/// What will be due after `from` and until `until`, unix seconds, by the terms that are known by now; in the sequence of time.
/// Times one after the other share nothing and leave nothing out.
///
/// Windows have groups of their own for their opening and for their end, so that neither can fail because of the other.
pub fn steps_ahead(state: &MarketState, from: i64, until: i64) -> Vec<Ahead> {
    let view = View { state, from, until };
    let mut ahead = view.windows();
    if state.meter_table.header.settlement == state.ledger.header.market {
        ahead.extend(view.pages());
    }
    ahead.sort_by_key(|group| (group.due, group.occasion));
    ahead
}

struct View<'a> {
    state: &'a MarketState,
    from: i64,
    until: i64,
}

impl View<'_> {
    fn holds(&self, time: i64) -> bool {
        time > self.from && time <= self.until
    }

    /// A step with what it computes at most.
    fn metered(&self, step: Step) -> StepAhead {
        StepAhead {
            step,
            units: compute::most(self.state, step),
        }
    }

    /// Openings and ends of windows.
    fn windows(&self) -> Vec<Ahead> {
        let market = &self.state.market;
        let length = i64::from(market.window_seconds);
        let horizon = market.terms.horizon.max(market.planned_terms.horizon);
        let last = self.until.saturating_add(horizon.into());
        let first = ring::start(self.from, length);
        let starts = first.into_iter().flat_map(|first| starts(first, length));
        let mut ahead = vec![];
        for start in starts.take_while(|start| *start <= last) {
            if self.page_of(start) >= market.ends_at {
                break;
            }
            let terms = market.terms_at(start);
            let opens = start.saturating_sub(terms.horizon.into());
            let gate = start.saturating_sub(terms.gate_lead.into());
            if self.holds(opens) && opens < gate {
                ahead.push(self.opening(start, opens));
            }
            if self.holds(gate) {
                ahead.push(self.end(start, gate));
            }
        }
        ahead
    }

    fn opening(&self, start: i64, due: i64) -> Ahead {
        let first = self.metered(Step::OpenWindow { start });
        Ahead {
            due,
            occasion: Occasion::OpenWindow { start },
            first: Some(first),
            steps: self.applications(start),
        }
    }

    /// All seats, with the page of the day before and, if the ring has it by then, of the week before.
    fn applications(&self, start: i64) -> Vec<StepAhead> {
        if self.state.standing_orders.is_none() {
            return vec![];
        }
        let market = &self.state.market;
        let day = start.saturating_sub(SECONDS_PER_DAY);
        let week = start.saturating_sub(DAYS_PER_WEEK * SECONDS_PER_DAY);
        // Pages are opened up to two lengths beyond the window.
        let kept = i64::from(market.pages).saturating_sub(3);
        let reach = market.page_length().0.saturating_mul(kept);
        let has_week = reach >= DAYS_PER_WEEK * SECONDS_PER_DAY;
        let mut times = vec![day];
        times.extend(has_week.then_some(week));
        let usable = times.into_iter().filter(|time| self.has_page_slot(*time));
        let ranges = self.seat_ranges();
        let steps = usable.flat_map(|earlier| {
            ranges.iter().map(move |seats| Step::ApplyStandingOrders {
                start,
                seats: *seats,
                earlier,
            })
        });
        steps.map(|step| self.metered(step)).collect()
    }

    /// Seats, first and how many, whose standing orders fit into one instruction, however many of them are placed.
    fn seat_ranges(&self) -> Vec<(u16, u16)> {
        let seats = &self.state.ledger.seats;
        let mut ranges: Vec<(u16, u16)> = vec![];
        let mut orders = 0;
        for (index, seat) in (0u16..).zip(seats) {
            let more = compute::most_standing_orders(seat);
            let fits = |count: u16| {
                let seats = u32::from(count) + 1;
                count < MAX_SETTLED && compute::applies_at_once(self.state, seats, orders + more)
            };
            match ranges.last_mut() {
                Some((_, count)) if fits(*count) => {
                    (*count, orders) = (*count + 1, orders + more);
                }
                _ => {
                    ranges.push((index, 1));
                    orders = more;
                }
            }
        }
        ranges
    }

    fn end(&self, start: i64, due: i64) -> Ahead {
        let market = &self.state.market;
        let rows = u32::from(market.orders) + u32::from(market.seats);
        let calls = rows.div_ceil(finishing::ALLOCATED_AT_ONCE.into()).max(1);
        let allocate = self.metered(Step::Allocate { start });
        Ahead {
            due,
            occasion: Occasion::EndAuction { start },
            first: Some(self.metered(Step::Clear { start })),
            steps: vec![allocate; calls as usize],
        }
    }

    /// Openings, settlements and ends of pages.
    fn pages(&self) -> Vec<Ahead> {
        let market = &self.state.market;
        let length = market.page_length().0;
        let table = &self.state.meter_table.header;
        // The first page that can matter, and the last one.
        let behind = i64::from(table.correction_seconds).saturating_add(length);
        let first = ring::start(self.from.saturating_sub(behind), length);
        let horizon = market.terms.horizon.max(market.planned_terms.horizon);
        let last = self
            .until
            .saturating_add(horizon.into())
            .saturating_add(length);
        let starts = first.into_iter().flat_map(|first| starts(first, length));
        let mut ahead = vec![];
        for page in starts.take_while(|page| *page <= last && *page < market.ends_at) {
            let opens = ring::page_opens(market, page);
            let is_to_open = page > market.last_page && !self.is_before_the_first(page);
            if is_to_open && self.holds(opens) {
                ahead.push(Ahead {
                    due: opens,
                    occasion: Occasion::OpenPage { page },
                    first: None,
                    steps: vec![self.metered(Step::OpenPage { start: page })],
                });
            }
            // Others are final, or were left out.
            if is_to_open || self.is_under_way(page) {
                ahead.extend(self.ends_of_page(page, table));
            }
        }
        ahead
    }

    fn ends_of_page(&self, page: i64, table: &MeterTable) -> Vec<Ahead> {
        let market = &self.state.market;
        let end = page.saturating_add(market.page_length().0);
        let after = |seconds: u32| end.saturating_add(seconds.into());
        let finish = after(table.correction_seconds);
        // Once what was silent until then is late, and once no reading comes any more.
        let mut times = vec![
            after(market.terms_at(page).metering_grace),
            after(table.reading_seconds),
        ];
        times.retain(|time| *time < finish && self.holds(*time));
        times.sort_unstable();
        times.dedup();
        let mut ahead: Vec<Ahead> = times
            .into_iter()
            .map(|due| self.settlement(page, due))
            .collect();
        if self.holds(finish) {
            ahead.push(self.finish(page, finish));
        }
        ahead
    }

    fn settlement(&self, page: i64, due: i64) -> Ahead {
        let market = &self.state.market;
        let rectangles = rectangles(market.page_windows, market.seats);
        let steps = rectangles.into_iter().map(|(windows, seats)| Step::Settle {
            page,
            windows,
            seats,
        });
        Ahead {
            due,
            occasion: Occasion::Settle { page },
            first: None,
            steps: self.and_claims(steps),
        }
    }

    fn finish(&self, page: i64, due: i64) -> Ahead {
        let (oracle, market) = finishing::most_calls(self.state);
        let steps = std::iter::repeat_n(Step::FinishIntervalPage { page }, oracle.into()).chain(
            std::iter::repeat_n(Step::FinishPage { page }, market.into()),
        );
        Ahead {
            due,
            occasion: Occasion::FinishPage { page },
            first: None,
            steps: self.and_claims(steps),
        }
    }

    fn and_claims(&self, steps: impl Iterator<Item = Step>) -> Vec<StepAhead> {
        let all = steps.chain([Step::PayClaims]);
        all.map(|step| self.metered(step)).collect()
    }

    /// Whether there was no page yet, and the first one will be a later one.
    fn is_before_the_first(&self, page: i64) -> bool {
        self.state.market.last_page == Page::NEVER && page < self.page_of(self.from)
    }

    /// Whether the page was opened and is not final.
    fn is_under_way(&self, page: i64) -> bool {
        let mut pages = self.state.pages.iter().map(|page| &page.header);
        pages.any(|header| header.start == page && !header.is_final())
    }

    fn has_page_slot(&self, time: i64) -> bool {
        let market = &self.state.market;
        let length = market.page_length().0;
        let slot =
            ring::start(time, length).and_then(|start| ring::slot(start, length, market.pages));
        let mut pages = self.state.interval_pages.iter();
        pages.any(|page| Some(page.header.slot) == slot)
    }

    fn page_of(&self, time: i64) -> i64 {
        ring::start(time, self.state.market.page_length().0).unwrap_or(time)
    }
}

/// Times one length after the other, as many as are ever looked at.
fn starts(first: i64, length: i64) -> impl Iterator<Item = i64> {
    let next = move |start: &i64| start.checked_add(length.max(1));
    std::iter::successors(Some(first), next).take(MAX_WINDOWS)
}

/// All positions of a page in as few rectangles as the market settles at once: first and how many, of windows and of seats.
fn rectangles(windows: u16, seats: u16) -> Vec<((u16, u16), (u16, u16))> {
    let wide = seats.clamp(1, MAX_SETTLED);
    let high = (MAX_SETTLED / wide).max(1);
    let parts = |all: u16, at_once: u16| {
        let firsts = (0..all).step_by(at_once.into());
        firsts.map(move |first| (first, at_once.min(all - first)))
    };
    let rows = parts(windows, high);
    rows.flat_map(|windows| parts(seats, wide).map(move |seats| (windows, seats)))
        .collect()
}

impl Ahead {
    /// All of it, in its sequence.
    pub fn all(&self) -> impl Iterator<Item = &StepAhead> {
        self.first.iter().chain(&self.steps)
    }
}
