use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_unnumbered, wipe, Addressed};
use joulebook_layout::{
    market::{self, limits::NO_ORDER, Standing, Transition, WindowStatus},
    oracle, view,
};
use joulebook_units::{Seconds, UnixTime};

use crate::{
    book::connect,
    errors::MarketError,
    events::WindowOpened,
    rules::grid_of,
    state::{load_book, load_page, Book, Market, MeterTable, Page},
};

#[accounts]
pub struct OpenWindow<'info> {
    pub market: AccountLoader<'info, Market>,
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// That of the window.
    #[account(mut, constraint = page.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub page: AccountLoader<'info, Page>,
    #[account(mut, constraint = book.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub book: AccountLoader<'info, Book>,
}

/// When orders come and go.
struct Schedule {
    opens: UnixTime,
    gate: UnixTime,
    end: UnixTime,
}

impl Schedule {
    fn of(market: &market::Market, start: UnixTime) -> Option<Schedule> {
        let terms = market.terms_at(start.0);
        let seconds = |value: u32| Seconds(i64::from(value));
        Some(Schedule {
            opens: start.checked_sub(seconds(terms.horizon))?,
            gate: start.checked_sub(seconds(terms.gate_lead))?,
            end: start.checked_add(market.window_length())?,
        })
    }
}

pub fn open_window(ctx: Context<OpenWindow>, start: i64) -> Result<()> {
    let accounts = ctx.accounts;
    let market = accounts.market.load()?;
    let mut data = accounts.page.as_ref().try_borrow_mut_data()?;
    let mut page = load_page(&mut data)?;
    let mut data = accounts.book.as_ref().try_borrow_mut_data()?;
    let book = load_book(&mut data)?;
    let header = book.header;
    let time = UnixTime(start);
    let slot = time.ring_slot(market.window_length(), market.books);
    let slot = slot.ok_or(MarketError::OffBoundary)?;
    require!(slot == header.slot, MarketError::WrongSlot);
    let number = place_in(page.header, &market, start);
    let window = number.and_then(|number| page.window(number));
    // Somebody else was faster: what else is in the transaction goes on.
    if window.is_some_and(|(window, _)| !window.is(WindowStatus::Unopened)) {
        return Ok(());
    }
    let is_due = header.standing(Transition::Open) == Standing::Due;
    require!(is_due, MarketError::SlotBusy);
    let schedule = Schedule::of(&market, time).ok_or(MarketError::Overflow)?;
    let now = now()?.0;
    require!(now >= schedule.opens.0, MarketError::TooEarlyToOpen);
    require!(now < schedule.gate.0, MarketError::GateClosed);
    let window = number.and_then(|number| page.window(number));
    let (window, _) = window.ok_or(MarketError::WrongPage)?;
    let terms = market.terms_at(start);
    grid_of(terms, market.ticks)?;
    let local = time.local(Seconds(terms.utc_offset.into()));
    let local = local.ok_or(MarketError::Overflow)?;
    let data = accounts.meter_table.as_ref().try_borrow_data()?;
    let (_, meters) = view::<oracle::MeterTable>(&data).ok_or(MarketError::TableNotGrown)?;

    window.status = WindowStatus::Open as u8;
    let supplier = window.supplier;
    *header = market::Book {
        market: header.market,
        community: header.community,
        start,
        gate: schedule.gate.0,
        end: schedule.end.0,
        keeper_reward: terms.keeper_reward,
        floor_price: terms.floor_price,
        tick_size: terms.tick_size,
        min_quantity: terms.min_quantity,
        short: window.short,
        long: window.long,
        grid_fee: window.grid_fee,
        min_lock: terms.min_lock,
        fee_bps: terms.fee_bps,
        max_silent: terms.max_silent,
        max_orders_per_seat: market.max_orders_per_seat,
        room_per_seat: market.room_per_seat,
        ticks: header.ticks,
        seats: header.seats,
        orders: header.orders,
        slot: header.slot,
        free_order: NO_ORDER,
        phase: Transition::Open.leads_to() as u8,
        nodes: header.nodes,
        rule: market.rule,
        version: header.version,
        bump: header.bump,
        half_hour: local.half_hour,
        weekday: local.weekday,
        ..Default::default()
    };
    // Orders need no wiping: only slots below `used_orders` are read.
    wipe(book.nodes);
    wipe(book.blocks);
    wipe(book.levels);
    wipe(book.seats);
    connect(book.seats, meters, page.header);
    if let Some(supplier) = book.seats.get_mut(usize::from(supplier)) {
        (supplier.may_buy, supplier.may_sell) = (u32::MAX, u32::MAX);
    }
    emit_unnumbered!(WindowOpened {
        market: accounts.market.key(),
        window: start,
        slot: header.slot,
        gate: header.gate,
        short: header.short,
        long: header.long,
    });
    Ok(())
}

/// The number of the window that starts at `start` in a page; `None` if the page does not hold it.
fn place_in(page: &market::Page, market: &market::Market, start: i64) -> Option<u16> {
    let number = UnixTime(start).lengths_since(UnixTime(page.start), market.window_length())?;
    u16::try_from(number).ok()
}
