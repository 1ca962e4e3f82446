use joulebook_units::{Price, Tick};

use super::{limits, Order, Phase, Standing, Transition};
use crate::{
    describe::{Layout, Rows},
    Address, Cutter, DISCRIMINATOR_LEN,
};

/// Ticks summed in one block.
pub const TICKS_PER_BLOCK: usize = limits::TICKS_PER_BLOCK as usize;

/// Blocks that a grid of `ticks` needs.
pub const fn block_count(ticks: u16) -> usize {
    (ticks as usize).div_ceil(TICKS_PER_BLOCK)
}

layout! {
    /// One slot of the book ring: the orders of a window, from its opening until each has its fill. What an order needs
    /// of the market is copied here when the window opens: it can't change under an open window, and fewer accounts
    /// are loaded.
    /// Address: `["book", market, slot]`.
    #[size = 2 * 32 + 4 * 8 + 7 * 4 + 14 * 2 + 7 + 1]
    pub struct Book {
        /// Part of the address.
        pub market: Address,
        /// The market's.
        pub community: Address,
        /// Of delivery, unix seconds; −2⁶³ before first use.
        pub start: i64,
        /// Gate closure, unix seconds.
        pub gate: i64,
        /// Of delivery, unix seconds.
        pub end: i64,
        /// Milli-atoms, out of the window's own market fee at most.
        pub keeper_reward: u64,
        /// Price of tick 0, atoms per kWh.
        pub floor_price: i32,
        /// Atoms per kWh.
        pub tick_size: u32,
        /// Smallest order, Wh.
        pub min_quantity: u32,
        /// Retail price, atoms per kWh.
        pub short: i32,
        /// Feed-in tariff, atoms per kWh.
        pub long: i32,
        /// Atoms per kWh.
        pub grid_fee: i32,
        /// The least that an order locks, atoms per kWh.
        pub min_lock: i32,
        /// Market fee, basis points.
        pub fee_bps: u16,
        /// Silent windows before a seat may place no orders; 0 for any number.
        pub max_silent: u16,
        /// Live ones, at most.
        pub max_orders_per_seat: u16,
        /// Live orders that each seat has room for, whatever the others do.
        pub room_per_seat: u16,
        /// Live orders beyond the room of their seats; those of all seats have what room is left.
        pub beyond_room: u16,
        /// Levels of each node.
        pub ticks: u16,
        /// Rows of seats.
        pub seats: u16,
        /// Order slots.
        pub orders: u16,
        /// Of the book ring; part of the address.
        pub slot: u16,
        /// Live.
        pub live_orders: u16,
        /// Slots from here on were never used.
        pub used_orders: u16,
        /// First free slot below `used_orders`; 65,535 for none.
        pub free_order: u16,
        /// Orders that have their fills.
        pub order_cursor: u16,
        /// Seats whose contracts are in the page.
        pub seat_cursor: u16,
        /// A [`Phase`].
        pub phase: u8,
        /// 1.
        pub nodes: u8,
        /// 0, the uniform price.
        pub rule: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Of the community's local day in which delivery starts, 0 for 00:00 to 00:30.
        pub half_hour: u8,
        /// Of that day, 0 for Monday.
        pub weekday: u8,
        /// Zero.
        pub reserved: u8,
    }
}

account!(Book of MARKET, rows by hand);

layout! {
    /// What a seat has in a book; its place is the participant's index.
    #[size = 32]
    pub struct BookSeat {
        /// Milli-atoms locked by its orders.
        pub locked: u64,
        /// What more it may buy: what its meters' connections can draw in the window, less its live buys, Wh.
        pub may_buy: u32,
        /// What more it may sell: what its meters' connections can feed in, less its live sells, Wh.
        pub may_sell: u32,
        /// Wh filled.
        pub bought: u32,
        /// Wh filled.
        pub sold: u32,
        /// Live orders.
        pub orders: u16,
        /// Standing orders that were placed, a bit for each of the seat's places: each at most once a window.
        pub placed: u8,
        /// Standing orders that somebody has had applied, a bit for each place, whatever came of it.
        pub tried: u8,
        /// Zeros.
        pub reserved: [u8; 4],
    }
}

layout! {
    /// The outcome of one node.
    #[size = 80]
    pub struct NodeState {
        /// Wh.
        pub volume: u64,
        /// How the buys at the marginal tick are served.
        pub buys: Ration,
        /// How the sells at the marginal tick are served.
        pub sells: Ration,
        /// Atoms per kWh; 0 if nothing traded.
        pub price: i32,
        /// Tick: lowest clearing price, and the marginal one.
        pub low: u16,
        /// Tick: highest clearing price.
        pub high: u16,
    }
}

layout! {
    /// Pro-rata rationing at a tick, and how far it has come.
    #[size = 32]
    pub struct Ration {
        /// Energy to give out, Wh; at most `total`.
        pub given: u64,
        /// Energy asked for at the tick, Wh.
        pub total: u64,
        /// Energy asked for by the orders served so far, Wh.
        pub asked: u64,
        /// Energy they got, Wh: ⌊asked · given / total⌋.
        pub served: u64,
    }
}

layout! {
    /// Energy bid and offered at one tick or in one block of 64.
    #[size = 16]
    pub struct Level {
        /// Wh.
        pub buy: u64,
        /// Wh.
        pub sell: u64,
    }
}

impl Book {
    /// The start of a slot that was never used.
    pub const NEVER: i64 = i64::MIN;

    pub const LAYOUT: Layout = Layout {
        header: Book::STRUCT,
        rows: &[
            Rows {
                name: "nodes",
                structure: NodeState::STRUCT,
                count: "nodes",
            },
            Rows {
                name: "seats",
                structure: BookSeat::STRUCT,
                count: "seats",
            },
            Rows {
                name: "blocks",
                structure: Level::STRUCT,
                count: "nodes * ceil(ticks / 64)",
            },
            Rows {
                name: "levels",
                structure: Level::STRUCT,
                count: "nodes * ticks",
            },
            Rows {
                name: "orders",
                structure: Order::STRUCT,
                count: "orders",
            },
        ],
    };

    /// Bytes of a book with so many nodes, ticks, seats and orders.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "numbers of 16 bits, times sizes of less than 2^20 bytes"
    )]
    pub const fn full_len(nodes: u8, ticks: u16, seats: u16, orders: u16) -> usize {
        let levels = block_count(ticks) + ticks as usize;
        let node = size_of::<NodeState>() + levels * size_of::<Level>();
        DISCRIMINATOR_LEN
            + size_of::<Book>()
            + nodes as usize * node
            + seats as usize * size_of::<BookSeat>()
            + orders as usize * size_of::<Order>()
    }

    #[inline(always)]
    pub fn is(&self, phase: Phase) -> bool {
        self.phase == phase as u8
    }

    /// `None` for a phase that this version does not know.
    #[inline(always)]
    pub fn phase(&self) -> Option<Phase> {
        Phase::from_byte(self.phase)
    }

    #[inline(always)]
    pub fn standing(&self, transition: Transition) -> Standing {
        transition.standing(self.phase)
    }

    /// Notes that a transition that was due is finished.
    #[inline(always)]
    pub fn finish(&mut self, transition: Transition) {
        self.phase = transition.leads_to() as u8;
    }

    /// How many of a seat's `orders` are beyond its room.
    #[inline(always)]
    pub fn beyond(&self, orders: u16) -> u16 {
        orders.saturating_sub(self.room_per_seat)
    }

    /// Orders that there is room for beyond the room of every seat.
    #[inline(always)]
    pub fn shared_room(&self) -> u16 {
        let kept = u32::from(self.room_per_seat).wrapping_mul(self.seats.into());
        // Checked to fit when the market was made.
        self.orders.saturating_sub(kept as u16)
    }

    /// Orders beyond their seats' room, once a seat has `live` orders, `count` of them new; `None` if there is no room for them.
    #[inline(always)]
    pub fn room_for(&self, live: u16, count: u16) -> Option<u16> {
        let more = self.beyond(live).min(count);
        let beyond = self.beyond_room.wrapping_add(more);
        (more == 0 || beyond <= self.shared_room()).then_some(beyond)
    }

    /// The price of a tick on the grid, which was checked to fit when the window opened.
    #[inline(always)]
    pub fn price(&self, tick: Tick) -> Price {
        let steps = u32::from(tick.0).wrapping_mul(self.tick_size);
        Price(self.floor_price.wrapping_add_unsigned(steps))
    }
}

impl NodeState {
    /// `None` if nothing traded.
    #[inline(always)]
    pub fn price(&self) -> Option<Price> {
        (self.volume > 0).then_some(Price(self.price))
    }
}

/// A book, cut into its header and its rows of several kinds.
pub struct BookRows<'a> {
    pub header: &'a mut Book,
    pub nodes: &'a mut [NodeState],
    pub seats: &'a mut [BookSeat],
    pub blocks: &'a mut [Level],
    pub levels: &'a mut [Level],
    pub orders: &'a mut [Order],
}

impl<'a> BookRows<'a> {
    /// `None` if the account has not the length that its header asks for.
    #[inline(always)]
    pub fn cut(data: &'a mut [u8]) -> Option<BookRows<'a>> {
        let mut cutter = Cutter::new(data)?;
        let header = cutter.header::<Book>()?;
        let nodes = usize::from(header.nodes);
        let rows = BookRows {
            nodes: cutter.rows(nodes)?,
            seats: cutter.rows(usize::from(header.seats))?,
            blocks: cutter.rows(nodes.checked_mul(block_count(header.ticks))?)?,
            levels: cutter.rows(nodes.checked_mul(usize::from(header.ticks))?)?,
            orders: cutter.rows(usize::from(header.orders))?,
            header,
        };
        cutter.finish()?;
        Some(rows)
    }
}
