mod enter;
mod event;

use core::result::Result;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_units::Price;
use registry::state::{pause, Community, Participant, Roles};

use super::{book_of, Arguments};
use crate::{
    errors::MarketError,
    state::{Ledger, LedgerView, Seat, Window, WindowView},
    views::Accounts,
};
pub use enter::lock_of;
use enter::{check_orders, Entry};
use event::PlacedEvent;

/// The accounts, for the interface description: [`place_orders`] takes and checks them.
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
#[derive(Clone, Copy, Debug, Pod, Zeroable, AnchorSerialize, AnchorDeserialize)]
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

pub fn place_orders(mut accounts: Accounts, mut arguments: Arguments) -> anchor_lang::Result<()> {
    let trader = accounts.signer()?;
    let community = accounts.record::<Community>()?;
    let participant = accounts.record::<Participant>()?;
    let mut ledger = accounts.table::<Ledger>()?;
    let mut window = accounts.table::<Window>()?;
    let placing = Placing {
        trader: trader.key(),
        member: Member::new(community.key(), community.get()?, participant.get()?)?,
        start: arguments.i64()?,
        orders: arguments.list()?,
    };
    placing.place(ledger.data(), window.data())?;
    Ok(())
}

/// A participant that may trade now.
struct Member<'a> {
    community: &'a Pubkey,
    wallet: &'a Pubkey,
    index: u16,
    roles: Roles,
}

impl<'a> Member<'a> {
    #[inline(always)]
    fn new(
        key: &'a Pubkey,
        community: &Community,
        participant: &'a Participant,
    ) -> Result<Member<'a>, MarketError> {
        if community.is_paused(pause::TRADING) {
            return Err(MarketError::TradingPaused);
        }
        if participant.community != *key {
            return Err(MarketError::OtherCommunity);
        }
        if !participant.is_active() {
            return Err(MarketError::NotActive);
        }
        Ok(Member {
            community: key,
            wallet: &participant.wallet,
            index: participant.index,
            roles: participant.roles(),
        })
    }
}

struct Placing<'a> {
    trader: &'a Pubkey,
    member: Member<'a>,
    /// Of the window, unix seconds.
    start: i64,
    orders: &'a [NewOrder],
}

impl Placing<'_> {
    #[inline(always)]
    fn place(&self, ledger: &mut [u8], window: &mut [u8]) -> Result<(), MarketError> {
        let mut ledger = LedgerView::load(ledger)?;
        let window = WindowView::load(window)?;
        let (header, member) = (window.header, &self.member);
        if header.market != ledger.header.market {
            return Err(MarketError::OtherMarket);
        }
        if header.community != *member.community {
            return Err(MarketError::OtherCommunity);
        }
        header.require_open(self.start)?;
        let seat = ledger.open_seat(member.index)?;
        if seat.owner != *member.wallet {
            return Err(MarketError::NotOwner);
        }
        if !seat.trades_for(self.trader) {
            return Err(MarketError::NotTrader);
        }
        check_standing(seat, header)?;
        let position = window
            .positions
            .get_mut(usize::from(member.index))
            .ok_or(MarketError::NoSuchSeat)?;
        let count = u16::try_from(self.orders.len()).map_err(|_| MarketError::TooManyOrders)?;
        if count == 0 {
            return Err(MarketError::NoOrders);
        }
        let live = position
            .orders
            .checked_add(count)
            .filter(|live| *live <= header.max_orders_per_seat)
            .ok_or(MarketError::TooManyOrders)?;
        let free = check_orders(self.orders, header, member.roles, seat.free)?;
        if free < seat.unconfirmed(Price(header.short)) {
            return Err(MarketError::Unconfirmed);
        }

        let lock = seat.free.wrapping_sub(free);
        let mut event = PlacedEvent::new(header, member.index, count);
        let mut entry = Entry {
            book: book_of(window.levels, window.blocks)?,
            table: window.orders,
            window: header,
            seat: member.index,
        };
        entry.enter_all(self.orders.iter().zip(event.orders()))?;
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
        // SAFETY: the event was made for `count` orders, and `enter_all` wrote each of them.
        unsafe { event.emit() };
        Ok(())
    }
}

fn check_standing(seat: &Seat, window: &Window) -> Result<(), MarketError> {
    if seat.debt > 0 {
        return Err(MarketError::InDebt);
    }
    if window.max_estimated > 0 && seat.estimated_windows >= window.max_estimated {
        return Err(MarketError::MetersSilent);
    }
    Ok(())
}
