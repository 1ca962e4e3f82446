use joulebook_units::{Tick, Wh};

layout! {
    /// One order. Its id is (window start, index, sequence): a slot whose order was cancelled is used again, with
    /// the next sequence.
    #[size = 16]
    pub struct Order {
        /// Wh; in a free slot, the index of the next free one.
        pub quantity: u32,
        /// Limit.
        pub tick: u16,
        /// An [`OrderState`].
        pub state: u8,
        /// 0.
        pub node: u8,
        /// Wh, once allocated.
        pub filled: u32,
        /// Whose it is.
        pub seat: u16,
        /// How often the slot was used before, modulo 65,536.
        pub sequence: u16,
    }
}

layout! {
    /// An order to place.
    #[size = 8]
    pub struct NewOrder {
        /// Wh, within the window's bounds.
        pub quantity: u32,
        /// Index into the window's price grid: the highest price to pay, the lowest to take.
        pub tick: u16,
        /// A [`Side`].
        pub side: u8,
        /// 0, the only node.
        pub node: u8,
    }
}

layout! {
    /// An order of a window: its place there, and how often the place was used before.
    #[size = 4]
    pub struct OrderRef {
        pub index: u16,
        pub sequence: u16,
    }
}

code! {
    /// Which side of the book an order stands on.
    pub enum Side {
        Buy,
        Sell,
    }
}

code! {
    /// What an order slot holds: nothing, or an order of a side, whose byte is one less.
    pub enum OrderState {
        Free,
        Buy,
        Sell,
    }
}

const _: () = assert!(OrderState::Buy as u8 == Side::Buy as u8 + 1);
const _: () = assert!(OrderState::Sell as u8 == Side::Sell as u8 + 1);

impl Order {
    /// A live order, put together from two words: field by field takes three times as long on chain.
    #[inline(always)]
    pub fn live(new: NewOrder, seat: u16, sequence: u16) -> Order {
        // Quantity, tick, side and node: the state of a live order is its side and one.
        let new: u64 = bytemuck::cast(new);
        let state = new.wrapping_add(1 << 48);
        let filled_seat_sequence = u64::from(seat) << 32 | u64::from(sequence) << 48;
        bytemuck::cast([state, filled_seat_sequence])
    }

    /// The side of a live order; `None` for a free slot.
    #[inline(always)]
    pub fn side(&self) -> Option<Side> {
        const BUY: u8 = OrderState::Buy as u8;
        const SELL: u8 = OrderState::Sell as u8;
        match self.state {
            BUY => Some(Side::Buy),
            SELL => Some(Side::Sell),
            _ => None,
        }
    }

    #[inline(always)]
    pub fn tick(&self) -> Tick {
        Tick(self.tick)
    }

    #[inline(always)]
    pub fn quantity(&self) -> Wh {
        Wh(self.quantity)
    }
}
