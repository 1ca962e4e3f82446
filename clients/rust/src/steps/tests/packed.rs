//! Steps in transactions.

use super::{keeping::*, market::*};
use crate::{
    packing::{transaction_len, MAX_LEN},
    steps::{halves, next_steps, pack, KeeperOptions, MarketState, Step, StepBatch},
    Addresses,
};
use solana_address::Address;

const PAYER: Address = Address::new_from_array([9; 32]);

fn packed(state: &MarketState, steps: &[Step]) -> Vec<StepBatch> {
    let addresses = Addresses::of_market(&state.market);
    pack(state, &addresses, &PAYER, steps, KeeperOptions::default())
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

#[test]
fn given_a_batch_that_was_too_much_when_halved_then_the_steps_stay_and_a_single_one_can_not_be() {
    let state = running();
    let addresses = Addresses::of_market(&state.market);
    let options = KeeperOptions::default();
    let steps: Vec<Step> = (0..3)
        .map(|page| Step::OpenPage { start: page * SPAN })
        .collect();
    let batch = &packed(&state, &steps)[0];
    let halves_of = |batch| halves(batch, &state, &addresses, &PAYER, options);
    let [first, rest] = &halves_of(batch).unwrap()[..] else {
        panic!("two halves were expected");
    };
    assert_eq!(
        (&first.steps[..], &rest.steps[..]),
        (&steps[..1], &steps[1..])
    );
    assert_eq!(halves_of(first), None);
}
