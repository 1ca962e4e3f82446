//! Steps in as few transactions as they fit into.

use solana_address::Address;
use solana_instruction::Instruction;

use super::{compute, KeeperOptions, MarketState, Step};
use crate::{
    packing::{self, Metered},
    Addresses,
};

/// Steps of one transaction, in their sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepBatch {
    pub steps: Vec<Step>,
    /// All of the transaction, with that which asks for its compute units.
    pub instructions: Vec<Instruction>,
}

/// Puts the steps that [`next_steps`](super::next_steps) found in `state` into transactions that `payer` pays for.
pub fn pack(
    state: &MarketState,
    addresses: &Addresses,
    payer: &Address,
    steps: &[Step],
    options: KeeperOptions,
) -> Vec<StepBatch> {
    let metered: Vec<Metered> = steps
        .iter()
        .map(|step| Metered {
            instruction: step.instruction(addresses, options),
            units: compute::units(state, *step),
        })
        .collect();
    let batches = packing::pack(payer, &metered).into_iter();
    batches
        .map(|batch| StepBatch {
            steps: steps[batch.range].to_vec(),
            instructions: batch.instructions,
        })
        .collect()
}

/// Two batches in the place of one that was too much at once; `None` for a single step.
pub fn halves(
    batch: &StepBatch,
    state: &MarketState,
    addresses: &Addresses,
    payer: &Address,
    options: KeeperOptions,
) -> Option<Vec<StepBatch>> {
    let (first, rest) = batch.steps.split_at(batch.steps.len() / 2);
    let half = |steps| pack(state, addresses, payer, steps, options);
    (!first.is_empty()).then(|| [half(first), half(rest)].concat())
}
