use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, hot::Hot, stored::pubkey, Addressed};
use joulebook_layout::market::{
    self, limits::MAX_FINAL_SEATS, HistoryRecord, Page as PageHeader, PageRows, PageWindow,
    WindowStatus,
};
use joulebook_settlement::{
    ending::{follows_gap, worst_prices},
    position, seats_that_fit, Contract, Ending, LeftOver, Silence,
};
use joulebook_units::{NetMilliAtoms, Seconds, UnixTime};

use crate::{
    errors::MarketError,
    events::{PageFinished, SeatsFinal},
    settlement::{draw_of, flow_of, Counterparty, Draws, Flows, Rectangle},
    state::{
        load_page, History, HistoryView, IntervalPage, Ledger, LedgerView, MeterTable, Page,
        Readings,
    },
};

#[accounts]
pub struct FinishPage<'info> {
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = page.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub page: AccountLoader<'info, Page>,
    #[account(constraint = ledger.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The oracle's page of the same intervals.
    #[account(
        constraint = interval_page.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable,
        constraint = interval_page.load()?.start == page.load()?.start @ MarketError::WrongPage,
    )]
    pub interval_page: AccountLoader<'info, IntervalPage>,
    #[account(mut, constraint = history.load()?.market == ledger.load()?.market @ MarketError::WrongMarket)]
    pub history: AccountLoader<'info, History>,
}

#[inline(always)]
pub fn finish_page(mut ctx: Hot<FinishPage>, limit: u16) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    let is_finished = accounts.interval_page.load()?.is_finished();
    let readings = Readings::load(accounts.meter_table.data(), accounts.interval_page.data())?;
    if limit == 0 {
        return Err(MarketError::ZeroLimit.into());
    }
    let mut ledger = LedgerView::load(accounts.ledger.data())?;
    let mut page = load_page(accounts.page.data())?;
    if page.header.is_final() {
        return Ok(());
    }
    if !is_finished {
        return Err(MarketError::ReadingsUnfinished.into());
    }
    require_turn(page.header, ledger.header)?;
    let history = HistoryView::load(accounts.history.data())?;
    finish_seats(&mut ledger, &mut page, &readings, limit)?;
    if page.header.is_final() {
        record(page.header, page.windows, history)?;
        let now = now()?.0;
        let supplier = ledger.header.supplier_mut(page.header.supplier_place);
        supplier.final_at = now;
        ledger.header.last_final = page.header.start;
        emit_numbered!(
            ledger.header,
            PageFinished {
                market: pubkey(page.header.market),
                page: page.header.start,
            }
        );
    }
    Ok(())
}

/// Pages become final one after the other: what a seat's silence keeps goes from one to the next.
///
/// # Errors
/// [`MarketError::EarlierUnfinished`].
fn require_turn(page: &PageHeader, ledger: &market::Ledger) -> Result<(), MarketError> {
    if page.previous != ledger.last_final {
        return Err(MarketError::EarlierUnfinished);
    }
    Ok(())
}

/// Makes the next seats final, as many as there is memory for.
fn finish_seats(
    ledger: &mut LedgerView,
    page: &mut PageRows,
    readings: &Readings,
    limit: u16,
) -> Result<(), MarketError> {
    if page
        .windows
        .iter()
        .any(|window| window.is(WindowStatus::Open))
    {
        return Err(MarketError::WindowUnallocated);
    }
    let header = *page.header;
    let from = header.final_seats;
    let seats = seats_at_once(readings, from, header.windows);
    let to = from.saturating_add(limit.min(seats)).min(header.seats);
    let rectangle = Rectangle {
        windows: 0..header.windows,
        seats: from..to,
    };
    let draws = Draws {
        seats: ledger.seats,
        after: header.draw_after,
    };
    let flows = Flows::read(readings, rectangle, Some(&draws));
    let mut endings = endings(ledger, readings, &header, from, to)?;
    if follows_gap(&header) {
        let worst = worst_prices(page.windows);
        let seats = ledger.seats.get(usize::from(from)..).unwrap_or_default();
        for (ending, seat) in endings.iter_mut().zip(seats) {
            ending.follow_gap(worst, seat.silent_place != header.supplier_place);
        }
    }
    for number in 0..header.windows {
        let (window, _) = page.window(number).ok_or(MarketError::Broken)?;
        let mut supplier = Counterparty::of(ledger, &header, number, window, from)?;
        finish_window(
            ledger,
            page,
            &mut supplier,
            number,
            from,
            &flows,
            &mut endings,
        )?;
        supplier.store(ledger)?;
    }
    charge_unseen(ledger, page, from, endings)?;
    page.header.final_seats = to;
    emit_numbered!(
        ledger.header,
        SeatsFinal {
            market: pubkey(header.market),
            page: header.start,
            from,
            to,
        }
    );
    Ok(())
}

/// How many seats from `from` on one instruction finishes.
#[inline(never)]
fn seats_at_once(readings: &Readings, from: u16, windows: u16) -> u16 {
    let mut meters = [0_u16; MAX_FINAL_SEATS as usize];
    for (meter, ..) in readings.in_service() {
        let place = usize::from(meter.participant.wrapping_sub(from));
        if let Some(count) = meters.get_mut(place) {
            *count = count.saturating_add(1);
        }
    }
    let rows = u16::try_from(readings.meters().len()).unwrap_or(u16::MAX);
    seats_that_fit(meters, windows, rows)
}

#[inline(never)]
fn endings(
    ledger: &LedgerView,
    readings: &Readings,
    page: &PageHeader,
    from: u16,
    to: u16,
) -> Result<Vec<Ending>, MarketError> {
    let seats = ledger.seats.get(usize::from(from)..usize::from(to));
    let seats = seats.ok_or(MarketError::Broken)?;
    let mut left_over = vec![LeftOver::default(); seats.len()];
    for (meter, registers, _) in readings.in_service() {
        let place = meter.participant.checked_sub(from);
        let seat = place.and_then(|place| left_over.get_mut(usize::from(place)));
        if let Some(seat) = seat {
            seat.add(meter, registers, page);
        }
    }
    let endings = left_over.into_iter().zip(seats).map(|(left, seat)| {
        let is_of_another = seat.silent_place != page.supplier_place;
        Ending::new(left, Silence::from(seat), is_of_another)
    });
    Ok(endings.collect())
}

#[inline(never)]
fn finish_window(
    ledger: &mut LedgerView,
    page: &mut PageRows,
    supplier: &mut Counterparty,
    number: u16,
    from: u16,
    flows: &Flows,
    endings: &mut [Ending],
) -> Result<(), MarketError> {
    let (energy, draws) = flows.of_window(number);
    let range = usize::from(from)..usize::from(from).saturating_add(endings.len());
    let (_, positions) = page.window(number).ok_or(MarketError::Broken)?;
    let positions = positions
        .get_mut(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    let rows = positions
        .iter_mut()
        .zip(seats)
        .zip(energy.iter().zip(endings));
    for (place, ((position, seat), (energy, ending))) in rows.enumerate() {
        let flow = flow_of(*energy);
        let draw = draw_of(draws, place);
        let due = position::final_due(Contract::from(&*position), flow, supplier.tariff, draw);
        supplier.settle(position, seat, due.pays.0, due.is_confirmed)?;
        if ending.is_silent(number, flow) {
            // Nothing is kept back of a supplier that pays itself; but once there is another, that one must know.
            let owed = if supplier.is_own() {
                NetMilliAtoms::ZERO
            } else {
                due.owed
            };
            ending.extend(number, supplier.tariff, owed);
        }
        supplier.index = supplier.index.wrapping_add(1);
    }
    Ok(())
}

/// Charges what came to light, and keeps what goes on.
#[inline(never)]
fn charge_unseen(
    ledger: &mut LedgerView,
    page: &mut PageRows,
    from: u16,
    endings: Vec<Ending>,
) -> Result<(), MarketError> {
    let worst = worst_prices(page.windows);
    let header = *page.header;
    let number = header.windows.saturating_sub(1);
    let (window, _) = page.window(number).ok_or(MarketError::Broken)?;
    let mut supplier = Counterparty::of(ledger, &header, number, window, from)?;
    let seats = ledger.seats.get_mut(usize::from(from)..);
    for (ending, seat) in endings.into_iter().zip(seats.ok_or(MarketError::Broken)?) {
        let ended = ending.finish(worst);
        ended.silence.store(seat);
        seat.silent_place = header.supplier_place;
        supplier.charge(seat, ended.pays.0)?;
        supplier.index = supplier.index.wrapping_add(1);
    }
    supplier.store(ledger)
}

/// A page's windows into the history.
fn record(
    page: &PageHeader,
    windows: &[PageWindow],
    history: HistoryView,
) -> Result<(), MarketError> {
    let length = Seconds(i64::from(page.window_seconds));
    for (number, window) in (0u16..).zip(windows) {
        let start = page.end_of(number).saturating_sub(length.0);
        let record = UnixTime(start)
            .ring_slot(length, history.header.capacity)
            .and_then(|slot| history.records.get_mut(usize::from(slot)))
            .ok_or(MarketError::Broken)?;
        *record = HistoryRecord {
            start,
            volume: window.volume,
            price: window.price,
            short: window.short,
            long: window.long,
            low: window.low,
            high: window.high,
            orders: window.orders,
            reserved: [0; 3],
        };
        history.header.windows = history.header.windows.saturating_add(1);
        history.header.volume = history.header.volume.saturating_add(window.volume);
    }
    Ok(())
}
