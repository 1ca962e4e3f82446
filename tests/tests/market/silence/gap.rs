//! A silent meter that the authority retires alone in a page that nobody opens: no page has it in service any more, and its
//! silence ends no more than in one that is open.

use joulebook_sim::Parameters;
use joulebook_tests::market::{
    check_invariants, first_start, govern, instructions, meters_of, pass_until,
    trading_community_with, BUYER, FREE,
};

use super::{retired::retire_alone, QUIET};
use crate::final_energy::read;

/// Free money of the buyer after the last page; whether the page of retirement was opened.
fn run(gap: bool, late_new_meter: bool) -> (u64, u64) {
    let mut parameters = Parameters::default();
    parameters.terms.draw_after = 2;
    let mut community = trading_community_with(parameters);
    if !late_new_meter {
        community.add_meter(BUYER).unwrap();
    }
    let meter = meters_of(&community, BUYER)[0];
    let owner = &community.households[BUYER];
    let set = instructions::set_standard_draw(&community, owner, meter, 4_000);
    govern(&mut community, set).unwrap();
    let start = first_start(&community);
    let length = community.page_length();
    community.open_pages(start).unwrap();
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    if !late_new_meter {
        read(&mut community, start, (BUYER, 1), &QUIET);
    }
    // It draws a lot, and nobody is told.
    community.households[BUYER].devices[0].flow(50_000, 0);
    let next = start + length;
    pass_until(&mut community, next);
    if !gap {
        community.open_pages(next).unwrap();
    }
    pass_until(&mut community, next + 300);
    retire_alone(&mut community, 0);
    if late_new_meter {
        community.add_meter(BUYER).unwrap();
    }
    if !gap {
        pass_until(&mut community, next + length);
        if !late_new_meter {
            read(&mut community, next, (BUYER, 1), &QUIET);
        }
    }
    community.finish_page(start).unwrap();
    if !gap {
        community.finish_page(next).unwrap();
    }
    let before = community.seat(BUYER);
    let third = if gap {
        pass_until(&mut community, start + 9 * length);
        community.open_pages(start + 9 * length).unwrap();
        let pages = community.pages();
        assert!(!pages.iter().any(|page| page.header.start == next));
        let behind = pages
            .iter()
            .map(|page| page.header)
            .find(|page| page.previous > i64::MIN && page.previous + length < page.start);
        behind.unwrap().start
    } else {
        next + length
    };
    let readings = if late_new_meter {
        &QUIET[1..]
    } else {
        &QUIET[..]
    };
    let device = 1;
    read(&mut community, third, (BUYER, device), readings);
    community.finish_page(third).unwrap();
    check_invariants(&community);
    let after = community.seat(BUYER);
    assert_eq!(after.owed, 0);
    (FREE - before.free, FREE - after.free)
}

#[test]
fn given_an_open_page_when_a_silent_meter_is_retired_in_it_then_its_draws_stay_paid() {
    let (before, after) = run(false, false);
    assert_eq!(before, after, "draws stay paid");
}

#[test]
fn given_a_page_left_out_when_a_silent_meter_is_retired_in_it_then_its_draws_stay_paid() {
    let (before, after) = run(true, false);
    assert!(before > 0);
    assert_eq!(before, after, "draws stay paid");
}

#[test]
fn given_a_new_meter_heard_late_when_the_silent_one_was_retired_in_a_gap_then_its_draws_stay_paid()
{
    let (before, after) = run(true, true);
    assert!(before > 0);
    assert_eq!(before, after, "draws stay paid");
}
