//! How pages become final, and what a seat remembers of windows in which its meters were missing for good.

use joulebook_client::market::errors::MarketError;

use super::{
    settlement::{cost, Due},
    Model, Page, PageWindow, Reasons, WindowStatus,
};

/// A window that became final with a meter missing.
#[derive(Clone, Debug, PartialEq)]
pub struct SilentWindow {
    /// Of its supplier.
    pub turn: usize,
    pub end: i64,
    pub short: i128,
    pub long: i128,
    /// Paid back once the meters are heard at a boundary from its end on, milli-atoms.
    pub owed: i128,
}

/// A window that is over.
#[derive(Clone, Debug)]
pub struct Record {
    pub start: i64,
    pub window: PageWindow,
}

/// What the meters of a seat leave over in a page, and until when all of them were heard.
#[derive(Clone, Copy, Debug, Default)]
struct LeftOver {
    charged: i128,
    credited: i128,
    /// Of meters until their counting began, too late: they never earn by it.
    most_charged: i128,
    most_credited: i128,
    /// `None` if one was not heard, or there is none.
    heard: Option<i64>,
    /// Whether there is a meter in service.
    has_meter: bool,
    /// Whether there is a meter whose counting did not begin with this page.
    goes_on: bool,
    /// Whether the service of a meter goes on behind the page.
    stays: bool,
    /// Whether one ends with it that was not heard until then.
    is_lost: bool,
}

impl LeftOver {
    /// The boundary up to which nothing is missing of all registers.
    fn heard_until(&self) -> i64 {
        match self.has_meter {
            true => self.heard.unwrap_or(i64::MIN),
            false => i64::MAX,
        }
    }
}

impl Model {
    pub fn finish_page(
        &mut self,
        slot: i64,
        interval_slot: i64,
        limit: u16,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(limit == 0, MarketError::ZeroLimit);
        self.require_same_time(&mut reasons, slot, interval_slot);
        reasons.found()?;
        let held = self.pages.get(&slot).filter(|page| !self.is_final(page));
        let Some(mut page) = held.cloned() else {
            return Ok(());
        };
        let intervals = self.interval_pages.get(&interval_slot);
        let is_finished = intervals.is_some_and(|page| self.is_finished(page));
        let mut reasons = Reasons::default();
        reasons.when(!is_finished, MarketError::ReadingsUnfinished);
        let is_next = page.previous == self.last_final;
        reasons.when(!is_next, MarketError::EarlierUnfinished);
        let mut windows = page.windows.iter();
        let has_orders = windows.any(|window| window.status == WindowStatus::Open);
        reasons.when(has_orders, MarketError::WindowUnallocated);
        reasons.found()?;

        let first = page.final_seats;
        let end = first.saturating_add(limit).min(self.sizes.seats);
        let mut silent = vec![vec![]; usize::from(end - first)];
        for window in 0..self.windows_of_page() {
            for (seat, silent) in (first..end).zip(&mut silent) {
                let heard = self.left_over(page.start, seat).heard_until();
                silent.extend(self.finish_position(&mut page, window, seat, heard));
            }
        }
        for (seat, silent) in (first..end).zip(silent) {
            self.charge_unseen(&page, seat, silent);
        }
        page.final_seats = end;
        if self.is_final(&page) {
            self.last_final = Some(page.start);
            self.final_turn = page.turn;
            self.turns[page.turn].final_at = Some(self.now);
            self.record(&page);
        }
        self.pages.insert(slot, page);
        Ok(())
    }

    /// What is missing counts as if nothing had flowed.
    fn finish_position(
        &mut self,
        page: &mut Page,
        number: u16,
        seat: u16,
        heard: i64,
    ) -> Option<SilentWindow> {
        let flow = self.flow(page.start, page.draw_after, number, seat);
        let end = page.start + self.length() * (i64::from(number) + 1);
        let window = &page.windows[usize::from(number)];
        let position = page.positions.entry((number, seat)).or_default();
        let cost = cost(flow.net - position.bought + position.sold, window);
        // What it costs is paid at once, what it would earn waits.
        let (pays, owed) = match flow.is_missing {
            true => {
                let draw = flow.draw_cost(window);
                (cost.max(0) + draw, draw - cost.min(0))
            }
            false => (cost, 0),
        };
        let due = Due {
            pays,
            confirms: true,
        };
        self.bring_in_line(page.turn, position, seat, due);
        let is_own = seat == self.turns[page.turn].seat;
        // A verifier's value behind the last registers is no reading of them.
        let is_silent = flow.is_missing || end > heard;
        is_silent.then_some(SilentWindow {
            turn: page.turn,
            end,
            short: window.short,
            long: window.long,
            // A supplier that pays itself has nothing kept back.
            owed: if is_own { 0 } else { owed },
        })
    }

    /// Charges what came to light at the worst prices, and pays back what waited for the meters.
    fn charge_unseen(&mut self, page: &Page, number: u16, silent: Vec<SilentWindow>) {
        let left = self.left_over(page.start, number);
        // Energy of pages that nobody opened has the worst prices of the page behind them at least; so has what comes to
        // light where a value was taken back.
        let follows = |previous: i64| previous == page.start - self.span();
        let is_behind_gap = page.previous.is_some_and(|previous| !follows(previous));
        let is_of_another = is_behind_gap && self.final_turn != page.turn;
        let seat = self.seats.entry(number).or_default();
        // No register will ever tell of it.
        if !left.goes_on {
            seat.silent.clear();
        }
        // No supplier pays for the windows of another.
        for window in &mut seat.silent {
            if window.turn != page.turn {
                window.owed = 0;
                window.long = window.long.min(0);
            }
        }
        seat.silent.extend(silent);
        let of_page = page.windows.iter().map(|window| match is_of_another {
            true => (window.short, window.long.min(0)),
            false => (window.short, window.long),
        });
        let of_page: Vec<(i128, i128)> = of_page.collect();
        let silent = seat.silent.iter().map(|window| (window.short, window.long));
        let mut prices: Vec<(i128, i128)> = silent.collect();
        if prices.is_empty() || is_behind_gap {
            prices.extend(of_page);
        }
        let dearest = prices.iter().map(|(short, _)| *short).max().unwrap_or(0);
        let lowest = prices.iter().map(|(_, long)| *long).min().unwrap_or(0);
        let mut pays = left.charged * dearest - left.credited * lowest;
        pays += left.most_charged * dearest.max(0) - left.most_credited * lowest.min(0);
        if let Some(heard) = left.heard {
            let (over, rest) = std::mem::take(&mut seat.silent)
                .into_iter()
                .partition(|window| window.end <= heard);
            let over: Vec<SilentWindow> = over;
            pays -= over.iter().map(|window| window.owed).sum::<i128>();
            seat.silent = rest;
        }
        // What nobody will ever tell of is never paid back.
        if !left.stays {
            seat.silent.clear();
        }
        if left.is_lost {
            for window in &mut seat.silent {
                window.owed = 0;
            }
        }
        if pays != 0 {
            self.exchange(page.turn, number, 0, pays);
        }
    }

    fn left_over(&self, start: i64, seat: u16) -> LeftOver {
        let mut left = LeftOver::default();
        let mut until = vec![];
        for (number, meter) in self.numbers().into_iter().zip(&self.meters) {
            if meter.owner != seat || !meter.serves(start) {
                continue;
            }
            let page = self.meter_page(start, number);
            let (charged, credited) = page.and_then(|page| page.finished).unwrap_or_default();
            let begins = page.is_some_and(|page| page.begins);
            left.goes_on |= !begins || meter.counted_from < Some(start);
            let end = start + self.span();
            let last = page.and_then(|page| page.known.keys().last().copied());
            let ends = meter.service_until.is_some_and(|until| until <= end);
            left.stays |= !ends;
            left.is_lost |= ends && last != Some(end);
            left.has_meter = true;
            left.charged += charged;
            left.credited += credited;
            if page.is_some_and(|page| page.begins_late) {
                left.most_charged += meter.late.import;
                left.most_credited += meter.late.export;
            }
            until.push(last);
        }
        // Of all of them.
        let heard: Option<Vec<i64>> = until.into_iter().collect();
        left.heard = heard.and_then(|until| until.into_iter().min());
        left
    }

    /// The page's windows into the history.
    fn record(&mut self, page: &Page) {
        let length = self.length();
        for (number, window) in (0..).zip(page.windows.clone()) {
            let start = page.start + number * length;
            self.traded += window.volume;
            self.recorded += 1;
            let place = start / length % i64::from(self.sizes.history);
            self.history.insert(place, Record { start, window });
        }
    }
}
