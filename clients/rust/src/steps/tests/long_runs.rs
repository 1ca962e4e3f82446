//! Keepers over days and weeks.

use super::{keeping::*, market::*};
use crate::{layout::market::Phase, steps::Step};

#[test]
fn given_a_keeper_that_did_everything_when_it_looks_again_then_nothing_is_due() {
    let mut state = running();
    rests(&state, NOON);
    run_to_rest(&mut state, NOON + GATE_LEAD);
    rests(&state, NOON + GATE_LEAD);
    // Many rounds of all rings are over, and every slot has come round.
    let oldest = NOON - LENGTH * i64::from(BOOKS);
    assert!(state.books.iter().all(|book| book.header.start > oldest));
    let oldest = NOON - SPAN * i64::from(PAGES);
    assert!(state.pages.iter().all(|page| page.header.start > oldest));
}

#[test]
fn given_keepers_away_for_a_week_when_one_comes_then_it_goes_on_where_they_stopped() {
    let mut state = running();
    // Those of noon, before and after: of the first, corrections still come.
    let unfinished: Vec<i64> = (-1..=1).map(|page| NOON + SPAN * page).collect();
    let now = NOON + WEEK;
    let steps = run(&mut state, now);
    let finished: Vec<i64> = steps
        .iter()
        .filter_map(|step| match step {
            Step::FinishPage { page } => Some(*page),
            _ => None,
        })
        .collect();
    assert_eq!(finished, unfinished);
    // Pages of the week that nobody can bring values for any more are left out.
    let opened: Vec<i64> = steps
        .iter()
        .filter_map(|step| match step {
            Step::OpenPage { start } => Some(*start - now),
            _ => None,
        })
        .collect();
    assert_eq!(opened, [-1_200, 0, 1_200]);
    let open: Vec<i64> = state
        .books
        .iter()
        .map(|book| &book.header)
        .filter(|book| book.phase == Phase::Open as u8)
        .map(|book| book.start - now)
        .collect();
    assert_eq!(open.len(), 3);
    assert!(open.iter().all(|later| (1..=HORIZON).contains(later)));
    // Meters that are silent since then are charged their draw in what was just opened.
    run_to_rest(&mut state, now);
    rests(&state, now);
}

#[test]
fn given_a_market_when_it_runs_for_a_day_then_no_window_and_no_page_is_left_behind() {
    let mut state = fresh();
    let (mut allocated, mut finished) = (vec![], vec![]);
    for minute in 0..1_440 {
        let now = NOON + 60 * minute;
        for step in run_to_rest(&mut state, now) {
            match step {
                Step::Allocate { start } => allocated.push(start),
                Step::FinishPage { page } => finished.push(page),
                _ => {}
            }
        }
        if now.rem_euclid(LENGTH) == 0 && now > NOON {
            // One meter falls silent for two hours, and is never heard of those.
            let silent = 60 * minute / 7_200 % 2 == 1;
            for meter in 0..if silent { METERS - 1 } else { METERS } {
                hear(&mut state, now - LENGTH, meter, minute as u32);
            }
        }
    }
    let all: Vec<i64> = (1..).map(|n| NOON + LENGTH * n).take(288).collect();
    assert_eq!(allocated, all);
    let all: Vec<i64> = (0..).map(|n| NOON + SPAN * n).take(70).collect();
    assert_eq!(finished, all);
}

#[test]
fn given_a_keeper_that_comes_at_any_pace_when_it_has_come_then_nothing_is_due() {
    for pace in [61, 299, 301, 1_000, 1_201, 2_399, 5_003, 7_201] {
        let mut state = fresh();
        for visit in 0..40 {
            let now = NOON + pace * visit;
            run_to_rest(&mut state, now);
            for page in 0..PAGES {
                let page = state.interval_pages[usize::from(page)].header;
                let start = page.start.saturating_add(LENGTH);
                if !page.is_finished() && now >= start + LENGTH {
                    hear(&mut state, start, (visit % 3) as u16, 5);
                }
            }
            run_to_rest(&mut state, now);
        }
    }
}
