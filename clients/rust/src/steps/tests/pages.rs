//! Pages that are opened.

use super::{keeping::*, market::*};
use crate::{
    layout::market::WindowStatus,
    steps::{next_steps, MarketState, Step},
};

/// Starts of the pages that are opened, behind noon.
fn opened_pages(state: &MarketState, now: i64) -> Vec<i64> {
    let steps = next_steps(state, now).into_iter();
    steps
        .filter_map(|step| match step {
            Step::OpenPage { start } => Some(start - NOON),
            _ => None,
        })
        .collect()
}

#[test]
fn given_a_new_market_when_the_keeper_comes_then_pages_are_opened_ahead_before_their_windows() {
    let steps = next_steps(&fresh(), NOON + 10);
    let expected = [
        Step::OpenPage { start: NOON },
        Step::OpenPage { start: NOON + SPAN },
        Step::OpenWindow {
            start: NOON + LENGTH,
        },
    ];
    assert_eq!(steps[..3], expected);
}

#[test]
fn given_open_pages_when_time_passes_then_the_next_is_opened_a_page_before_its_horizon() {
    let state = opened();
    assert!(opened_pages(&state, NOON + 299).is_empty());
    assert_eq!(opened_pages(&state, NOON + 300), [2 * SPAN]);
    assert_eq!(opened_pages(&state, NOON + 1_500), [2 * SPAN, 3 * SPAN]);
}

#[test]
fn given_a_horizon_that_changes_when_a_page_is_due_then_that_of_its_own_time_counts() {
    let mut state = opened();
    state.market.planned_terms_from = NOON + 2 * SPAN;
    state.market.planned_terms.horizon = 600;
    assert!(opened_pages(&state, NOON + 599).is_empty());
    assert_eq!(opened_pages(&state, NOON + 600), [2 * SPAN]);
}

#[test]
fn given_nobody_for_a_while_when_values_can_still_come_then_pages_of_the_past_are_opened() {
    let state = opened();
    // The page after the opened ones goes on to noon + 3,600; its corrections are over at 4,800.
    let now = NOON + 4_799;
    assert_eq!(opened_pages(&state, now)[0], 2 * SPAN);
    assert_eq!(opened_pages(&state, now + 1)[0], 3 * SPAN);
}

#[test]
fn given_pages_to_be_left_out_when_one_before_them_can_not_be_final_then_none_is_opened() {
    let mut state = opened();
    let now = NOON + 4_800;
    assert_eq!(opened_pages(&state, now)[0], 3 * SPAN);
    page(&mut state, NOON).header.previous = NOON - SPAN;
    assert!(opened_pages(&state, now).is_empty());
    // One that follows waits for nobody.
    assert_eq!(opened_pages(&state, now - 1)[0], 2 * SPAN);
}

#[test]
fn given_a_market_that_ends_when_pages_are_due_then_those_before_its_end_are_opened() {
    let mut state = fresh();
    state.market.ends_at = NOON + SPAN;
    assert_eq!(opened_pages(&state, NOON), [0]);
    state.market.ends_at = NOON;
    rests(&state, NOON);
}

#[test]
fn given_a_meter_table_that_another_market_settles_when_the_keeper_comes_then_it_only_trades() {
    let mut state = opened();
    state.meter_table.header.settlement = [9; 32].into();
    let start = NOON + LENGTH;
    hear_everybody(&mut state, NOON);
    let steps = next_steps(&state, start - GATE_LEAD);
    assert_eq!(steps, [Step::Clear { start }, Step::Allocate { start }]);
    let steps = next_steps(&state, NOON + SPAN + CORRECTION);
    let of_pages = |step: &Step| !matches!(step, Step::Clear { .. } | Step::Allocate { .. });
    assert!(!steps.iter().any(of_pages), "{steps:?}");
}

#[test]
fn given_a_slot_that_is_not_final_when_its_next_page_is_due_then_it_waits_with_those_behind() {
    let mut state = opened();
    // The oracle does not get on: an earlier page is missing.
    interval_page(&mut state, NOON).header.previous = NOON - SPAN;
    let round = SPAN * i64::from(PAGES);
    let late = NOON + round;
    run_to_rest(&mut state, NOON + SPAN);
    run_to_rest(&mut state, NOON + 3 * SPAN);
    run_to_rest(&mut state, late);
    assert_eq!(state.meter_table.header.last_opened, late - SPAN);
    assert!(opened_pages(&state, late).is_empty());
}

#[test]
fn given_a_slot_that_only_the_market_has_in_use_when_its_next_page_is_due_then_it_waits() {
    let mut state = opened();
    // A window that nobody can allocate.
    page(&mut state, NOON).windows[0].status = WindowStatus::Open as u8;
    let late = NOON + SPAN * i64::from(PAGES);
    for now in [NOON + SPAN, NOON + 3 * SPAN, late] {
        run_to_rest(&mut state, now);
    }
    assert!(interval_page(&mut state, NOON).header.is_finished());
    assert_eq!(state.meter_table.header.last_opened, late - SPAN);
}

#[test]
fn given_a_slot_that_only_the_oracle_has_in_use_when_its_next_page_is_due_then_it_waits() {
    let mut state = fresh();
    let page = &mut interval_page(&mut state, NOON + SPAN).header;
    page.start = NOON + SPAN - SPAN * i64::from(PAGES);
    page.previous = page.start - SPAN;
    assert_eq!(opened_pages(&state, NOON), [0]);
}

#[test]
fn given_a_slot_of_one_ring_without_an_account_when_its_page_is_due_then_it_is_not_opened() {
    let mut state = fresh();
    state.pages.remove(1);
    assert_eq!(opened_pages(&state, NOON), [0]);
    let mut state = fresh();
    state.interval_pages.remove(0);
    assert!(opened_pages(&state, NOON).is_empty());
}

#[test]
fn given_pages_of_the_oracle_from_before_the_market_when_the_keeper_comes_then_it_goes_on_there() {
    let mut state = fresh();
    state.meter_table.header.last_opened = NOON - SPAN;
    let page = &mut interval_page(&mut state, NOON - SPAN).header;
    page.start = NOON - SPAN;
    page.corrections_until = NOON + CORRECTION;
    assert_eq!(opened_pages(&state, NOON), [0, SPAN]);
    run(&mut state, NOON);
    rests(&state, NOON);
    // It is finished, though the market has no such page.
    let steps = run(&mut state, NOON + CORRECTION);
    let finish = Step::FinishIntervalPage { page: NOON - SPAN };
    assert!(steps.contains(&finish), "{steps:?}");
}
