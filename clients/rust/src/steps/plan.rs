use std::{
    collections::{BTreeMap, BTreeSet},
    iter::repeat_n,
};

use joulebook_layout::{
    market::{Book, Page, Phase, Seat, Standing, Supplier, Transition, WindowStatus},
    oracle::IntervalPage,
    registry::Pause,
};

use super::{
    finishing::{allocations_of, calls_of, interval_calls_of},
    rectangle::{cover, Rectangle},
    settling::unsettled,
    standing::{unapplied, Application, Rows},
    MarketState, Step,
};
use crate::{
    ring,
    tables::{BookHead, PageTable},
};

/// The steps that are due at `now`, unix seconds by the chain's clock, in the sequence in which to send them; empty if nothing is. They can be
/// sent in one go: none of them waits for more than those before it. Some have a sequel that only a second call finds,
/// once all are done: a window that was allocated late is settled then.
///
/// A step that fails says nothing about those of other windows: a keeper goes on with these.
pub fn next_steps(state: &MarketState, now: i64) -> Vec<Step> {
    let mut plan = Plan::new(state, now);
    plan.end_auctions();
    if settles_meters(state) {
        let finishing = plan.finish_pages();
        plan.settle();
        plan.steps.extend(finishing);
        plan.open_pages();
    }
    plan.pay_claims();
    plan.open_windows();
    plan.apply_standing_orders();
    plan.steps
}

/// Whether it is this market that the meter table names: no other one has anything to do with its pages.
fn settles_meters(state: &MarketState) -> bool {
    state.meter_table.header.settlement == state.ledger.header.market
}

/// The rings as the steps planned so far leave them.
struct Plan<'a> {
    state: &'a MarketState,
    now: i64,
    /// By slot: whether the book is free for another window.
    books: BTreeMap<u16, bool>,
    pages: BTreeMap<u16, Slot>,
    interval_pages: BTreeMap<u16, Slot>,
    /// Start of the page opened last.
    last_page: i64,
    /// Start of the page that became final last.
    last_final: i64,
    /// Starts of windows that get their contracts.
    allocated: Vec<i64>,
    steps: Vec<Step>,
}

/// A page, in the market's ring or in the oracle's.
#[derive(Clone, Copy)]
struct Slot {
    start: i64,
    /// Final, or finished: the slot is free for another page.
    is_done: bool,
}

impl<'a> Plan<'a> {
    fn new(state: &'a MarketState, now: i64) -> Plan<'a> {
        let book =
            |BookHead { header, .. }: &BookHead| (header.slot, is_due(header, Transition::Open));
        let pages = state.pages.iter().map(|PageTable { header, .. }| {
            let slot = Slot {
                start: header.start,
                is_done: header.is_final(),
            };
            (header.slot, slot)
        });
        let interval_pages = state.interval_pages.iter().map(|page| {
            let slot = Slot {
                start: page.header.start,
                is_done: page.header.is_finished(),
            };
            (page.header.slot, slot)
        });
        Plan {
            state,
            now,
            books: state.books.iter().map(book).collect(),
            pages: pages.collect(),
            interval_pages: interval_pages.collect(),
            last_page: state.market.last_page,
            last_final: state.ledger.header.last_final,
            allocated: vec![],
            steps: vec![],
        }
    }

    /// Clears and allocates the windows whose gate has closed.
    fn end_auctions(&mut self) {
        let mut books: Vec<&Book> = self.state.books.iter().map(|book| &book.header).collect();
        books.sort_by_key(|book| book.start);
        for book in books {
            let start = book.start;
            let clears = is_due(book, Transition::Clear) && self.now >= book.gate;
            if clears {
                self.steps.push(Step::Clear { start });
            }
            if clears || is_due(book, Transition::Allocate) {
                let calls = allocations_of(book) as usize;
                self.steps.extend(repeat_n(Step::Allocate { start }, calls));
                self.allocated.push(start);
                self.books.insert(book.slot, true);
            }
        }
    }

    /// The steps that finish pages whose corrections are over, the oracle's first.
    fn finish_pages(&mut self) -> Vec<Step> {
        let mut steps = vec![];
        let table = &self.state.meter_table.header;
        let mut last = table.last_finished;
        for page in self.unfinished_interval_pages() {
            if page.previous != last || self.now < page.corrections_until {
                break;
            }
            let step = Step::FinishIntervalPage { page: page.start };
            steps.extend(repeat_n(step, interval_calls_of(page, table).into()));
            last = page.start;
            finish(&mut self.interval_pages, page.slot);
        }
        for page in self.unfinished_pages() {
            let PageTable { header, .. } = page;
            if header.previous != self.last_final || !self.can_be_final(page) {
                break;
            }
            let step = Step::FinishPage { page: header.start };
            let calls = calls_of(header, &self.state.meter_table);
            steps.extend(repeat_n(step, calls.into()));
            self.last_final = header.start;
            finish(&mut self.pages, header.slot);
        }
        steps
    }

    fn unfinished_interval_pages(&self) -> Vec<&'a IntervalPage> {
        let pages = self.state.interval_pages.iter().map(|page| &page.header);
        let mut pages: Vec<&IntervalPage> = pages.filter(|page| !page.is_finished()).collect();
        pages.sort_by_key(|page| page.start);
        pages
    }

    /// The market's pages that are not final.
    fn unfinished_pages(&self) -> Vec<&'a PageTable> {
        let pages = self.state.pages.iter();
        let mut pages: Vec<&PageTable> = pages.filter(|page| !page.header.is_final()).collect();
        pages.sort_by_key(|page| page.header.start);
        pages
    }

    /// Whether the oracle has finished its page, and all windows have their contracts.
    fn can_be_final(&self, page: &PageTable) -> bool {
        let Page { start, slot, .. } = page.header;
        let readings = self.interval_pages.get(&slot);
        let is_read = readings.is_some_and(|readings| readings.start == start && readings.is_done);
        let mut windows = (0u16..).zip(&page.windows);
        let is_allocated = windows.all(|(number, window)| {
            !window.is(WindowStatus::Open) || self.allocated.contains(&start_of(page, number))
        });
        is_read && is_allocated
    }

    /// Settles what has changed in pages that are not finished now: finishing settles, too.
    fn settle(&mut self) {
        for page in self.unfinished_pages() {
            let Page { start, slot, .. } = page.header;
            if self.pages.get(&slot).is_some_and(|slot| slot.is_done) {
                continue;
            }
            let mut readings = self.state.interval_pages.iter();
            let readings = readings.find(|readings| {
                let header = &readings.header;
                (header.slot, header.start) == (slot, start)
            });
            let Some(readings) = readings else { continue };
            let positions = unsettled(self.state, page, readings, self.now);
            for Rectangle { windows, seats } in cover(&positions) {
                let counted = |(first, last): (u16, u16)| (first, last - first + 1);
                self.steps.push(Step::Settle {
                    page: start,
                    windows: counted(windows),
                    seats: counted(seats),
                });
            }
        }
    }

    /// A supplier has money for claims, or gets some from what is settled before; or a debtor has some.
    fn pay_claims(&mut self) {
        let ledger = &self.state.ledger;
        let has_money = |supplier: &Supplier| {
            let seat = ledger.seats.get(usize::from(supplier.seat));
            supplier.claims > 0 && seat.is_some_and(|seat| seat.free > 0)
        };
        let can_pay = ledger.header.suppliers.iter().any(has_money);
        let gets_money =
            |step: &Step| matches!(step, Step::Settle { .. } | Step::FinishPage { .. });
        let may_pay = ledger.header.claims() > 0 && self.steps.iter().any(gets_money);
        if can_pay || may_pay || ledger.seats.iter().any(Seat::can_pay_debt) {
            self.steps.push(Step::PayClaims);
        }
    }

    /// Opens pages ahead, one after the other, as long as their slots are free.
    fn open_pages(&mut self) {
        let mut table = self.state.meter_table.header;
        while let Some(start) = ring::next_page_start(&table, self.now) {
            if !self.open_page(start) {
                break;
            }
            table.last_opened = start;
        }
    }

    /// Whether it can be opened now.
    fn open_page(&mut self, start: i64) -> bool {
        let market = &self.state.market;
        if start >= market.ends_at || self.now < ring::page_opens(market, start) {
            return false;
        }
        // Behind pages that are left out, all before them are final.
        let follows = self.last_page.saturating_add(market.page_length().0) == start;
        let is_behind_all = self.last_page == Page::NEVER || self.last_page == self.last_final;
        if !follows && !is_behind_all {
            return false;
        }
        let number = ring::slot(start, market.page_length().0, market.pages);
        let slots = number.and_then(|number| {
            let page = self.pages.get_mut(&number)?;
            Some((page, self.interval_pages.get_mut(&number)?))
        });
        let free = slots.filter(|(page, interval_page)| page.is_done && interval_page.is_done);
        let Some((page, interval_page)) = free else {
            return false;
        };
        let opened = Slot {
            start,
            is_done: false,
        };
        (*page, *interval_page) = (opened, opened);
        self.last_page = start;
        self.steps.push(Step::OpenPage { start });
        true
    }

    /// Opens the windows that orders can still come for, in pages that are there by then.
    fn open_windows(&mut self) {
        let mut pages: Vec<(u16, i64)> = self
            .pages
            .iter()
            .filter(|(_, slot)| !slot.is_done)
            .map(|(number, slot)| (*number, slot.start))
            .collect();
        pages.sort_by_key(|(_, start)| *start);
        for (slot, page) in pages {
            self.open_windows_of(slot, page);
        }
    }

    fn open_windows_of(&mut self, slot: u16, page: i64) {
        let market = &self.state.market;
        let mut present = self.state.pages.iter();
        let present = present.find(|page| page.header.slot == slot);
        // None of one that is opened just now.
        let windows = present
            .filter(|present| present.header.start == page)
            .map_or(&[][..], |present| &present.windows);
        let mut start = page;
        for number in 0..market.page_windows {
            let window = windows.get(usize::from(number));
            if window.is_none_or(|window| window.is(WindowStatus::Unopened)) {
                self.open_window(start);
            }
            start = start.saturating_add(market.window_seconds.into());
        }
    }

    fn open_window(&mut self, start: i64) {
        let market = &self.state.market;
        let terms = market.terms_at(start);
        let opens = start.saturating_sub(terms.horizon.into());
        let gate = start.saturating_sub(terms.gate_lead.into());
        if !(opens..gate).contains(&self.now) {
            return;
        }
        let slot = ring::slot(start, market.window_seconds.into(), market.books);
        let book = slot.and_then(|slot| self.books.get_mut(&slot));
        if let Some(is_free) = book.filter(|is_free| **is_free) {
            *is_free = false;
            self.steps.push(Step::OpenWindow { start });
        }
    }

    /// Of the windows that are open, and of those that are opened now, one after the other.
    fn apply_standing_orders(&mut self) {
        if self.state.community.is_paused(Pause::TRADING) {
            return;
        }
        let is_open = |book: &&Book| book.phase == Phase::Open as u8 && self.now < book.gate;
        let books = self.state.books.iter().map(|book| &book.header);
        let books = books.filter(is_open);
        let opened = self.steps.iter().filter_map(|step| match *step {
            Step::OpenWindow { start } => Some(start),
            _ => None,
        });
        let starts: BTreeSet<i64> = books.map(|book| book.start).chain(opened).collect();
        let mut rows = Rows::of(self.state);
        for start in starts {
            for Application { earlier, seats } in unapplied(self.state, &mut rows, start, self.now)
            {
                self.steps.push(Step::ApplyStandingOrders {
                    start,
                    seats: (seats.start, seats.end - seats.start),
                    earlier,
                });
            }
        }
    }
}

fn is_due(book: &Book, transition: Transition) -> bool {
    book.standing(transition) == Standing::Due
}

fn finish(slots: &mut BTreeMap<u16, Slot>, slot: u16) {
    if let Some(slot) = slots.get_mut(&slot) {
        slot.is_done = true;
    }
}

/// The start of a page's window, unix seconds.
fn start_of(page: &PageTable, number: u16) -> i64 {
    let length = i64::from(page.header.window_seconds);
    page.header.end_of(number).saturating_sub(length)
}
