use anchor_lang::{prelude::*, Discriminator};
use bytemuck::{Pod, Zeroable};

use super::NewOrder;
use crate::{events::OrdersPlaced, state::Window};

const HEAD_WORDS: usize = 14;

/// One order in the event: the bytes of a `PlacedOrder`.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Placed {
    pub new: NewOrder,
    pub index: u16,
    pub sequence: u16,
}

const ORDER_WORDS: usize = size_of::<Placed>() / 4;

/// The bytes of [`OrdersPlaced`], as words of four bytes: borsh would copy each order twice, at several
/// times the cost.
pub struct PlacedEvent {
    words: Vec<u32>,
}

impl PlacedEvent {
    pub fn new(window: &Window, seat: u16, orders: u16) -> PlacedEvent {
        let mut words = Vec::with_capacity(HEAD_WORDS + usize::from(orders) * ORDER_WORDS);
        let start = window.start.to_le_bytes();
        for bytes in [OrdersPlaced::DISCRIMINATOR, window.market.as_ref(), &start] {
            words.extend(bytes.chunks_exact(4).map(word));
        }
        words.push(u32::from(seat));
        words.push(u32::from(orders));
        words.resize(words.capacity(), 0);
        PlacedEvent { words }
    }

    /// Where each order is written.
    pub fn orders(&mut self) -> impl Iterator<Item = &mut Placed> {
        let words = self.words.get_mut(HEAD_WORDS..).unwrap_or_default();
        bytemuck::cast_slice_mut::<u32, Placed>(words).iter_mut()
    }

    pub fn emit(&self) {
        anchor_lang::solana_program::log::sol_log_data(&[bytemuck::cast_slice(&self.words)]);
    }
}

fn word(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u32::from(*byte))
}
