use std::ops::Range;

use joulebook_client::market::errors::MarketError;

use super::{row, Model, Page, PageWindow, Position, Reasons, WindowStatus};

/// What a deviation costs, milli-atoms; below zero, what is received for it.
pub fn cost(deviation: i128, window: &PageWindow) -> i128 {
    let price = match deviation > 0 {
        true => window.short,
        false => window.long,
    };
    deviation * price
}

/// What is known of a seat's meters in a window.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow {
    /// Import less export of the meters that have a value, Wh.
    pub net: i128,
    pub is_missing: bool,
    /// Standard draw of the meters that have been silent for long, Wh.
    pub draw: i128,
}

/// What a position should have paid.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub pays: i128,
    pub confirms: bool,
}

impl Flow {
    /// Nobody earns by being silent at a price below zero.
    pub fn draw_cost(&self, window: &PageWindow) -> i128 {
        (self.draw * window.short).max(0)
    }
}

impl Model {
    /// What the meters of `seat` say of window number `window` of the page at `start`.
    pub fn flow(&self, start: i64, draw_after: u32, window: u16, seat: u16) -> Flow {
        let mut flow = Flow::default();
        for (number, meter) in self.numbers().into_iter().zip(&self.meters) {
            if meter.owner != seat || !meter.serves(start) {
                continue;
            }
            match self.value(start, number, window) {
                Some(energy) => flow.net += energy.import - energy.export,
                None => {
                    flow.is_missing = true;
                    if self.silent_run(start, number, window) > draw_after {
                        flow.draw += i128::from(meter.standard_draw);
                    }
                }
            }
        }
        flow
    }

    /// Windows in a row, up to this one, without a value of the meter; those of final pages as its seat remembers them.
    fn silent_run(&self, start: i64, meter: u32, window: u16) -> u32 {
        let seat = self.seats.get(&self.meters[row(meter)].owner);
        let before = seat.map_or(0, |seat| seat.silent.len());
        let mut run = before as u32;
        for earlier in 0..=window {
            run = match self.value(start, meter, earlier) {
                Some(_) => 0,
                None => run + 1,
            };
        }
        run
    }

    /// Brings positions in line with what is known of their meters.
    pub fn settle(
        &mut self,
        slot: i64,
        interval_slot: i64,
        windows: Range<u16>,
        seats: Range<u16>,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_same_time(&mut reasons, slot, interval_slot);
        reasons.found()?;
        let Some(mut page) = self.pages.get(&slot).cloned() else {
            return Ok(());
        };
        for window in windows.start..windows.end.min(self.windows_of_page()) {
            let end = page.start + self.length() * (i64::from(window) + 1);
            let is_open = page.windows[usize::from(window)].status == WindowStatus::Open;
            if self.now < end || is_open {
                continue;
            }
            let is_late = self.now >= end + page.grace;
            let first = seats.start.max(page.final_seats);
            for seat in first..seats.end.min(self.sizes.seats) {
                self.settle_position(&mut page, window, seat, is_late);
            }
        }
        self.pages.insert(slot, page);
        Ok(())
    }

    /// The market's page and the oracle's must be of the same time.
    pub(super) fn require_same_time(&self, reasons: &mut Reasons, slot: i64, interval_slot: i64) {
        let start = self.pages.get(&slot).map(|page| page.start);
        let intervals = self.interval_pages.get(&interval_slot);
        let same = start == intervals.map(|page| page.start);
        reasons.when(!same, MarketError::WrongPage);
    }

    fn settle_position(&mut self, page: &mut Page, number: u16, seat: u16, is_late: bool) {
        let flow = self.flow(page.start, page.draw_after, number, seat);
        let window = &page.windows[usize::from(number)];
        let position = page.positions.entry((number, seat)).or_default();
        let has_moved = flow.is_missing || flow.net != 0 || position.paid != 0;
        if !position.is_contract() && !has_moved {
            return;
        }
        let due = match flow.is_missing {
            // What was confirmed once stays so.
            true if position.confirmed => return,
            // Contracts count as kept.
            true if !is_late => return,
            // What the others have drawn beyond what was bought is due.
            true => Due {
                pays: flow.draw_cost(window)
                    + cost((flow.net - position.bought).max(0), window).max(0),
                confirms: false,
            },
            false => Due {
                pays: cost(flow.net - position.bought + position.sold, window),
                confirms: true,
            },
        };
        self.bring_in_line(page.turn, position, seat, due);
    }

    /// Lets a position have paid what is due; what it earns and has locked is free once it is confirmed.
    pub(super) fn bring_in_line(
        &mut self,
        turn: usize,
        position: &mut Position,
        seat: u16,
        due: Due,
    ) {
        // The supplier would pay its deviations to itself.
        let more = match seat == self.turns[turn].seat {
            true => 0,
            false => due.pays - position.paid,
        };
        let confirms = due.confirms && !position.confirmed;
        if more == 0 && !confirms {
            return;
        }
        position.paid += more;
        let mut released = 0;
        if confirms {
            position.confirmed = true;
            released = std::mem::take(&mut position.earns) + std::mem::take(&mut position.locked);
        }
        self.exchange(turn, seat, released, more);
    }

    /// Gives a seat what was locked, and lets it pay the turn's supplier, or be paid. What one owes the other is set off first;
    /// the rest is paid as far as money goes.
    pub(super) fn exchange(&mut self, turn: usize, number: u16, released: i128, pays: i128) {
        let supplier = self.turns[turn].seat;
        // Nobody passes who has a claim already.
        let supplier_free = match self.claims_on(turn) {
            0 => self.seats.entry(supplier).or_default().free,
            _ => 0,
        };
        let seat = self.seats.entry(number).or_default();
        seat.free += released;
        if number == supplier {
            return;
        }
        let (debt, mut claim) = (seat.debt_to(turn), seat.claim_on(turn));
        let receives = (-pays).max(0);
        let offset = receives.min(debt);
        let received = (receives - offset).min(supplier_free);
        claim += receives - offset - received;
        let owed = debt - offset + pays.max(0);
        let offset = owed.min(claim);
        claim -= offset;
        let paid = (owed - offset).min(seat.free + received);
        seat.free += received - paid;
        let debt = owed - offset - paid;
        seat.balances.insert(turn, debt - claim);
        self.seats.entry(supplier).or_default().free += paid - received;
    }
}
