use std::collections::BTreeMap;

use joulebook_client::{market::errors::MarketError, oracle::errors::OracleError};

use super::{IntervalPage, Model, Reasons};

/// What consecutive windows leave behind.
#[derive(Clone, Debug)]
pub struct Page {
    pub start: i64,
    /// Start of the page opened before it.
    pub previous: Option<i64>,
    /// Of the supplier of all its windows.
    pub turn: usize,
    /// As the terms were when it opened.
    pub grace: i64,
    pub draw_after: u32,
    pub windows: Vec<PageWindow>,
    /// By window and seat; those that are not there have nothing.
    pub positions: BTreeMap<(u16, u16), Position>,
    /// Seats before this one are final.
    pub final_seats: u16,
}

#[derive(Clone, Debug)]
pub struct PageWindow {
    pub status: WindowStatus,
    /// Atoms per kWh.
    pub short: i128,
    pub long: i128,
    pub grid_fee: i128,
    pub volume: i128,
    pub price: i128,
    pub low: u16,
    pub high: u16,
    pub orders: usize,
    pub market_fees: i128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowStatus {
    Unopened,
    Open,
    Allocated,
}

/// What a seat has in a window: Wh, and milli-atoms.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub bought: i128,
    pub sold: i128,
    /// Waits until the seat's meters confirm the contracts.
    pub earns: i128,
    pub locked: i128,
    /// For deviations, so far; below zero, received.
    pub paid: i128,
    pub confirmed: bool,
}

impl Position {
    pub fn is_contract(&self) -> bool {
        self.bought + self.sold > 0
    }
}

impl Page {
    /// Positions of windows that are allocated.
    pub fn contracts(&self) -> impl Iterator<Item = &Position> {
        let is_allocated =
            |window: u16| self.windows[usize::from(window)].status == WindowStatus::Allocated;
        let all = self.positions.iter();
        all.filter(move |((window, _), _)| is_allocated(*window))
            .map(|(_, position)| position)
    }
}

impl Model {
    pub fn is_final(&self, page: &Page) -> bool {
        page.final_seats == self.sizes.seats
    }

    /// Opens the next page, of the market and of the oracle, in the accounts of these slots.
    pub fn open_page(&mut self, slot: i64, interval_slot: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let start = self.next_page();
        let held = self.pages.get(&slot);
        let is_busy = held.is_some_and(|page| !self.is_final(page));
        let next = self
            .last_page
            .map(|last| self.page_slot(last + self.span()));
        // Somebody else was faster.
        if is_busy && next != Some(slot) {
            return Ok(());
        }
        reasons.when(is_busy, MarketError::SlotBusy);
        let due = self.page_slot(start);
        reasons.when(due != interval_slot, OracleError::WrongSlot);
        reasons.when(due != slot, MarketError::WrongSlot);
        let held = self.interval_pages.get(&interval_slot);
        let is_busy = held.is_some_and(|page| !self.is_finished(page));
        reasons.when(is_busy, OracleError::SlotBusy);
        let horizon = self.rules_at(start).terms.horizon;
        let opens = start - i64::from(horizon) - self.span();
        reasons.when(self.now < opens, MarketError::TooEarlyToOpen);
        let is_late = self.ends_at.is_some_and(|end| start >= end);
        reasons.when(is_late, MarketError::MarketEnded);
        // Where pages are left out, all before them are final first.
        let leaves_out = self
            .last_page
            .is_some_and(|last| last + self.span() != start);
        let is_final = self.last_page == self.last_final;
        reasons.when(leaves_out && !is_final, MarketError::EarlierUnfinished);
        reasons.found()?;

        let page = self.new_page(start);
        self.turns[page.turn].last_page = Some(start);
        self.pages.insert(slot, page);
        self.last_page = Some(start);
        let intervals = IntervalPage::new(start, self.last_opened);
        self.interval_pages.insert(slot, intervals);
        self.last_opened = Some(start);
        self.settled_from = self.settled_from.or(Some(start));
        Ok(())
    }

    fn new_page(&self, start: i64) -> Page {
        let starts = (0..i64::from(self.windows_of_page())).map(|n| start + n * self.length());
        let window = |start: i64| {
            let rules = self.rules_at(start);
            let tariff = rules.tariff_at(start);
            PageWindow {
                status: WindowStatus::Unopened,
                short: tariff.short.into(),
                long: tariff.long.into(),
                grid_fee: rules.terms.grid_fee.into(),
                volume: 0,
                price: 0,
                low: 0,
                high: 0,
                orders: 0,
                market_fees: 0,
            }
        };
        let terms = self.rules_at(start).terms;
        Page {
            start,
            previous: self.last_page,
            turn: self.turn_at(start),
            grace: terms.metering_grace.into(),
            draw_after: terms.draw_after.into(),
            windows: starts.map(window).collect(),
            positions: BTreeMap::new(),
            final_seats: 0,
        }
    }

    /// The window that starts at `start`, if its page is there.
    pub fn window_mut(&mut self, start: i64) -> Option<&mut PageWindow> {
        let (page_start, number) = (self.page_start(start), self.window_number(start));
        let page = self.pages.get_mut(&self.page_slot(start))?;
        let window = page.windows.get_mut(usize::from(number))?;
        (page.start == page_start).then_some(window)
    }

    pub(super) fn set_position(&mut self, start: i64, seat: u16, position: Position) {
        let (slot, number) = (self.page_slot(start), self.window_number(start));
        if let Some(page) = self.pages.get_mut(&slot) {
            page.positions.insert((number, seat), position);
        }
    }
}
