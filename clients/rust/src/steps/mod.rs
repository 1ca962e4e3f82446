//! What a keeper has to do next: [`next_steps`] finds it from the headers of a market's accounts and the
//! time, without asking anybody.
//!
//! A keeper reads the accounts that [`MarketState::accounts`] names, lets [`next_steps`] decide, sends
//! [`Step::instruction`] for each step, and begins again. Several keepers at once do no harm: whoever
//! comes second finds the step done.

mod plan;
mod state;
#[cfg(test)]
mod tests;

use solana_instruction::Instruction;

pub use plan::next_steps;
pub use state::{MarketState, StateError};

use crate::Addresses;

/// One step of a window's life; `start` is the window's, or the interval's, in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    OpenWindow {
        start: i64,
    },
    OpenInterval {
        start: i64,
    },
    Clear {
        start: i64,
    },
    /// Again until the window is allocated, if it has more orders and seats than the limit.
    Allocate {
        start: i64,
    },
    Meter {
        start: i64,
    },
    /// Again until the window is settled, if it has more seats than the limit.
    Settle {
        start: i64,
    },
    /// Pays what the supplier owes others, from what it has once that window is settled.
    PayClaims {
        start: i64,
    },
    /// Lets the interval go whose window was skipped.
    ReleaseSkipped {
        start: i64,
    },
}

/// How a keeper goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeeperOptions {
    /// Orders and seats to take on in one instruction, at most; above 0.
    pub limit: u16,
    /// The open seat that earns the keeper's reward.
    pub reward_seat: Option<u16>,
}

impl Default for KeeperOptions {
    /// Everything in one instruction, for nothing.
    fn default() -> KeeperOptions {
        KeeperOptions {
            limit: u16::MAX,
            reward_seat: None,
        }
    }
}

impl Step {
    /// Start of the window, or of the interval, unix seconds.
    pub fn start(self) -> i64 {
        match self {
            Step::OpenWindow { start }
            | Step::OpenInterval { start }
            | Step::Clear { start }
            | Step::Allocate { start }
            | Step::Meter { start }
            | Step::Settle { start }
            | Step::PayClaims { start }
            | Step::ReleaseSkipped { start } => start,
        }
    }

    /// The instruction that takes this step. Nobody needs to sign it but who pays for the transaction.
    pub fn instruction(self, addresses: &Addresses, options: KeeperOptions) -> Instruction {
        let KeeperOptions { limit, reward_seat } = options;
        match self {
            Step::OpenWindow { start } => addresses.open_window(start),
            Step::OpenInterval { start } => addresses.open_interval(start),
            Step::Clear { start } => addresses.clear(start),
            Step::Allocate { start } => addresses.allocate(start, limit, reward_seat),
            Step::Meter { start } => addresses.meter(start),
            Step::Settle { start } => addresses.settle(start, limit, reward_seat),
            Step::PayClaims { .. } => addresses.pay_claims(),
            Step::ReleaseSkipped { start } => addresses.release_skipped(start),
        }
    }
}
