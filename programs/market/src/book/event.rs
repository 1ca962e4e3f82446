use core::mem::MaybeUninit;

use bytemuck::{Pod, Zeroable};
use joulebook_layout::{market::Book, Address};

use crate::{
    events::{discriminator, OrdersPlaced},
    state::{NewOrder, OrderRef},
};

/// One order in the event: the bytes of a `PlacedOrder`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Placed {
    pub new: NewOrder,
    pub id: OrderRef,
}

/// What comes before the orders: the discriminator and the fixed fields of an [`OrdersPlaced`], and the
/// number of orders.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, packed)]
struct Head {
    discriminator: [u8; 8],
    market: Address,
    number: u64,
    window: i64,
    seat: u16,
    reserved: u16,
    orders: u32,
}

const HEAD_PARTS: usize = size_of::<Head>() / size_of::<Placed>();
const _: () = assert!(size_of::<Head>() == HEAD_PARTS * size_of::<Placed>());

/// The bytes of [`OrdersPlaced`], in parts as long as an order: borsh would copy each order twice, at several
/// times the cost.
pub struct PlacedEvent {
    /// The head, and room for the orders.
    parts: Vec<Placed>,
    /// Parts once the orders are written.
    len: usize,
}

impl PlacedEvent {
    pub fn new(number: u64, book: &Book, seat: u16, orders: u16) -> PlacedEvent {
        let head: [Placed; HEAD_PARTS] = bytemuck::cast(Head {
            discriminator: discriminator::<OrdersPlaced>(),
            market: book.market,
            number,
            window: book.start,
            seat,
            reserved: 0,
            orders: u32::from(orders),
        });
        let len = HEAD_PARTS + usize::from(orders);
        let mut parts = Vec::with_capacity(len);
        parts.extend_from_slice(&head);
        PlacedEvent { parts, len }
    }

    /// Where the orders are to be written, from the front: all of them, before the event is emitted.
    pub fn orders(&mut self) -> &mut [MaybeUninit<Placed>] {
        self.parts.spare_capacity_mut()
    }

    /// # Safety
    /// As many orders were written as the event was made for.
    pub unsafe fn emit(mut self) {
        // SAFETY: the head was written first, the orders are written by now, and there was room for both.
        unsafe { self.parts.set_len(self.len) };
        anchor_lang::solana_program::log::sol_log_data(&[bytemuck::cast_slice(&self.parts)]);
    }
}
