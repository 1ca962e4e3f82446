mod enter;
mod event;

use anchor_lang::prelude::*;
use registry::state::{pause, Community, Participant, Roles};

use super::book_of;
use crate::{
    errors::MarketError,
    state::{Ledger, LedgerView, Phase, Seat, Window, WindowView},
};
pub use enter::lock_of;
use enter::{Entered, Entry};
use event::PlacedEvent;

#[derive(Accounts)]
pub struct PlaceOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    /// The seat's participant.
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub window: AccountLoader<'info, Window>,
}

/// An order to enter.
#[derive(Clone, Copy, Debug, AnchorSerialize)]
pub struct NewOrder {
    /// Wh, within the window's bounds.
    pub quantity: u32,
    /// Index into the window's price grid: the highest price to pay, the lowest to take.
    pub tick: u16,
    /// 0 buy, 1 sell.
    pub side: u8,
    /// 0, the only node.
    pub node: u8,
}

// One read of eight bytes: field by field costs more than the rest of placing an order.
impl AnchorDeserialize for NewOrder {
    #[inline(always)]
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let mut bytes = [0; 8];
        reader.read_exact(&mut bytes)?;
        let [q0, q1, q2, q3, t0, t1, side, node] = bytes;
        Ok(NewOrder {
            quantity: u32::from_le_bytes([q0, q1, q2, q3]),
            tick: u16::from_le_bytes([t0, t1]),
            side,
            node,
        })
    }
}

pub fn place_orders(ctx: Context<PlaceOrders>, orders: Vec<NewOrder>) -> Result<()> {
    let accounts = &ctx.accounts;
    let (participant, roles) = accounts.member()?;
    let mut ledger_data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = accounts.window.as_ref().try_borrow_mut_data()?;
    let window = WindowView::load(&mut window_data)?;
    let header = window.header;
    require!(
        header.market == ledger.header.market,
        MarketError::OtherMarket
    );
    require!(
        header.community == *accounts.community.as_ref().key,
        MarketError::OtherCommunity
    );
    require!(header.is(Phase::Open), MarketError::NotOpen);
    require!(
        Clock::get()?.unix_timestamp < header.gate,
        MarketError::GateClosed
    );
    let seat = ledger.open_seat(participant.index)?;
    require!(seat.owner == participant.wallet, MarketError::NotOwner);
    require!(seat.trades_for(accounts.trader.key), MarketError::NotTrader);
    validate_standing(seat, header)?;
    let position = window
        .positions
        .get_mut(usize::from(participant.index))
        .ok_or(MarketError::NoSuchSeat)?;
    let count = u16::try_from(orders.len()).map_err(|_| MarketError::TooManyOrders)?;
    require!(count > 0, MarketError::NoOrders);
    let live = position
        .orders
        .checked_add(count)
        .filter(|live| *live <= header.max_orders_per_seat)
        .ok_or(MarketError::TooManyOrders)?;

    let mut event = PlacedEvent::new(header, participant.index, count);
    let book = book_of(window.levels, window.blocks)?;
    let mut entry = Entry::new(header, book, window.orders, participant.index, roles);
    let mut lock = 0u64;
    for new in &orders {
        let entered = entry.enter(new)?;
        lock = lock
            .checked_add(entered.lock)
            .ok_or(MarketError::Overflow)?;
        event.push(new, &entered);
    }
    let header = entry.window;

    seat.free = seat
        .free
        .checked_sub(lock)
        .ok_or(MarketError::NotEnoughFree)?;
    seat.locked = seat.locked.checked_add(lock).ok_or(MarketError::Overflow)?;
    if position.orders == 0 {
        seat.engaged = seat.engaged.checked_add(1).ok_or(MarketError::Overflow)?;
    }
    position.locked = position
        .locked
        .checked_add(lock)
        .ok_or(MarketError::Overflow)?;
    position.orders = live;
    header.live_orders = header
        .live_orders
        .checked_add(count)
        .ok_or(MarketError::Overflow)?;
    event.emit();
    Ok(())
}

impl PlaceOrders<'_> {
    /// The seat's participant, who must be active in a community that trades.
    #[inline(always)]
    fn member(&self) -> Result<(std::cell::Ref<'_, Participant>, Roles)> {
        require!(
            !self.community.load()?.is_paused(pause::TRADING),
            MarketError::TradingPaused
        );
        let participant = self.participant.load()?;
        require!(
            participant.community == *self.community.as_ref().key,
            MarketError::OtherCommunity
        );
        require!(participant.is_active(), MarketError::NotActive);
        let roles = participant.roles();
        Ok((participant, roles))
    }
}

fn validate_standing(seat: &Seat, window: &Window) -> Result<()> {
    require!(seat.debt == 0, MarketError::InDebt);
    require!(
        window.max_estimated == 0 || seat.estimated_windows < window.max_estimated,
        MarketError::MetersSilent
    );
    Ok(())
}
