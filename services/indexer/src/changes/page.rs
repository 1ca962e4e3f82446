//! What a page of the market and the oracle's page of the same intervals say.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::{
        market::{Page, Phase, Position, PositionStatus, WindowStatus},
        oracle::{PageEntry, Quality},
    },
    tables::{IntervalPageTable, PageTable},
};

use super::{
    flows::{entries, flows, Flow},
    Changes,
};
use crate::{
    rows::{number, PageRow, PositionRow, ReadingRow, RowError, WindowRow},
    view::View,
};

/// Whether all that a page's rows follow from is as it was before.
pub(super) fn is_same(before: &View, now: &View, page: &PageTable) -> bool {
    let start = page.header.start;
    let last_final = |view: &View| view.state.ledger.header.last_final;
    // What seats' rows say of the page is known once the ledger says that it is final.
    let is_told = last_final(before) < start && start <= last_final(now);
    !is_told
        && before.page(start) == Some(page)
        && before.interval_page(start) == now.interval_page(start)
        && before.state.community.next_index == now.state.community.next_index
        && services(before).eq(services(now))
        && outcomes(before, page) == outcomes(now, page)
}

/// Whose meters are in service when.
fn services(view: &View) -> impl Iterator<Item = (u16, u16, i64, i64)> + '_ {
    let table = &view.state.meter_table;
    let meters = table.meters.iter().take(table.header.count.into());
    meters.map(|meter| {
        let (from, until) = (meter.service_from, meter.service_until);
        (meter.participant, meter.generation, from, until)
    })
}

/// Phases of the books of a page's windows.
fn outcomes(view: &View, page: &PageTable) -> BTreeMap<i64, u8> {
    let start = page.header.start;
    let end = start.saturating_add(page.header.length());
    let books = view.books.iter().map(|book| &book.header);
    books
        .filter(|book| (start..end).contains(&book.start))
        .map(|book| (book.start, book.phase))
        .collect()
}

/// Adds what a page says now and did not say before.
pub(super) fn changes(
    before: Option<&View>,
    now: &View,
    page: &PageTable,
    changes: &mut Changes,
) -> Result<(), RowError> {
    let start = page.header.start;
    let intervals = now.interval_page(start);
    let rows = Rows::of(now, page, intervals)?;
    let former = before.and_then(|before| Some((before, before.page(start)?)));
    // Without the oracle's page, nothing was written.
    let former = former.and_then(|(before, page)| {
        let intervals = before.interval_page(start)?;
        Some(Rows::of(before, page, Some(intervals)))
    });
    let former = former.transpose()?.unwrap_or_default();
    if former.page.as_ref() != rows.page.as_ref() {
        changes.pages.extend(rows.page);
    }
    changes
        .windows
        .extend(differing(rows.windows, &former.windows));
    let header = &page.header;
    for row in differing(rows.positions, &former.positions) {
        let seconds = i64::from(header.window_seconds) + i64::from(header.metering_grace);
        changes
            .graces
            .insert(row.start, row.start.saturating_add(seconds));
        changes.positions.push(row);
    }
    changes
        .readings
        .extend(differing(rows.readings, &former.readings));
    Ok(())
}

/// Rows that are not among those of before, by their keys.
fn differing<K: Ord, R: PartialEq>(
    rows: BTreeMap<K, R>,
    former: &BTreeMap<K, R>,
) -> impl Iterator<Item = R> + use<'_, K, R> {
    let rows = rows.into_iter();
    rows.filter(|(key, row)| former.get(key) != Some(row))
        .map(|(_, row)| row)
}

#[derive(Default)]
struct Rows {
    page: Option<PageRow>,
    windows: BTreeMap<i64, WindowRow>,
    positions: BTreeMap<(i64, i64), PositionRow>,
    readings: BTreeMap<(i64, i64), ReadingRow>,
}

impl Rows {
    fn of(
        view: &View,
        page: &PageTable,
        intervals: Option<&IntervalPageTable>,
    ) -> Result<Rows, RowError> {
        let header = &page.header;
        let is_heard = intervals.is_some_and(|page| page.header.is_finished());
        let mut rows = Rows {
            page: Some(PageRow {
                start: header.start,
                previous: (header.previous != Page::NEVER).then_some(header.previous),
                final_seats: header.final_seats.into(),
                is_final: header.is_final() && is_heard,
            }),
            ..Rows::default()
        };
        let told = Told {
            next: view.state.community.next_index,
        };
        let flows = intervals.map(|page| flows(&view.state.meter_table, page));
        let flows = flows.unwrap_or_default();
        if let Some(intervals) = intervals {
            rows.read(view, intervals);
        }
        for number in 0..header.windows {
            let window = window_row(view, page, number)?;
            let Some(window) = window else { break };
            let seats = page.header.seats;
            for seat in 0..seats {
                let Some(position) = page.position(number, seat) else {
                    break;
                };
                let flow = flows.get(&(number, seat)).copied().unwrap_or_default();
                if told.has(seat, position, &flow) {
                    let is_final = seat < header.final_seats;
                    let row = position_row(window.start, seat, position, is_final, &flow)?;
                    rows.positions.insert((row.start, row.seat), row);
                }
            }
            rows.windows.insert(window.start, window);
        }
        Ok(rows)
    }

    fn read(&mut self, view: &View, page: &IntervalPageTable) {
        for (row, number, interval, entry) in entries(&view.state.meter_table, page) {
            let length = i64::from(view.state.meter_table.header.interval_seconds);
            let start = page.header.start + length * i64::from(interval);
            let reading = reading_row(row, number, start, entry);
            self.readings.insert((reading.meter, start), reading);
        }
    }
}

/// Which seats are told of: those that somebody has, or had, and those with something in them.
struct Told {
    /// Indices from here on were never given.
    next: u16,
}

impl Told {
    fn has(&self, seat: u16, position: &Position, flow: &Flow) -> bool {
        let amounts = u64::from(position.bought | position.sold) | position.earns | position.locked;
        seat < self.next || amounts != 0 || position.paid != 0 || flow.meters > 0
    }
}

fn window_row(view: &View, page: &PageTable, place: u16) -> Result<Option<WindowRow>, RowError> {
    let header = &page.header;
    let Some(window) = page.windows.get(usize::from(place)) else {
        return Ok(None);
    };
    let start = header
        .end_of(place)
        .saturating_sub(header.window_seconds.into());
    let book = view.book(start);
    let is_cleared = book.is_some_and(|book| book.phase() == Some(Phase::Cleared));
    let is_allocated = window.is(WindowStatus::Allocated);
    let phase = match () {
        () if is_allocated => "allocated",
        () if is_cleared => "cleared",
        () if window.is(WindowStatus::Open) => "open",
        () => "unopened",
    };
    // Between clearing and allocation the outcome stands in the book alone.
    let node = book
        .filter(|_| is_cleared)
        .and_then(|book| book.nodes.first());
    let (volume, price, low, high) = match node {
        Some(node) => (node.volume, node.price, node.low, node.high),
        None => (window.volume, window.price, window.low, window.high),
    };
    Ok(Some(WindowRow {
        start,
        page: header.start,
        phase: phase.to_owned(),
        price: (volume > 0).then_some(price.into()),
        volume: number("a window's volume", volume)?,
        short: window.short.into(),
        long: window.long.into(),
        grid_fee: Some(window.grid_fee.into()),
        // The fee is a whole number of atoms per kWh, so this is exact.
        market_fee: match is_allocated {
            true => Some(number(
                "a window's market fee",
                window.market_fees.checked_div(window.volume).unwrap_or(0),
            )?),
            false => None,
        },
        supplier: Some(window.supplier.into()),
        grid_operator: Some(window.grid_operator.into()),
        low: low.into(),
        high: high.into(),
        orders: window.orders.into(),
    }))
}

fn position_row(
    start: i64,
    seat: u16,
    position: &Position,
    is_final: bool,
    flow: &Flow,
) -> Result<PositionRow, RowError> {
    Ok(PositionRow {
        start,
        seat: seat.into(),
        bought: position.bought.into(),
        sold: position.sold.into(),
        earns: number("what a position earns", position.earns)?,
        locked: number("what a position locks", position.locked)?,
        paid: position.paid,
        is_confirmed: position.is(PositionStatus::Confirmed),
        is_final,
        import: number("the import of a position", flow.import)?,
        export: number("the export of a position", flow.export)?,
        meters: flow.meters.into(),
        missing: flow.missing.into(),
    })
}

fn reading_row(row: u16, number: u32, start: i64, entry: &PageEntry) -> ReadingRow {
    ReadingRow {
        meter: row.into(),
        start,
        number: number.into(),
        import: entry.import().0.into(),
        export: entry.export().0.into(),
        quality: quality(entry.quality()).to_owned(),
    }
}

/// Its word in rows.
fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Missing => "missing",
        Quality::Gap => "gap",
        Quality::Measured => "measured",
        Quality::Replaced => "replaced",
    }
}
