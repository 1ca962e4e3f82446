use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, hot::Hot, stored::pubkey, Addressed};
use joulebook_layout::{
    market::{
        self, limits::MAX_FINAL_SEATS, HistoryRecord, Page as PageHeader, PageRows, PageWindow,
        Seat, WindowStatus,
    },
    oracle::{Meter, PageRegisters},
};
use joulebook_settlement::{
    position::{self, Flow},
    seats_that_fit, Contract, PageSilence, Silence, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price, Seconds, UnixTime, WhSum};

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
        let now = Clock::get()?.unix_timestamp;
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
    // Energy of a page that nobody opened has no prices of its own: it has the worst of the page in which it comes to light.
    if follows_gap(&header) {
        let worst = worst_prices(page.windows);
        let seats = ledger.seats.get(usize::from(from)..).unwrap_or_default();
        for (ending, seat) in endings.iter_mut().zip(seats) {
            let is_of_another = seat.silent_place != header.supplier_place;
            ending.silence.follow_gap(if is_of_another {
                worst.with_another_supplier()
            } else {
                worst
            });
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

/// Whether pages before this one were left out. The first one has none before it.
fn follows_gap(page: &PageHeader) -> bool {
    page.previous != PageHeader::NEVER && page.previous.saturating_add(page.length()) != page.start
}

/// How a page ends for a seat.
struct Ending {
    silence: PageSilence,
    unseen: Unseen,
}

/// What a seat's meters leave over.
#[derive(Clone, Copy, Default)]
struct Unseen {
    /// Wh that came to light, to be settled as drawn.
    charged: u64,
    /// Wh that came to light, to be settled as fed in.
    credited: u64,
    /// Wh that meters drew and fed in at most until their counting began, late; they never pay.
    most_charged: u64,
    most_credited: u64,
    /// The last boundary at which all meters are known, if none is silent.
    heard: Option<u16>,
    is_silent: bool,
    /// Not the counting of all meters begins with this page.
    goes_on: bool,
    /// The service of a meter goes on behind this page.
    stays: bool,
    /// The service of a meter ends with this page, and it was not heard until then: no register will ever tell of it.
    is_lost: bool,
}

impl Unseen {
    /// Whether a window is behind the last boundary at which all meters are known.
    fn is_behind(&self, window: u16) -> bool {
        self.is_silent || self.heard.is_some_and(|heard| heard <= window)
    }

    fn add(&mut self, meter: &Meter, registers: &PageRegisters, page: &PageHeader) {
        // Where it begins later because values tell of all before, registers of before were silent.
        self.goes_on |= registers.begins == 0 || meter.counted_from < page.start;
        let ends = meter.service_until <= page.start.saturating_add(page.length());
        self.stays |= !ends;
        self.is_lost |= ends && registers.heard_until() != Some(page.windows);
        self.charged = self.charged.saturating_add(registers.import);
        self.credited = self.credited.saturating_add(registers.export);
        if registers.begins_late != 0 {
            self.most_charged = self.most_charged.saturating_add(meter.late_import);
            self.most_credited = self.most_credited.saturating_add(meter.late_export);
        }
        match registers.heard_until() {
            Some(last) => self.heard = Some(self.heard.map_or(last, |heard| heard.min(last))),
            None => self.is_silent = true,
        }
    }
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
    let mut unseen = vec![Unseen::default(); seats.len()];
    for (meter, registers, _) in readings.in_service() {
        let place = meter.participant.checked_sub(from);
        let seat = place.and_then(|place| unseen.get_mut(usize::from(place)));
        if let Some(seat) = seat {
            seat.add(meter, registers, page);
        }
    }
    let endings = unseen.into_iter().zip(seats).map(|(unseen, seat)| {
        let mut silence = PageSilence::new(
            silence_before(&unseen, seat, page.supplier_place),
            unseen.heard.filter(|_| !unseen.is_silent),
        );
        silence.begin_late(WhSum(unseen.most_charged), WhSum(unseen.most_credited));
        Ending { silence, unseen }
    });
    Ok(endings.collect())
}

/// What a seat's silence keeps from the pages before. Where no register will ever tell of it, there is nothing to be paid back:
/// before all of its meters begin to be counted with this page, and once no meter is in service. Nor does one supplier pay for
/// the windows of another.
fn silence_before(unseen: &Unseen, seat: &Seat, supplier_place: u8) -> Silence {
    if !unseen.goes_on {
        return Silence::default();
    }
    let silence = Silence::from(seat);
    if seat.silent_place == supplier_place {
        silence
    } else {
        silence.with_another_supplier()
    }
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
        // What registers tell of it later has its prices at least, whatever a verifier's value says by now.
        let is_silent = matches!(flow, Flow::Partial(_)) || ending.unseen.is_behind(number);
        if is_silent {
            // Nothing is kept back of a supplier that pays itself; but once there is another, that one must know.
            let owed = if supplier.is_own() {
                NetMilliAtoms::ZERO
            } else {
                due.owed
            };
            ending.silence.extend(number, supplier.tariff, owed);
        }
        supplier.index = supplier.index.wrapping_add(1);
    }
    Ok(())
}

/// What no interval's value tells of is charged at the worst prices; what a silence kept back is paid if it has ended, and never if
/// the meter that was silent is out of service.
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
        let unseen = ending.unseen;
        let (charged, credited) = (WhSum(unseen.charged), WhSum(unseen.credited));
        let (pays, mut silence) = ending.silence.finish(charged, credited, worst);
        if !unseen.stays {
            silence = Silence::default();
        } else if unseen.is_lost {
            silence.owed = NetMilliAtoms::ZERO;
        }
        silence.store(seat);
        seat.silent_place = header.supplier_place;
        supplier.charge(seat, pays.0)?;
        supplier.index = supplier.index.wrapping_add(1);
    }
    supplier.store(ledger)
}

fn worst_prices(windows: &[PageWindow]) -> Tariff {
    Tariff {
        short: Price(windows.iter().map(|window| window.short).max().unwrap_or(0)),
        long: Price(windows.iter().map(|window| window.long).min().unwrap_or(0)),
    }
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
