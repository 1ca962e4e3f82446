use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, hot::Hot, stored::pubkey, Addressed};
use joulebook_layout::market::{
    self, limits::MAX_SETTLED, PageRows, Position, PositionStatus, Seat, WindowStatus,
};
use joulebook_settlement::{
    position::{self, Flow},
    Contract,
};
use joulebook_units::{Seconds, UnixTime, Wh};

use crate::{
    errors::MarketError,
    events::PositionsSettled,
    settlement::{draw_of, flow_of, Counterparty, Draws, Flows, Rectangle},
    state::{load_page, IntervalPage, Ledger, LedgerView, MeterTable, Page, Readings},
};

#[accounts]
pub struct Settle<'info> {
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
}

#[inline(always)]
pub fn settle(
    mut ctx: Hot<Settle>,
    first_window: u16,
    windows: u16,
    first_seat: u16,
    seats: u16,
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    let readings = Readings::load(accounts.meter_table.data(), accounts.interval_page.data())?;
    let asked = Rectangle {
        windows: first_window..first_window.saturating_add(windows),
        seats: first_seat..first_seat.saturating_add(seats),
    };
    settle_rectangle(
        accounts.ledger.data(),
        accounts.page.data(),
        &readings,
        asked,
    )?;
    Ok(())
}

fn settle_rectangle(
    ledger: &mut [u8],
    page: &mut [u8],
    readings: &Readings,
    asked: Rectangle,
) -> Result<(), MarketError> {
    let mut ledger = LedgerView::load(ledger)?;
    let mut page = load_page(page)?;
    let now = now().map_err(|_| MarketError::Broken)?.0;
    let rectangle = within(asked, page.header, now);
    if rectangle.len() > usize::from(MAX_SETTLED) {
        return Err(MarketError::RectangleTooLarge);
    }
    let was_opened = page.header.start != market::Page::NEVER;
    if rectangle.len() == 0 || !was_opened {
        return Ok(());
    }
    let draws = Draws {
        seats: ledger.seats,
        after: page.header.draw_after,
    };
    let flows = Flows::read(readings, rectangle.clone(), Some(&draws));
    for window in rectangle.windows.clone() {
        let (energy, draws) = flows.of_window(window);
        let grace = i64::from(page.header.metering_grace);
        let is_late = now >= page.header.end_of(window).saturating_add(grace);
        let draws = is_late.then_some(draws);
        settle_window(&mut ledger, &mut page, window, &rectangle, energy, draws)?;
    }
    emit_numbered!(
        ledger.header,
        PositionsSettled {
            market: pubkey(page.header.market),
            page: page.header.start,
            first_window: rectangle.windows.start,
            windows: rectangle.windows.len() as u16,
            first_seat: rectangle.seats.start,
            seats: rectangle.seats.len() as u16,
        }
    );
    Ok(())
}

/// What of the rectangle can be settled: windows that have ended, seats that are not final.
fn within(asked: Rectangle, page: &market::Page, now: i64) -> Rectangle {
    let length = Seconds(page.window_seconds.into());
    let ended = UnixTime(now).lengths_since(UnixTime(page.start), length);
    let ended = ended.map_or(0, |ended| u16::try_from(ended).unwrap_or(u16::MAX));
    Rectangle {
        windows: asked.windows.start..asked.windows.end.min(ended).min(page.windows),
        seats: asked.seats.start.max(page.final_seats)..asked.seats.end.min(page.seats),
    }
}

#[inline(never)]
fn settle_window(
    ledger: &mut LedgerView,
    page: &mut PageRows,
    number: u16,
    rectangle: &Rectangle,
    energy: &[i64],
    draws: Option<&[u32]>,
) -> Result<(), MarketError> {
    let range = usize::from(rectangle.seats.start)..usize::from(rectangle.seats.end);
    let header = *page.header;
    let (window, positions) = page.window(number).ok_or(MarketError::Broken)?;
    // Its contracts are not known yet.
    if window.is(WindowStatus::Open) {
        return Ok(());
    }
    let first = rectangle.seats.start;
    let mut supplier = Counterparty::of(ledger, &header, number, window, first)?;
    let positions = positions
        .get_mut(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    settle_all(&mut supplier, positions, seats, energy, draws)?;
    supplier.store(ledger)
}

#[inline(never)]
fn settle_all(
    supplier: &mut Counterparty,
    positions: &mut [Position],
    seats: &mut [Seat],
    energy: &[i64],
    draws: Option<&[u32]>,
) -> Result<(), MarketError> {
    let first = supplier.index;
    let own = usize::from(supplier.own_index().wrapping_sub(first));
    let rows = positions.iter_mut().zip(seats).zip(energy);
    for (place, ((position, seat), energy)) in rows.enumerate() {
        if is_idle(position, *energy) {
            // Neither contracts nor energy.
            continue;
        }
        let flow = flow_of(*energy);
        if let Flow::Whole(net) = flow {
            if place != own && supplier.settle_plainly(position, seat, net) {
                continue;
            }
        }
        if matches!(flow, Flow::Partial(_)) && draws.is_none() {
            // The others may still come.
            continue;
        }
        let draw = draw_of(draws.unwrap_or_default(), place);
        supplier.index = first.wrapping_add(place as u16);
        settle_fully(supplier, position, seat, flow, draw)?;
    }
    Ok(())
}

/// Whatever is known of the meters. With one missing, contracts count as kept, and what is charged is the draw, and what the
/// others drew beyond what was bought.
#[cold]
#[inline(never)]
fn settle_fully(
    supplier: &mut Counterparty,
    position: &mut Position,
    seat: &mut Seat,
    flow: Flow,
    draw: Wh,
) -> Result<(), MarketError> {
    let is_whole = matches!(flow, Flow::Whole(_));
    // What was confirmed stays so: a value never goes.
    if !is_whole && position.is(PositionStatus::Confirmed) {
        return Ok(());
    }
    let due = position::due(Contract::from(&*position), flow, supplier.tariff, draw);
    supplier.settle(position, seat, due.pays.0, due.is_confirmed)
}

/// Nothing was contracted, nothing flowed, nothing is to be paid back.
#[inline(always)]
fn is_idle(position: &Position, energy: i64) -> bool {
    position.bought | position.sold == 0 && energy | position.paid == 0
}
