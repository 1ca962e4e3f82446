use core::result::Result;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_auction::{block_count, Clearing, Level, Ration};
use joulebook_metering::{settlement::Terms, tariff::Tariff};
use joulebook_tables::{Carver, DISCRIMINATOR_LEN};
use joulebook_units::{Price, Tick};

use super::{Market, Order, Position};
use crate::errors::MarketError;

/// End of the list of free order slots.
pub const NO_ORDER: u16 = u16::MAX;

/// One slot of the window ring: this header, then for its nodes a [`NodeState`] each, the block sums
/// and the levels of all nodes; a [`Position`] for each seat; the orders.
/// Address: `["window", market, slot]`.
///
/// What an order or a settlement needs of the market is copied here when the window opens: it can't
/// change under an open window, and fewer accounts are loaded.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Window {
    pub market: Pubkey,
    pub community: Pubkey,
    pub meter_table: Pubkey,
    /// Start of delivery, unix seconds; i64::MIN before first use.
    pub start: i64,
    /// Gate closure.
    pub gate: i64,
    /// End of delivery.
    pub end: i64,
    /// When readings are no longer awaited.
    pub settle_by: i64,
    /// Start of the window that was allocated before this one, and is settled before it; 0 for none, i64::MIN if
    /// a later one was allocated before.
    pub previous: i64,
    /// Metered energy of the seats settled so far, Wh.
    pub imported: u64,
    pub exported: u64,
    /// See [`super::MarketTerms`].
    pub keeper_reward: u64,
    pub floor_price: u32,
    pub tick_size: u32,
    pub min_quantity: u32,
    /// Largest order, Wh: a seat's orders stay within 32 bits.
    pub max_quantity: u32,
    /// Imbalance prices, quote atoms per kWh.
    pub short: u32,
    pub long: u32,
    pub grid_fee: u32,
    pub fee_bps: u16,
    pub max_estimated: u16,
    pub supplier: u16,
    pub grid_operator: u16,
    pub max_orders_per_seat: u16,
    pub ticks: u16,
    pub seats: u16,
    pub orders: u16,
    pub slot: u16,
    /// Slot of the meter table's interval for this window.
    pub interval_slot: u16,
    /// Live orders.
    pub live_orders: u16,
    /// Order slots in use or freed: those from here on were never used.
    pub used_orders: u16,
    /// First free order slot below `used_orders`; [`NO_ORDER`] for none.
    pub free_order: u16,
    /// Orders that have their fills.
    pub order_cursor: u16,
    /// Seats allocated while the window is cleared, and settled once it is metered.
    pub seat_cursor: u16,
    /// Seats settled with a meter that was not heard.
    pub estimated_seats: u16,
    /// A [`Phase`].
    pub phase: u8,
    pub nodes: u8,
    pub rule: u8,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 15],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Phase {
    Free = 0,
    Open = 1,
    Cleared = 2,
    Allocated = 3,
    Metered = 4,
    Settled = 5,
}

/// The outcome of one node.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct NodeState {
    /// Wh.
    pub volume: u64,
    /// The marginal tick's rationing of buys: Wh to give, asked for, asked and served so far.
    pub buys: [u64; 4],
    /// Likewise of sells.
    pub sells: [u64; 4],
    /// Quote atoms per kWh; 0 if nothing traded.
    pub price: u32,
    pub low: u16,
    pub high: u16,
}

const _: () = assert!(size_of::<Window>() == 3 * 32 + 8 * 8 + 7 * 4 + 16 * 2 + 5 + 15);
const _: () = assert!(size_of::<NodeState>() == 80);

impl Window {
    pub const VERSION: u8 = 1;
    pub const NEVER: i64 = i64::MIN;

    pub fn full_len(market: &Market) -> usize {
        Self::len(market.nodes, market.ticks, market.seats, market.orders)
    }

    /// Bytes of a window with so many nodes, ticks, seats and orders.
    pub fn len(nodes: u8, ticks: u16, seats: u16, orders: u16) -> usize {
        let levels = block_count(ticks) + usize::from(ticks);
        let node = size_of::<NodeState>() + levels * size_of::<Level>();
        DISCRIMINATOR_LEN
            + size_of::<Window>()
            + usize::from(nodes) * node
            + usize::from(seats) * size_of::<Position>()
            + usize::from(orders) * size_of::<Order>()
    }

    /// Whether orders for the window that starts at `start` come and go now.
    ///
    /// # Errors
    /// [`MarketError::NotOpen`], [`MarketError::GateClosed`].
    #[inline(always)]
    pub fn require_open(&self, start: i64) -> Result<(), MarketError> {
        if self.start > start {
            return Err(MarketError::GateClosed);
        }
        if self.start < start || !self.is(Phase::Open) {
            return Err(MarketError::NotOpen);
        }
        let now = Clock::get().map_err(|_| MarketError::Broken)?;
        if now.unix_timestamp >= self.gate {
            return Err(MarketError::GateClosed);
        }
        Ok(())
    }

    pub fn is(&self, phase: Phase) -> bool {
        self.phase == phase as u8
    }

    /// The price of a tick on the grid, which `open_window` has checked to fit.
    #[inline(always)]
    pub fn price(&self, tick: Tick) -> Price {
        price(self.floor_price, self.tick_size, tick)
    }

    #[inline(always)]
    pub fn terms(&self) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(self.short),
                long: Price(self.long),
            },
            grid_fee: Price(self.grid_fee),
            fee_bps: self.fee_bps,
        }
    }
}

/// The price of a tick on a grid that was checked to fit 32 bits.
#[inline(always)]
pub fn price(floor: u32, tick_size: u32, tick: Tick) -> Price {
    Price(floor.wrapping_add(u32::from(tick.0).wrapping_mul(tick_size)))
}

impl NodeState {
    pub fn cleared(clearing: &Clearing, price: Price) -> NodeState {
        let mut node = NodeState {
            volume: clearing.volume,
            price: price.0,
            low: clearing.low.0,
            high: clearing.high.0,
            ..Default::default()
        };
        node.store(clearing);
        node
    }

    /// The clearing to go on filling orders with; `None` if nothing traded.
    pub fn clearing(&self) -> Option<Clearing> {
        let ration = |[given, total, asked, served]: [u64; 4]| Ration {
            given,
            total,
            asked,
            served,
        };
        (self.volume > 0).then_some(Clearing {
            volume: self.volume,
            low: Tick(self.low),
            high: Tick(self.high),
            buys: ration(self.buys),
            sells: ration(self.sells),
        })
    }

    /// Keeps how far the filling has come.
    pub fn store(&mut self, clearing: &Clearing) {
        let parts = |ration: &Ration| [ration.given, ration.total, ration.asked, ration.served];
        self.buys = parts(&clearing.buys);
        self.sells = parts(&clearing.sells);
    }

    /// `None` if nothing traded.
    pub fn price(&self) -> Option<Price> {
        (self.volume > 0).then_some(Price(self.price))
    }
}

/// A window, cut into its parts.
pub struct WindowView<'a> {
    pub header: &'a mut Window,
    pub nodes: &'a mut [NodeState],
    pub blocks: &'a mut [Level],
    pub levels: &'a mut [Level],
    pub positions: &'a mut [Position],
    pub orders: &'a mut [Order],
}

impl<'a> WindowView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<WindowView<'a>, MarketError> {
        Self::carve(data).ok_or(MarketError::TableNotGrown)
    }

    #[inline(always)]
    fn carve(data: &'a mut [u8]) -> Option<WindowView<'a>> {
        let mut carver = Carver::new(data)?;
        let header = carver.header::<Window>()?;
        let count = usize::from(header.nodes);
        let view = WindowView {
            nodes: carver.slice(count)?,
            blocks: carver.slice(count.checked_mul(block_count(header.ticks))?)?,
            levels: carver.slice(count.checked_mul(usize::from(header.ticks))?)?,
            positions: carver.slice(usize::from(header.seats))?,
            orders: carver.slice(usize::from(header.orders))?,
            header,
        };
        carver.finish()?;
        Some(view)
    }
}
