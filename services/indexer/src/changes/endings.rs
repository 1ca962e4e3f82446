//! How pages ended for seats. No account and no event tells what was charged for energy that came to light after silence: it is
//! worked out with the arithmetic of the program, from the silence of the pages before, and held against the seat's row.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::Page,
    tables::{IntervalPageTable, PageTable},
};
use joulebook_settlement::{
    ending::{follows_gap, worst_prices},
    position::{self, cost},
    Contract, Ended, Ending, LeftOver, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, NetWh, Price, WhSum};

use super::{
    flows::{flows, in_service, Flow},
    Changes, Known,
};
use crate::{rows::EndingRow, view::View};

/// What a seat's row says of its silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    pub silence: Silence,
    /// Place of the supplier of the latest page that is final for the seat.
    pub place: u8,
}

impl Remembered {
    /// As it was behind a page; none if that is not known.
    pub fn of(row: &EndingRow) -> Option<Remembered> {
        let price = |atoms: i64| i32::try_from(atoms).ok().map(Price);
        Some(Remembered {
            silence: Silence {
                windows: u32::try_from(row.silent_windows?).ok()?,
                dearest: price(row.dearest?)?,
                lowest: price(row.lowest?)?,
                owed: NetMilliAtoms(row.owed?),
            },
            place: u8::try_from(row.place).ok()?,
        })
    }
}

/// Adds how a page ended for the seats that it is final for. Pages come one after the other, the earliest first.
pub(super) fn changes(
    known: &Known,
    now: &View,
    page: &PageTable,
    intervals: &IntervalPageTable,
    changes: &mut Changes,
) {
    let header = &page.header;
    if header.final_seats == 0 {
        return;
    }
    let flows = flows(&now.state.meter_table, intervals);
    let mut left_over = left_over(now, header, intervals);
    let told_from = told_from(now, header);
    let behind_previous = changes.endings.iter();
    let behind_previous: BTreeMap<i64, Option<Remembered>> = behind_previous
        .filter(|row| row.page == header.previous)
        .map(|row| (row.seat, Remembered::of(row)))
        .collect();
    let seats = (0..header.final_seats).zip(&now.state.ledger.seats);
    for (seat, row) in seats.take(now.state.community.next_index.into()) {
        let key = (header.previous, i64::from(seat));
        let before = match header.previous {
            Page::NEVER => Some(Remembered::default()),
            _ => {
                let found = behind_previous.get(&key.1);
                found.or_else(|| known.endings.get(&key)).copied().flatten()
            }
        };
        let seen = Seen {
            page,
            seat,
            left: left_over.remove(&seat).unwrap_or_default(),
            flows: &flows,
        };
        let is_told = told_from.is_some_and(|from| seat >= from);
        let told = is_told.then(|| Silence::from(row));
        changes.endings.push(seen.row(before, told));
    }
}

/// What the meters of each seat leave over.
fn left_over(now: &View, header: &Page, intervals: &IntervalPageTable) -> BTreeMap<u16, LeftOver> {
    let mut all = BTreeMap::<u16, LeftOver>::new();
    for (row, meter) in in_service(&now.state.meter_table, intervals) {
        if let Some(registers) = intervals.registers.get(usize::from(row)) {
            all.entry(meter.participant)
                .or_default()
                .add(meter, registers, header);
        }
    }
    all
}

/// The first seat whose row says how this page has ended: the ledger knows that it is final, and no later page is for the seat.
fn told_from(now: &View, header: &Page) -> Option<u16> {
    let pages = now.pages().into_iter().map(|page| &page.header);
    let later = pages.filter(|page| page.start > header.start);
    let from = later.map(|page| page.final_seats).max().unwrap_or(0);
    let is_known = header.is_final() && now.state.ledger.header.last_final == header.start;
    is_known.then_some(from)
}

/// A page that is final for a seat.
struct Seen<'a> {
    page: &'a PageTable,
    seat: u16,
    left: LeftOver,
    flows: &'a BTreeMap<(u16, u16), Flow>,
}

impl Seen<'_> {
    /// `before` is the silence behind the page before, `told` what the seat's row says of this one; none where that is not known.
    fn row(&self, before: Option<Remembered>, told: Option<Silence>) -> EndingRow {
        let header = &self.page.header;
        let (paid_back, ended) = self.end(before.unwrap_or_default());
        // Behind registers that were heard, nothing of before is left.
        let is_followed =
            before.is_some() || self.left.forgets() || self.left.heard_windows().is_some();
        let silence = told.or(is_followed.then_some(ended.silence));
        // Where the seat's row says otherwise, something was not seen as it was.
        let agrees = !is_followed || silence == Some(ended.silence);
        let is_sure = agrees && (before.is_some() || self.needs_no_past());
        let last = header.windows.saturating_sub(1);
        let start = header
            .end_of(last)
            .saturating_sub(header.window_seconds.into());
        let energy = |energy: WhSum| i64::try_from(energy.0).unwrap_or(i64::MAX);
        EndingRow {
            page: header.start,
            seat: self.seat.into(),
            start,
            import: energy(self.left.charged),
            export: energy(self.left.credited),
            most_import: energy(self.left.most_charged),
            most_export: energy(self.left.most_credited),
            paid_back: is_sure.then_some(paid_back.0),
            amount: is_sure.then_some(ended.pays.0),
            silent_windows: silence.map(|silence| silence.windows.into()),
            dearest: silence.map(|silence| silence.dearest.0.into()),
            lowest: silence.map(|silence| silence.lowest.0.into()),
            owed: silence.map(|silence| silence.owed.0),
            place: header.supplier_place.into(),
        }
    }

    /// Whether what is charged does not follow from pages before: no silence goes on, or nothing came to light and none ended.
    fn needs_no_past(&self) -> bool {
        let left = &self.left;
        let sums = [
            left.charged,
            left.credited,
            left.most_charged,
            left.most_credited,
        ];
        let is_quiet = left.heard_windows().is_none() && sums == [WhSum(0); 4];
        !follows_gap(&self.page.header) && (left.forgets() || is_quiet)
    }

    /// What is paid back, and what it comes to, as in the program's `finish_page`.
    fn end(&self, before: Remembered) -> (NetMilliAtoms, Ended) {
        let header = &self.page.header;
        let worst = worst_prices(&self.page.windows);
        let is_of_another = before.place != header.supplier_place;
        let mut ending = Ending::new(self.left, before.silence, is_of_another);
        if follows_gap(header) {
            ending.follow_gap(worst, is_of_another);
        }
        for number in 0..header.windows {
            let flow = self.flow(number);
            if ending.is_silent(number, flow) {
                let (tariff, owed) = self.kept(number, flow);
                ending.extend(number, tariff, owed);
            }
        }
        let paid_back = ending.paid_back();
        let mut ended = ending.finish(worst);
        // A supplier pays nothing to itself.
        if self.is_own(header.windows.saturating_sub(1)) {
            ended.pays = NetMilliAtoms::ZERO;
        }
        (paid_back, ended)
    }

    fn flow(&self, number: u16) -> position::Flow {
        let flow = self.flows.get(&(number, self.seat)).copied();
        flow.unwrap_or_default().settled()
    }

    /// Whether the seat is the supplier's of a window.
    fn is_own(&self, number: u16) -> bool {
        let window = self.page.windows.get(usize::from(number));
        window.is_some_and(|window| window.supplier == self.seat)
    }

    /// Prices of a silent window, and what it keeps back: what its position has paid, standard draw included, beyond what the energy
    /// that is known costs.
    fn kept(&self, number: u16, flow: position::Flow) -> (Tariff, NetMilliAtoms) {
        let window = self.page.windows.get(usize::from(number));
        let tariff = window.map_or(Tariff::default(), |window| Tariff {
            short: Price(window.short),
            long: Price(window.long),
        });
        let position = self.page.position(number, self.seat);
        let owed = match (flow, position) {
            (position::Flow::Partial(net), Some(position)) if !self.is_own(number) => {
                let contract = Contract::from(position).net();
                let deviation = NetWh(net.0.saturating_sub(contract.0));
                NetMilliAtoms(position.paid.saturating_sub(cost(deviation, tariff).0))
            }
            _ => NetMilliAtoms::ZERO,
        };
        (tariff, owed)
    }
}
