use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::market::{self, limits::NO_ORDER, Standing, Transition};
use joulebook_units::{Seconds, UnixTime};

use crate::{
    errors::MarketError,
    events::WindowOpened,
    rules::{grid_of, largest_order, tariff_at},
    state::{load_window, Market, Window},
};

#[accounts]
pub struct OpenWindow<'info> {
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = window.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
}

/// When the steps of a window's life are due.
struct Schedule {
    opens: UnixTime,
    gate: UnixTime,
    end: UnixTime,
    settle_by: UnixTime,
}

impl Schedule {
    fn of(market: &market::Market, start: UnixTime) -> Option<Schedule> {
        let seconds = |value: u32| Seconds(i64::from(value));
        let end = start.checked_add(market.window_length())?;
        Some(Schedule {
            opens: start.checked_sub(seconds(market.terms.horizon))?,
            gate: start.checked_sub(seconds(market.terms.gate_lead))?,
            end,
            settle_by: end.checked_add(seconds(market.terms.metering_grace))?,
        })
    }
}

pub fn open_window(ctx: Context<OpenWindow>, start: i64) -> Result<()> {
    let accounts = ctx.accounts;
    let market = accounts.market.load()?;
    let mut data = accounts.window.as_ref().try_borrow_mut_data()?;
    let window = load_window(&mut data)?;
    let header = window.header;
    let time = UnixTime(start);
    let length = market.window_length();
    let slot = time.ring_slot(length, market.ring);
    let slot = slot.ok_or(MarketError::OffBoundary)?;
    require!(slot == header.slot, MarketError::WrongSlot);
    let is_due = header.standing(Transition::Open) == Standing::Due;
    require!(is_due, MarketError::SlotBusy);
    require!(start > header.start, MarketError::StartPassed);
    let schedule = Schedule::of(&market, time).ok_or(MarketError::Overflow)?;
    let now = Clock::get()?.unix_timestamp;
    require!(now >= schedule.opens.0, MarketError::TooEarlyToOpen);
    if header.start == market::Window::NEVER {
        // Anybody could otherwise take a fresh slot through all of the past, and be rewarded each time.
        let age = UnixTime(now).since(time).ok_or(MarketError::Overflow)?;
        let round = length.0.saturating_mul(i64::from(market.ring));
        require!(age.0 < round, MarketError::StartTooOld);
    }
    grid_of(&market.terms, market.ticks)?;
    let tariff = tariff_at(&market, time).ok_or(MarketError::Overflow)?;
    let interval_slot = time
        .ring_slot(length, market.interval_ring)
        .ok_or(MarketError::OffBoundary)?;
    let max_quantity = largest_order(market.max_orders_per_seat);

    *header = market::Window {
        market: header.market,
        community: header.community,
        meter_table: header.meter_table,
        start,
        gate: schedule.gate.0,
        end: schedule.end.0,
        settle_by: schedule.settle_by.0,
        keeper_reward: market.terms.keeper_reward,
        floor_price: market.terms.floor_price,
        tick_size: market.terms.tick_size,
        min_quantity: market.terms.min_quantity,
        max_quantity,
        short: tariff.short.0,
        long: tariff.long.0,
        grid_fee: market.terms.grid_fee,
        min_lock: market.terms.min_lock,
        fee_bps: market.terms.fee_bps,
        max_estimated: market.terms.max_estimated,
        supplier: market.supplier,
        grid_operator: market.grid_operator,
        max_orders_per_seat: market.max_orders_per_seat,
        ticks: header.ticks,
        seats: header.seats,
        orders: header.orders,
        slot: header.slot,
        interval_slot,
        free_order: NO_ORDER,
        phase: Transition::Open.leads_to() as u8,
        nodes: header.nodes,
        rule: market.rule,
        version: header.version,
        bump: header.bump,
        ..Default::default()
    };
    // Orders need no wiping: only slots below `used_orders` are read.
    wipe(window.nodes);
    wipe(window.blocks);
    wipe(window.levels);
    wipe(window.positions);
    emit!(WindowOpened {
        market: accounts.market.key(),
        window: start,
        slot: header.slot,
        gate: header.gate,
        short: header.short,
        long: header.long,
    });
    Ok(())
}

fn wipe<T: bytemuck::Pod>(slice: &mut [T]) {
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(slice);
    // SAFETY: the length is that of the slice. The system call clears 250 bytes for a compute unit; a
    // loop would take a hundred times as many.
    unsafe { anchor_lang::solana_program::program_memory::sol_memset(bytes, 0, bytes.len()) }
}
