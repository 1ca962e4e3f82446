use anchor_lang::prelude::*;
use joulebook_metering::{settlement::deviation, tariff::Tariff};
use joulebook_units::{bounded_sum, NetWh, Price, Seconds, UnixTime, WhSum};

use super::reward;
use crate::{
    errors::MarketError,
    events::{DebtIncurred, SeatsSettled, WindowRecorded},
    state::{
        borrow_table, position_flags, History, HistoryRecord, HistoryView, Ledger, LedgerView,
        NodeState, Phase, Position, Seat, Window, WindowView,
    },
};

#[derive(Accounts)]
pub struct Settle<'info> {
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub ledger: UncheckedAccount<'info>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub window: UncheckedAccount<'info>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub history: UncheckedAccount<'info>,
}

pub fn settle(ctx: Context<Settle>, limit: u16, reward_seat: Option<u16>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(limit > 0, MarketError::ZeroLimit);
    let mut ledger_data = borrow_table::<Ledger>(&accounts.ledger)?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = borrow_table::<Window>(&accounts.window)?;
    let mut window = WindowView::load(&mut window_data)?;
    let mut history_data = borrow_table::<History>(&accounts.history)?;
    let history = HistoryView::load(&mut history_data)?;
    let market = window.header.market;
    require!(
        market == ledger.header.market && market == history.header.market,
        MarketError::OtherMarket
    );
    if window.header.phase > Phase::Metered as u8 {
        return Ok(());
    }
    require!(window.header.is(Phase::Metered), MarketError::WrongPhase);

    let from = window.header.seat_cursor;
    let limit = from.saturating_add(limit).min(window.header.seats);
    let to = settle_seats(&mut window, &mut ledger, from, limit)?;
    window.header.seat_cursor = to;
    let done = to == window.header.seats;
    emit!(SeatsSettled {
        market,
        window: window.header.start,
        from,
        to,
        done,
    });
    if done {
        finish(&mut window, &mut ledger, history)?;
        reward(&mut ledger, window.header, reward_seat)?;
    }
    Ok(())
}

/// Settles the seats `from..to`; returns the first one not settled, which is before `to` if the supplier
/// can't pay for its surplus.
fn settle_seats(
    window: &mut WindowView,
    ledger: &mut LedgerView,
    from: u16,
    to: u16,
) -> Result<u16> {
    let header = &mut *window.header;
    let rules = Rules::of(header, window.nodes.first().and_then(NodeState::price));
    let mut supplier_free = ledger.open_seat(header.supplier)?.free;
    let mut escrow = ledger.header.escrow;
    // Sums of 32-bit numbers: 64 bits hold four thousand million of them.
    let (mut imported, mut exported) = (header.imported, header.exported);
    let range = usize::from(from)..usize::from(to);
    let positions = window
        .positions
        .get(range.clone())
        .ok_or(MarketError::Broken)?;
    let seats = ledger.seats.get_mut(range).ok_or(MarketError::Broken)?;
    let mut reached = to;
    for (index, (position, seat)) in (from..to).zip(positions.iter().zip(seats)) {
        if position.is_empty() || !seat.is_open() {
            continue;
        }
        let settled = if index == header.supplier {
            // Its own deviation would be paid to itself.
            seat.free = supplier_free;
            let settled = settle_seat(position, seat, None, &rules)?;
            supplier_free = seat.free;
            settled
        } else {
            settle_seat(position, seat, Some(&mut supplier_free), &rules)?
        };
        let Some(settled) = settled else {
            // What was settled before this seat stands; the call that finds it first says why.
            require!(index > from, MarketError::SupplierShort);
            reached = index;
            break;
        };
        escrow = escrow
            .checked_sub(settled.income)
            .ok_or(MarketError::Broken)?;
        imported = imported.wrapping_add(position.imported.into());
        exported = exported.wrapping_add(position.exported.into());
        if position.flags & position_flags::ESTIMATED != 0 {
            header.estimated_seats = header.estimated_seats.saturating_add(1);
        }
        if settled.new_debt > 0 {
            emit!(DebtIncurred {
                market: header.market,
                window: header.start,
                seat: index,
                amount: settled.new_debt,
            });
        }
    }
    header.imported = imported;
    header.exported = exported;
    ledger.header.escrow = escrow;
    ledger.open_seat(header.supplier)?.free = supplier_free;
    Ok(reached)
}

/// The prices a window settles at.
struct Rules {
    price: Option<Price>,
    tariff: Tariff,
    shortfall: Price,
}

impl Rules {
    fn of(window: &Window, price: Option<Price>) -> Rules {
        let terms = window.terms();
        Rules {
            price,
            tariff: terms.tariff,
            shortfall: terms.shortfall(price.unwrap_or_default()),
        }
    }
}

/// What settling a seat moved, milli-atoms.
struct Settled {
    /// Out of the escrow, for energy sold.
    income: u64,
    new_debt: u64,
}

/// Settles one seat against the supplier, whose free money is `supplier_free`; `None` there for the
/// supplier's own seat. Returns `None`, nothing changed, if the supplier can't pay.
#[inline(always)]
fn settle_seat(
    position: &Position,
    seat: &mut Seat,
    supplier_free: Option<&mut u64>,
    rules: &Rules,
) -> Result<Option<Settled>> {
    let sold = position.contract().sold;
    let income = (sold * rules.price.unwrap_or_default()).0;
    let unlocked = (sold * rules.shortfall).0;
    let mut available = bounded_sum(seat.free, unlocked)
        .and_then(|sum| bounded_sum(sum, income))
        .ok_or(MarketError::Overflow)?;
    let mut debt = seat.debt;
    if let Some(supplier_free) = supplier_free {
        let deviation = deviation(
            position.contract(),
            position.metered(),
            NetWh(seat.estimated),
            rules.tariff,
            rules.price,
        )
        .ok_or(MarketError::Overflow)?;
        let payment = deviation.payment;
        let Some(rest) = supplier_free.checked_sub(payment.seat_receives.0) else {
            return Ok(None);
        };
        available = bounded_sum(available, payment.seat_receives.0).ok_or(MarketError::Overflow)?;
        let due = bounded_sum(debt, payment.seat_pays.0).ok_or(MarketError::Overflow)?;
        let paid = due.min(available);
        available -= paid;
        debt = due - paid;
        *supplier_free = bounded_sum(rest, paid).ok_or(MarketError::Overflow)?;
        seat.estimated = deviation.estimated.0;
    }
    let new_debt = debt.saturating_sub(seat.debt);
    seat.locked = seat
        .locked
        .checked_sub(unlocked)
        .ok_or(MarketError::Broken)?;
    seat.free = available;
    seat.debt = debt;
    count_window(position, seat);
    Ok(Some(Settled { income, new_debt }))
}

/// Counts the window in the seat's totals, which are sums of 32-bit numbers: they can't overflow.
#[inline(always)]
fn count_window(position: &Position, seat: &mut Seat) {
    if position.orders > 0 {
        seat.engaged = seat.engaged.saturating_sub(1);
    }
    if position.flags & position_flags::ASSUMED == 0 {
        seat.estimated_windows = 0;
    } else if position.flags & position_flags::ESTIMATED != 0 {
        seat.estimated_windows = seat.estimated_windows.saturating_add(1);
    }
    seat.bought = seat.bought.wrapping_add(position.bought.into());
    seat.sold = seat.sold.wrapping_add(position.sold.into());
    seat.imported = seat.imported.wrapping_add(position.imported.into());
    seat.exported = seat.exported.wrapping_add(position.exported.into());
}

/// The last step: fees to their places, the record into the history.
fn finish(window: &mut WindowView, ledger: &mut LedgerView, history: HistoryView) -> Result<()> {
    let header = &mut *window.header;
    let node = window.nodes.first().ok_or(MarketError::NoSuchNode)?;
    let terms = header.terms();
    let volume = WhSum(node.volume);
    let value = |price: Price| volume.value(price).ok_or(MarketError::Overflow);
    let grid_fees = value(terms.grid_fee)?.0;
    let market_fees = value(terms.market_fee(Price(node.price)))?.0;
    ledger.header.escrow = ledger
        .header
        .escrow
        .checked_sub(grid_fees)
        .and_then(|rest| rest.checked_sub(market_fees))
        .ok_or(MarketError::Broken)?;
    let mut fees = market_fees;
    match ledger.open_seat(header.grid_operator) {
        Ok(seat) => seat.credit(grid_fees)?,
        // A grid operator without a seat leaves its fee to the market.
        Err(_) => fees = fees.checked_add(grid_fees).ok_or(MarketError::Overflow)?,
    }
    ledger.header.fees = ledger
        .header
        .fees
        .checked_add(fees)
        .ok_or(MarketError::Overflow)?;

    let length = Seconds(header.end.saturating_sub(header.start));
    let record = UnixTime(header.start)
        .ring_slot(length, history.header.capacity)
        .and_then(|slot| history.records.get_mut(usize::from(slot)))
        .ok_or(MarketError::Broken)?;
    let new = HistoryRecord {
        start: header.start,
        volume: node.volume,
        imported: header.imported,
        exported: header.exported,
        price: node.price,
        short: header.short,
        long: header.long,
        low: node.low,
        high: node.high,
        orders: header.live_orders,
        estimated: header.estimated_seats,
        reserved: 0,
    };
    // A window that was settled late does not push out a later one.
    if record.start <= new.start {
        *record = new;
    }
    history.header.windows = history.header.windows.saturating_add(1);
    history.header.volume = history.header.volume.saturating_add(node.volume);
    header.phase = Phase::Settled as u8;
    emit!(WindowRecorded {
        market: header.market,
        window: header.start,
        volume: node.volume,
        imported: header.imported,
        exported: header.exported,
        grid_fees,
        market_fees,
        estimated_seats: header.estimated_seats,
    });
    Ok(())
}
