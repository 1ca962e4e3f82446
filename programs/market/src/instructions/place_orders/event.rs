use anchor_lang::{prelude::*, Discriminator};

use super::{Entered, NewOrder};
use crate::{events::OrdersPlaced, state::Window};

const HEAD_WORDS: usize = 14;
const ORDER_WORDS: usize = 3;

/// The bytes of [`OrdersPlaced`], written order by order as words of four bytes: borsh would copy them
/// twice, at several times the cost.
pub struct PlacedEvent {
    words: Vec<u32>,
}

impl PlacedEvent {
    pub fn new(window: &Window, seat: u16, orders: u16) -> PlacedEvent {
        let mut words = Vec::with_capacity(HEAD_WORDS + usize::from(orders) * ORDER_WORDS);
        for bytes in [
            OrdersPlaced::DISCRIMINATOR,
            window.market.as_ref(),
            &window.start.to_le_bytes(),
        ] {
            words.extend(bytes.chunks_exact(4).map(word));
        }
        words.push(pair(seat, 0));
        // The list's length, four bytes, of which the upper two are zero.
        words.push(u32::from(orders));
        PlacedEvent { words }
    }

    #[inline(always)]
    pub fn push(&mut self, new: &NewOrder, entered: &Entered) {
        self.words.extend_from_slice(&[
            new.quantity,
            pair(new.tick, entered.index),
            pair(
                entered.sequence,
                u16::from(new.node) | u16::from(new.side) << 8,
            ),
        ]);
    }

    pub fn emit(&self) {
        anchor_lang::solana_program::log::sol_log_data(&[bytemuck::cast_slice(&self.words)]);
    }
}

fn word(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn pair(low: u16, high: u16) -> u32 {
    u32::from(low) | u32::from(high) << 16
}
