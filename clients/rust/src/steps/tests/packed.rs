//! Steps in transactions.

use super::{keeping::*, market::*};
use crate::{
    packing::{transaction_len, MAX_COMPUTE_UNITS, MAX_LEN},
    steps::{next_steps, pack, retries, MarketState, Step, StepBatch},
    Addresses,
};
use solana_address::Address;

const PAYER: Address = Address::new_from_array([9; 32]);

fn packed(state: &MarketState, steps: &[Step]) -> Vec<StepBatch> {
    let addresses = Addresses::of_market(&state.market);
    pack(state, &addresses, &PAYER, steps, None)
}

#[test]
fn given_all_that_a_boundary_brings_when_packed_then_it_is_one_transaction() {
    let mut state = running();
    let now = NOON + LENGTH;
    hear_everybody(&mut state, NOON);
    let steps = next_steps(&state, now);
    assert!(steps.len() >= 4, "{steps:?}");
    let batches = packed(&state, &steps);
    let [batch] = &batches[..] else {
        panic!("{} transactions", batches.len());
    };
    assert_eq!(batch.steps, steps);
    // And the one that asks for compute units.
    assert_eq!(batch.instructions.len(), steps.len() + 1);
}

#[test]
fn given_more_than_fits_when_packed_then_the_sequence_stays_and_each_is_as_full_as_can_be() {
    let state = running();
    let steps: Vec<Step> = (0..60)
        .map(|page| Step::OpenPage { start: page * SPAN })
        .collect();
    let batches = packed(&state, &steps);
    let all: Vec<Step> = batches
        .iter()
        .flat_map(|batch| batch.steps.clone())
        .collect();
    assert_eq!(all, steps);
    assert!(batches.len() > 1);
    for pair in batches.windows(2) {
        assert!(transaction_len(&PAYER, &pair[0].instructions) <= MAX_LEN);
        // The first of the next one would have been too much.
        let mut more = pair[0].steps.clone();
        more.push(pair[1].steps[0]);
        assert_eq!(packed(&state, &more).len(), 2);
    }
}

#[test]
fn given_nothing_to_do_when_packed_then_there_is_no_transaction() {
    assert_eq!(packed(&fresh(), &[]), []);
}

/// What is tried instead of a batch, with what it asks for.
fn retried(batch: &StepBatch, computed_too_much: bool) -> Vec<(Vec<Step>, u32)> {
    let state = running();
    let addresses = Addresses::of_market(&state.market);
    let batches = retries(batch, &state, &addresses, &PAYER, None, computed_too_much);
    let pairs = batches.into_iter().map(|batch| (batch.steps, batch.units));
    pairs.collect()
}

#[test]
fn given_several_steps_that_failed_when_retried_then_they_go_in_halves() {
    let steps: Vec<Step> = (0..3)
        .map(|page| Step::OpenPage { start: page * SPAN })
        .collect();
    let batch = &packed(&running(), &steps)[0];
    for computed_too_much in [false, true] {
        let halves: Vec<_> = retried(batch, computed_too_much)
            .into_iter()
            .map(|(steps, _)| steps)
            .collect();
        assert_eq!(halves, [&steps[..1], &steps[1..]]);
    }
}

#[test]
fn given_a_step_that_computed_too_much_when_retried_then_it_has_all_there_is_and_then_fewer_seats()
{
    let settle = |seats| Step::Settle {
        page: NOON,
        windows: (1, 2),
        seats,
    };
    let batch = packed(&running(), &[settle((2, 5))]).remove(0);
    assert!(batch.units < 100_000);
    assert_eq!(retried(&batch, false), []);
    let all = (vec![settle((2, 5))], MAX_COMPUTE_UNITS);
    assert_eq!(retried(&batch, true), [all]);
    let with_all = StepBatch {
        units: MAX_COMPUTE_UNITS,
        ..batch
    };
    let parts = [(2, 2), (4, 3)].map(|seats| (vec![settle(seats)], MAX_COMPUTE_UNITS));
    assert_eq!(retried(&with_all, true), parts);
    let of_one = StepBatch {
        steps: vec![settle((2, 1))],
        ..with_all
    };
    assert_eq!(retried(&of_one, true), []);
}
