use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, hot::Hot, stored::pubkey, Addressed};
use joulebook_layout::{
    market::{limits::MAX_SETTLED, BookRows, Side, StandingOrder, StandingOutcome, StandingSeat},
    registry::{Pause, Roles},
};
use joulebook_standing::{is_due, readiness, Trader, Window};
use joulebook_units::UnixTime;

use super::{
    earlier::Earlier,
    placing::{place, Grounds},
};
use crate::{
    book::{depth_of, BookOrders},
    errors::MarketError,
    events::StandingOrdersPlaced,
    state::{
        load_book, require_open, Book as BookAccount, Community, IntervalPage, Ledger, LedgerView,
        Market, MeterTable, Readings, StandingOrders, StandingView,
    },
};

#[accounts]
pub struct ApplyStandingOrders<'info> {
    pub community: AccountLoader<'info, Community>,
    #[account(constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut, constraint = book.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub book: AccountLoader<'info, BookAccount>,
    #[account(mut, constraint = standing_orders.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub standing_orders: AccountLoader<'info, StandingOrders>,
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The oracle's page with the window a day before, or a week before. An order that needs the other one waits for a call
    /// with that.
    #[account(constraint = earlier_page.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub earlier_page: AccountLoader<'info, IntervalPage>,
}

#[inline(always)]
pub fn apply_standing_orders(
    mut ctx: Hot<ApplyStandingOrders>,
    start: i64,
    first_seat: u16,
    seats: u16,
) -> anchor_lang::Result<()> {
    let accounts = &mut ctx.accounts;
    if accounts.community.load()?.is_paused(Pause::TRADING) {
        return Ok(());
    }
    let length = accounts.market.load()?.window_length();
    let readings = Readings::load(accounts.meter_table.data(), accounts.earlier_page.data())?;
    apply(
        accounts.ledger.data(),
        accounts.book.data(),
        accounts.standing_orders.data(),
        &readings,
        &Call {
            start,
            length: length.0,
            first_seat,
            seats,
        },
    )?;
    Ok(())
}

struct Call {
    start: i64,
    length: i64,
    first_seat: u16,
    seats: u16,
}

/// What was placed.
#[derive(Default)]
struct Sums {
    orders: u16,
    bought: u64,
    sold: u64,
}

fn apply(
    ledger: &mut [u8],
    book: &mut [u8],
    standing: &mut [u8],
    readings: &Readings,
    call: &Call,
) -> Result<(), MarketError> {
    let ledger = LedgerView::load(ledger)?;
    let standing = StandingView::load(standing)?;
    let book = load_book(book)?;
    // Whoever comes too early or too late has nothing to do: what else is in the transaction goes on.
    if require_open(book.header, call.start).is_err() {
        return Ok(());
    }
    let last = call.first_seat.saturating_add(call.seats);
    let range = call.first_seat..last.min(book.header.seats);
    if range.len() > usize::from(MAX_SETTLED) {
        return Err(MarketError::RectangleTooLarge);
    }
    let now = now().map_err(|_| MarketError::Broken)?;
    let day = u32::try_from(now.day()).map_err(|_| MarketError::Broken)?;
    let window = Window::of(book.header, day);
    let earlier = Earlier::new(readings, call.start, call.length, range.clone());
    let mut tables = Tables {
        ledger,
        book,
        sums: Sums::default(),
    };
    for (place, index) in range.clone().enumerate() {
        let Some(row) = standing.seats.get_mut(usize::from(index)) else {
            break;
        };
        if row.entered != 0 {
            let grounds = Grounds {
                window: &window,
                earlier: &earlier,
                place,
            };
            apply_seat(&mut tables, row, index, &grounds)?;
        }
    }
    let Tables { ledger, book, sums } = tables;
    if sums.orders == 0 {
        return Ok(());
    }
    let market = pubkey(book.header.market);
    emit_numbered!(
        ledger.header,
        StandingOrdersPlaced {
            market,
            window: call.start,
            first_seat: range.start,
            seats: range.len() as u16,
            orders: sums.orders,
            bought: sums.bought,
            sold: sums.sold,
        }
    );
    Ok(())
}

/// What orders are placed in.
struct Tables<'a> {
    ledger: LedgerView<'a>,
    book: BookRows<'a>,
    sums: Sums,
}

/// All that is due of one seat, each order at most once a window.
#[inline(never)]
fn apply_seat(
    tables: &mut Tables,
    row: &mut StandingSeat,
    index: u16,
    grounds: &Grounds,
) -> Result<(), MarketError> {
    let Tables { ledger, book, sums } = tables;
    let place_in_book = usize::from(index);
    let Some(standing) = book.seats.get_mut(place_in_book) else {
        return Ok(());
    };
    let (owes_others, margin) = if ledger.header.has_place(index) {
        let header = &ledger.header;
        (header.owes_others(index), header.margin_of(index))
    } else {
        (false, 0)
    };
    let Some(seat) = ledger.seats.get_mut(place_in_book) else {
        return Ok(());
    };
    let window = grounds.window;
    let ready = readiness(seat, row, book.header, owes_others);
    let is_delegate = row.delegate == seat.delegate;
    let mut trader = Trader {
        seat,
        standing,
        roles: Roles(row.roles),
        margin,
    };
    let mut orders = BookOrders {
        depth: depth_of(book.levels, book.blocks)?,
        orders: book.orders,
        header: book.header,
    };
    let (start, weekday, half_hour) = (window.start, window.weekday, window.half_hour);
    for (place_number, order) in (0u32..).zip(&mut row.orders) {
        let bit = 1_u8.checked_shl(place_number).unwrap_or(0);
        let is_entered = row.entered & bit != 0;
        if !is_entered || !is_due(&order.rule, UnixTime(start), weekday, half_hour) {
            continue;
        }
        let was_tried = trader.standing.tried & bit != 0;
        if trader.standing.placed & bit != 0 {
            // Of one that was entered anew since.
            note(order, start, StandingOutcome::Placed);
            continue;
        }
        let has_window = grounds.earlier.has_window_of(&order.rule);
        if was_tried && !has_window {
            continue;
        }
        let placed = match ready {
            Err(outcome) => Err(outcome),
            Ok(()) if order.by_delegate != 0 && !is_delegate => Err(StandingOutcome::NotYours),
            Ok(()) if !has_window => Err(StandingOutcome::NoValues),
            Ok(()) => place(index, &mut trader, &mut orders, order, grounds)?,
        };
        trader.standing.tried |= bit;
        let outcome = match placed {
            Err(outcome) => outcome,
            Ok(placed) => {
                trader.standing.placed |= bit;
                sums.orders = sums.orders.saturating_add(1);
                let sum = match placed.side {
                    Side::Buy => &mut sums.bought,
                    Side::Sell => &mut sums.sold,
                };
                *sum = sum.saturating_add(placed.quantity.0.into());
                StandingOutcome::Placed
            }
        };
        note(order, start, outcome);
    }
    Ok(())
}

/// Notes what became of an order, unless something is noted for a later window.
fn note(order: &mut StandingOrder, start: i64, outcome: StandingOutcome) {
    if order.window <= start {
        (order.window, order.outcome) = (start, outcome as u8);
    }
}
