use solana_instruction::Instruction;

use crate::{
    market::instructions::{
        Allocate, AllocateInstructionArgs, Clear, OpenWindow, OpenWindowInstructionArgs,
    },
    Addresses,
};

/// `start` is a window's, unix seconds.
impl Addresses {
    pub fn open_window(&self, start: i64) -> Instruction {
        OpenWindow {
            market: self.market,
            meter_table: self.meter_table,
            page: self.page(start),
            book: self.book(start),
        }
        .instruction(OpenWindowInstructionArgs { start })
    }

    pub fn clear(&self, start: i64) -> Instruction {
        Clear {
            book: self.book(start),
        }
        .instruction()
    }

    /// Allocates up to `limit` orders and seats; whoever finishes earns the keeper's reward for
    /// `reward_seat`.
    pub fn allocate(&self, start: i64, limit: u16, reward_seat: Option<u16>) -> Instruction {
        Allocate {
            ledger: self.ledger,
            page: self.page(start),
            book: self.book(start),
        }
        .instruction(AllocateInstructionArgs { limit, reward_seat })
    }
}
