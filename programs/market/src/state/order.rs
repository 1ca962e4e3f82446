use bytemuck::{Pod, Zeroable};
use joulebook_auction::Side;
use joulebook_units::{Tick, Wh};

use crate::instructions::NewOrder;

/// A slot that has been used this often takes no more orders in the window.
pub const MAX_SEQUENCE: u16 = u16::MAX;

/// One order. Its id is (window start, index, sequence): a slot whose order was cancelled is used
/// again, with the next sequence.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Order {
    /// Wh; in a free slot, the index of the next free one.
    pub quantity: u32,
    pub tick: u16,
    /// An [`OrderState`].
    pub state: u8,
    pub node: u8,
    /// Wh; known once the window is allocated.
    pub filled: u32,
    pub seat: u16,
    pub sequence: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrderState {
    Free = 0,
    Buy = 1,
    Sell = 2,
}

const _: () = assert!(size_of::<Order>() == 16);
const _: () = assert!(OrderState::Buy as u8 == 1 && OrderState::Sell as u8 == 2);
const _: () = assert!(cfg!(target_endian = "little"));

impl Order {
    /// A live order, put together from two words: field by field takes three times as long.
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
        match self.state {
            1 => Some(Side::Buy),
            2 => Some(Side::Sell),
            _ => None,
        }
    }

    pub fn tick(&self) -> Tick {
        Tick(self.tick)
    }

    pub fn quantity(&self) -> Wh {
        Wh(self.quantity)
    }
}
