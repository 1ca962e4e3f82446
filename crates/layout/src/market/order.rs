use joulebook_units::{Tick, Wh};

layout! {
    /// One order. Its id is (window start, index, sequence): a slot whose order was cancelled is used again, with
    /// the next sequence.
    #[size = 20]
    pub struct Order {
        /// Wh; in a free slot, the index of the next free one.
        pub quantity: u32,
        /// Limit.
        pub tick: u16,
        /// Free for whoever placed it to choose.
        pub client_id: u16,
        /// An [`OrderState`].
        pub state: u8,
        /// 0.
        pub node: u8,
        /// Whose it is.
        pub seat: u16,
        /// How often the slot was used before, modulo 65,536.
        pub sequence: u16,
        /// 1 for a standing order that the seat's owner entered: no delegate cancels it.
        pub is_owners: u8,
        /// Zero.
        pub reserved: u8,
        /// Wh, once allocated.
        pub filled: u32,
    }
}

layout! {
    /// An order to place.
    #[size = 12]
    pub struct NewOrder {
        /// Wh, within the window's bounds.
        pub quantity: u32,
        /// Index into the window's price grid: the highest price to pay, the lowest to take.
        pub tick: u16,
        /// Free to choose: it comes back in the order and in events, so that a program knows its orders again.
        pub client_id: u16,
        /// A [`Side`].
        pub side: u8,
        /// 0, the only node.
        pub node: u8,
        /// Means nothing.
        pub reserved: u16,
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
    /// A live order, put together from words: field by field takes three times as long on chain.
    #[inline(always)]
    pub fn live(new: NewOrder, seat: u16, sequence: u16) -> Order {
        let [quantity, tick_client_id, side_node]: [u32; 3] = bytemuck::cast(new);
        // The state of a live order is its side and one.
        let state_node = (side_node & 0xFFFF).wrapping_add(1);
        let state_node_seat = state_node | u32::from(seat) << 16;
        bytemuck::cast([
            quantity,
            tick_client_id,
            state_node_seat,
            u32::from(sequence),
            0,
        ])
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
