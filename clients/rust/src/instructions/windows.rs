use solana_instruction::Instruction;

use crate::{
    market::instructions::{
        Allocate, AllocateInstructionArgs, Clear, Meter, OpenWindow, OpenWindowInstructionArgs,
        ReleaseSkipped, Settle, SettleInstructionArgs,
    },
    oracle::ORACLE_ID,
    Addresses,
};

impl Addresses {
    pub fn open_window(&self, start: i64) -> Instruction {
        OpenWindow {
            market: self.market,
            window: self.window(start),
        }
        .instruction(OpenWindowInstructionArgs { start })
    }

    pub fn clear(&self, start: i64) -> Instruction {
        Clear {
            window: self.window(start),
        }
        .instruction()
    }

    /// Allocates up to `limit` orders and seats; whoever finishes earns the keeper's reward for
    /// `reward_seat`.
    pub fn allocate(&self, start: i64, limit: u16, reward_seat: Option<u16>) -> Instruction {
        Allocate {
            ledger: self.ledger,
            window: self.window(start),
        }
        .instruction(AllocateInstructionArgs { limit, reward_seat })
    }

    pub fn meter(&self, start: i64) -> Instruction {
        Meter {
            market: self.market,
            window: self.window(start),
            meter_table: self.meter_table,
            interval: self.interval(start),
            oracle_program: ORACLE_ID,
        }
        .instruction()
    }

    /// Settles up to `limit` seats; whoever finishes earns the keeper's reward for `reward_seat`.
    pub fn settle(&self, start: i64, limit: u16, reward_seat: Option<u16>) -> Instruction {
        Settle {
            ledger: self.ledger,
            window: self.window(start),
            history: self.history,
        }
        .instruction(SettleInstructionArgs { limit, reward_seat })
    }

    /// Releases the interval at `start`, whose window was skipped.
    pub fn release_skipped(&self, start: i64) -> Instruction {
        ReleaseSkipped {
            market: self.market,
            window: self.window(start),
            meter_table: self.meter_table,
            interval: self.interval(start),
            oracle_program: ORACLE_ID,
        }
        .instruction()
    }
}
