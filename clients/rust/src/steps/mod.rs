//! What a keeper has to do next: [`next_steps`] finds it from a market's accounts and the time, without asking anybody.
//!
//! A keeper reads the accounts that [`MarketState::accounts`] names, lets [`next_steps`] decide, has [`pack`] put all of it
//! into as few transactions as it fits into, sends these, and begins again. Several keepers at once do no harm: whoever
//! comes second finds the step done. Who will not be there writes down what [`steps_ahead`] finds, for others to send.

mod ahead;
mod compute;
mod due;
mod finishing;
mod flows;
mod packed;
mod plan;
mod rectangle;
mod settling;
mod standing;
mod state;
#[cfg(test)]
mod tests;

use std::ops::Range;

use solana_instruction::Instruction;

pub use ahead::{steps_ahead, Ahead, Occasion, StepAhead};
pub use due::next_due;
pub use packed::{pack, retries, StepBatch};
pub use plan::next_steps;
pub use state::{MarketState, StateError};

use crate::Addresses;

/// One step of a market's life. `start` is a window's or a page's that is opened, `page` that of a page; unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// In the market and in the oracle.
    OpenPage {
        start: i64,
    },
    OpenWindow {
        start: i64,
    },
    /// Of the window that starts at `start`.
    ApplyStandingOrders {
        start: i64,
        /// First, and how many.
        seats: (u16, u16),
        /// A time, unix seconds, on the page of intervals that shares are taken of.
        earlier: i64,
    },
    Clear {
        start: i64,
    },
    /// As often as it is asked for.
    Allocate {
        start: i64,
    },
    /// Of a page, so many windows from one number on, and so many seats.
    Settle {
        page: i64,
        /// First, and how many.
        windows: (u16, u16),
        /// First, and how many.
        seats: (u16, u16),
    },
    /// The oracle's page. As often as it is asked for.
    FinishIntervalPage {
        page: i64,
    },
    /// As often as it is asked for.
    FinishPage {
        page: i64,
    },
    /// Pays what the supplier owes others, from what it has by then.
    PayClaims,
}

impl Step {
    /// The instruction that takes this step. Nobody needs to sign it but who pays for the transaction. `reward_seat` is the
    /// open seat that earns the keeper's reward.
    pub fn instruction(self, addresses: &Addresses, reward_seat: Option<u16>) -> Instruction {
        match self {
            Step::OpenPage { start } => addresses.open_page(start),
            Step::OpenWindow { start } => addresses.open_window(start),
            Step::ApplyStandingOrders {
                start,
                seats,
                earlier,
            } => addresses.apply_standing_orders(start, range(seats), earlier),
            Step::Clear { start } => addresses.clear(start),
            Step::Allocate { start } => {
                addresses.allocate(start, finishing::ALLOCATED_AT_ONCE, reward_seat)
            }
            Step::Settle {
                page,
                windows,
                seats,
            } => addresses.settle(page, range(windows), range(seats)),
            Step::FinishIntervalPage { page } => {
                let at_once = finishing::meters_at_once(addresses.page_windows);
                addresses.finish_interval_page(page, at_once)
            }
            Step::FinishPage { page } => {
                let at_once = finishing::seats_at_once(addresses.page_windows);
                addresses.finish_page(page, at_once)
            }
            Step::PayClaims => addresses.pay_claims(),
        }
    }
}

/// Of the first, and how many.
fn range((first, count): (u16, u16)) -> Range<u16> {
    first..first.saturating_add(count)
}
