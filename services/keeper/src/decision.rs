//! What is to be sent.

use joulebook_client::{
    steps::{next_due, next_steps, pack, MarketState, Step, StepBatch},
    Addresses,
};
use solana_address::Address;

/// What a keeper does with a market that looks so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Transactions, in the sequence in which to send them.
    pub batches: Vec<StepBatch>,
    /// When to look again, unix seconds, if nobody changes anything before.
    pub next_due: i64,
}

/// Who keeps: pays for transactions, and has a seat that earns the reward or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeper {
    pub payer: Address,
    pub reward_seat: Option<u16>,
}

/// Decides by a market's accounts and the chain's clock alone. Steps that `rests` names are left out this time.
pub fn decide(
    state: &MarketState,
    addresses: &Addresses,
    keeper: Keeper,
    now: i64,
    rests: impl Fn(&Step) -> bool,
) -> Decision {
    let mut steps = next_steps(state, now);
    steps.retain(|step| !rests(step));
    let Keeper { payer, reward_seat } = keeper;
    Decision {
        batches: pack(state, addresses, &payer, &steps, reward_seat),
        next_due: next_due(state, now),
    }
}
