//! Steps in as few transactions as they fit into.

use solana_address::Address;
use solana_instruction::Instruction;

use super::{compute, MarketState, Step};
use crate::{
    packing::{self, Metered, MAX_COMPUTE_UNITS},
    Addresses,
};

/// Steps of one transaction, in their sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepBatch {
    pub steps: Vec<Step>,
    /// All of the transaction, with that which asks for its compute units.
    pub instructions: Vec<Instruction>,
    /// What it asks for.
    pub units: u32,
}

/// Puts the steps that [`next_steps`](super::next_steps) found in `state` into transactions that `payer` pays for, and whose
/// reward goes to the seat.
pub fn pack(
    state: &MarketState,
    addresses: &Addresses,
    payer: &Address,
    steps: &[Step],
    reward_seat: Option<u16>,
) -> Vec<StepBatch> {
    pack_with(addresses, payer, steps, reward_seat, |step| {
        compute::units(state, step)
    })
}

/// What to send in the place of a batch that failed; nothing if there is nothing else to try. Of several steps, one may be to
/// blame: they go in two halves. A single step that computed too much may use all that there is, and after that goes over
/// half as many seats at once.
pub fn retries(
    batch: &StepBatch,
    state: &MarketState,
    addresses: &Addresses,
    payer: &Address,
    reward_seat: Option<u16>,
    computed_too_much: bool,
) -> Vec<StepBatch> {
    let [step] = batch.steps[..] else {
        let (first, rest) = batch.steps.split_at(batch.steps.len() / 2);
        let half = |steps| pack(state, addresses, payer, steps, reward_seat);
        return [half(first), half(rest)].concat();
    };
    let steps = match computed_too_much {
        false => vec![],
        true if batch.units < MAX_COMPUTE_UNITS => vec![step],
        true => step.parts(),
    };
    pack_with(addresses, payer, &steps, reward_seat, |_| MAX_COMPUTE_UNITS)
}

fn pack_with(
    addresses: &Addresses,
    payer: &Address,
    steps: &[Step],
    reward_seat: Option<u16>,
    units: impl Fn(Step) -> u32,
) -> Vec<StepBatch> {
    let metered: Vec<Metered> = steps
        .iter()
        .map(|step| Metered {
            instruction: step.instruction(addresses, reward_seat),
            units: units(*step),
        })
        .collect();
    let batches = packing::pack(payer, &metered).into_iter();
    batches
        .map(|batch| StepBatch {
            steps: steps[batch.range].to_vec(),
            instructions: batch.instructions,
            units: batch.units,
        })
        .collect()
}

impl Step {
    /// The same in two steps, each over half of the seats; nothing for one that can't be parted.
    fn parts(self) -> Vec<Step> {
        let halves = |(first, count): (u16, u16)| {
            let half = count / 2;
            [(first, half), (first.saturating_add(half), count - half)]
        };
        let is_one = |(_, count): (u16, u16)| count < 2;
        match self {
            Step::Settle { seats, .. } | Step::ApplyStandingOrders { seats, .. }
                if is_one(seats) =>
            {
                vec![]
            }
            Step::Settle {
                page,
                windows,
                seats,
            } => halves(seats)
                .map(|seats| Step::Settle {
                    page,
                    windows,
                    seats,
                })
                .to_vec(),
            Step::ApplyStandingOrders {
                start,
                seats,
                earlier,
            } => halves(seats)
                .map(|seats| Step::ApplyStandingOrders {
                    start,
                    seats,
                    earlier,
                })
                .to_vec(),
            _ => vec![],
        }
    }
}
