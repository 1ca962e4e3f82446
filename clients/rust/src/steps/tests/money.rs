//! What the supplier owes.

use super::{keeping::*, market::*};
use crate::steps::{next_steps, Step};

#[test]
fn given_claims_when_the_supplier_has_money_then_they_are_paid() {
    let mut state = opened();
    state.ledger.seats[0].free = 1;
    rests(&state, NOON);
    state.ledger.header.suppliers[0].claims = 1;
    assert_eq!(next_steps(&state, NOON), [Step::PayClaims]);
}

#[test]
fn given_claims_when_the_supplier_has_nothing_then_nobody_asks_for_ever() {
    let mut state = opened();
    state.ledger.header.suppliers[0].claims = 1;
    rests(&state, NOON);
}

#[test]
fn given_claims_when_positions_are_settled_then_they_are_paid_behind_that() {
    let mut state = opened();
    run_to_rest(&mut state, NOON + LENGTH - GATE_LEAD);
    state.ledger.header.suppliers[0].claims = 1;
    hear_everybody(&mut state, NOON);
    let steps = run_without_openings(&mut state, NOON + LENGTH);
    let settle = Step::Settle {
        page: NOON,
        windows: (0, 1),
        seats: (1, 3),
    };
    assert_eq!(steps, [settle, Step::PayClaims]);
    rests(&state, NOON + LENGTH);
}

#[test]
fn given_claims_when_a_page_is_finished_then_they_are_paid_behind_that() {
    let mut state = opened();
    state.ledger.header.suppliers[0].claims = 1;
    let steps = run_without_openings(&mut state, NOON + SPAN + CORRECTION);
    let expected = [Step::FinishPage { page: NOON }, Step::PayClaims];
    assert_eq!(steps[steps.len() - 2..], expected);
}
