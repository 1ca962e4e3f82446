use anchor_lang::{prelude::*, Discriminator};
use joulebook_auction::Side;
use joulebook_units::{Tick, Wh};
use registry::state::{pause, Community, Participant, Roles};

use super::book_of;
use crate::{
    errors::MarketError,
    events::OrdersPlaced,
    state::{
        Ledger, LedgerView, Order, OrderState, Phase, Seat, Window, WindowView, MAX_SEQUENCE, NO_ORDER,
    },
};

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

const EVENT_HEAD: usize = 8 + 32 + 8 + 2 + 4;
const EVENT_ORDER: usize = 12;

pub fn place_orders(ctx: Context<PlaceOrders>, orders: Vec<NewOrder>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(!orders.is_empty(), MarketError::NoOrders);
    require!(
        !accounts.community.load()?.is_paused(pause::TRADING),
        MarketError::TradingPaused
    );
    let (index, roles) = {
        let participant = accounts.participant.load()?;
        require!(
            participant.community == accounts.community.key(),
            MarketError::OtherCommunity
        );
        require!(participant.is_active(), MarketError::NotActive);
        (participant.index, participant.roles())
    };
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
        header.community == accounts.community.key(),
        MarketError::OtherCommunity
    );
    require!(header.is(Phase::Open), MarketError::NotOpen);
    require!(
        Clock::get()?.unix_timestamp < header.gate,
        MarketError::GateClosed
    );
    let seat = ledger.open_seat(index)?;
    validate_seat(seat, accounts, header)?;
    let position = window
        .positions
        .get_mut(usize::from(index))
        .ok_or(MarketError::NoSuchSeat)?;
    let count = u16::try_from(orders.len())
        .ok()
        .and_then(|more| position.orders.checked_add(more))
        .filter(|count| *count <= header.max_orders_per_seat)
        .ok_or(MarketError::TooManyOrders)?;

    let mut event = Vec::with_capacity(EVENT_HEAD + orders.len() * EVENT_ORDER);
    event.extend_from_slice(OrdersPlaced::DISCRIMINATOR);
    event.extend_from_slice(header.market.as_ref());
    event.extend_from_slice(&header.start.to_le_bytes());
    event.extend_from_slice(&index.to_le_bytes());
    event.extend_from_slice(&(orders.len() as u32).to_le_bytes());

    let grid = header.grid()?;
    let terms = header.terms();
    let mut book = book_of(window.levels, window.blocks)?;
    let mut lock = 0u64;
    for new in &orders {
        let (side, allowed) = match new.side {
            0 => (Side::Buy, Roles::BUYING),
            1 => (Side::Sell, Roles::SELLING),
            _ => return err!(MarketError::UnknownSide),
        };
        require!(roles.intersects(allowed), MarketError::RoleForbids);
        require!(new.node < header.nodes, MarketError::NoSuchNode);
        require!(
            new.quantity >= header.min_quantity && new.quantity <= header.max_quantity,
            MarketError::Quantity
        );
        let tick = Tick(new.tick);
        let quantity = Wh(new.quantity);
        let price = grid.price(tick).ok_or(MarketError::OffGrid)?;
        let cost = match side {
            Side::Buy => terms.buy_lock(quantity, price).ok_or(MarketError::Overflow)?,
            Side::Sell => terms.sell_lock(quantity, price),
        };
        lock = lock.checked_add(cost.0).ok_or(MarketError::Overflow)?;
        book.add(side, tick, quantity).map_err(|_| MarketError::Overflow)?;

        let (slot, sequence) = take_slot(header, window.orders)?;
        let order = window
            .orders
            .get_mut(usize::from(slot))
            .ok_or(MarketError::BookFull)?;
        *order = Order {
            quantity: new.quantity,
            filled: 0,
            tick: new.tick,
            seat: index,
            sequence,
            node: new.node,
            state: OrderState::of(side) as u8,
        };
        let [q0, q1, q2, q3] = new.quantity.to_le_bytes();
        let [t0, t1] = new.tick.to_le_bytes();
        let [i0, i1] = slot.to_le_bytes();
        let [s0, s1] = sequence.to_le_bytes();
        event.extend_from_slice(&[
            q0, q1, q2, q3, t0, t1, i0, i1, s0, s1, new.node, new.side,
        ]);
    }

    seat.free = seat
        .free
        .checked_sub(lock)
        .ok_or(MarketError::NotEnoughFree)?;
    seat.locked = seat.locked.checked_add(lock).ok_or(MarketError::Overflow)?;
    if position.orders == 0 {
        seat.engaged = seat.engaged.checked_add(1).ok_or(MarketError::Overflow)?;
    }
    position.orders = count;
    header.live_orders = header
        .live_orders
        .checked_add(orders.len() as u16)
        .ok_or(MarketError::Overflow)?;
    anchor_lang::solana_program::log::sol_log_data(&[&event]);
    Ok(())
}

fn validate_seat(seat: &Seat, accounts: &PlaceOrders, window: &Window) -> Result<()> {
    require!(
        seat.owner == accounts.participant.load()?.wallet,
        MarketError::NotOwner
    );
    require!(
        seat.trades_for(accounts.trader.key),
        MarketError::NotTrader
    );
    require!(seat.debt == 0, MarketError::InDebt);
    require!(
        window.max_estimated == 0 || seat.estimated_windows < window.max_estimated,
        MarketError::MetersSilent
    );
    Ok(())
}

/// A free order slot and the sequence of its next order.
#[inline(always)]
fn take_slot(window: &mut Window, orders: &[Order]) -> Result<(u16, u16)> {
    if window.free_order == NO_ORDER {
        let slot = window.used_orders;
        require!(slot < window.orders, MarketError::BookFull);
        window.used_orders = slot + 1;
        return Ok((slot, 0));
    }
    let slot = window.free_order;
    let order = orders.get(usize::from(slot)).ok_or(MarketError::BookFull)?;
    require!(order.sequence < MAX_SEQUENCE, MarketError::BookFull);
    window.free_order = order.quantity as u16;
    Ok((slot, order.sequence + 1))
}
