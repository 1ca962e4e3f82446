mod enter;
mod event;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use registry::state::{pause, Community, Participant, Roles};

use super::book_of;
use crate::{
    errors::MarketError,
    state::{borrow_table, Ledger, LedgerView, Phase, Seat, Window, WindowView},
};
pub use enter::lock_of;
use enter::{check_orders, enter_orders};
use event::{Placed, PlacedEvent};

#[derive(Accounts)]
pub struct PlaceOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    /// The seat's participant.
    pub participant: AccountLoader<'info, Participant>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub ledger: UncheckedAccount<'info>,
    /// CHECK: owner and kind when its data is borrowed.
    #[account(mut)]
    pub window: UncheckedAccount<'info>,
}

/// An order to enter.
#[derive(Clone, Copy, Debug, Pod, Zeroable, AnchorSerialize)]
#[repr(C)]
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
        Ok(bytemuck::cast(bytes))
    }
}

pub fn place_orders(ctx: Context<PlaceOrders>, orders: Vec<NewOrder>) -> Result<()> {
    let accounts = &ctx.accounts;
    let (participant, roles) = accounts.member()?;
    let mut ledger_data = borrow_table::<Ledger>(&accounts.ledger)?;
    let mut ledger = LedgerView::load(&mut ledger_data)?;
    let mut window_data = borrow_table::<Window>(&accounts.window)?;
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

    let lock = check_orders(&orders, header, roles)?;
    let free = seat
        .free
        .checked_sub(lock)
        .ok_or(MarketError::NotEnoughFree)?;

    let mut event = PlacedEvent::new(header, participant.index, count);
    let mut book = book_of(window.levels, window.blocks)?;
    enter_orders(
        &orders,
        header,
        &mut book,
        window.orders,
        participant.index,
        event.orders(),
    )?;
    seat.free = free;
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
