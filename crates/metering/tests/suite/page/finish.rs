//! What a finished page leaves over.

use joulebook_metering::page::{attributed, finish, EnergySum, Finished};
use joulebook_units::WhSum;

use super::support::{energy, page_of, sum, Page, INTERVALS, LIMITS, START};

fn finished(page: &Page, settled: EnergySum) -> Finished {
    finish(&page.registers, &page.entries, &settled, &sum(0, 0))
}

#[test]
fn given_entries_of_each_quality_when_added_up_then_gaps_do_not_count() {
    let (mut page, _) = page_of(&[(1, 5_000, 0), (2, 5_100, 20), (4, 5_900, 40)]);
    page.meter().replace(6, &[energy(7, 3)], &LIMITS).unwrap();
    assert_eq!(attributed(&page.entries), sum(107, 23));
}

#[test]
fn given_a_page_read_throughout_when_finished_then_nothing_is_left_over() {
    let readings: Vec<_> = (0..=8)
        .map(|b| (b, 5_000 + 100 * u64::from(b), 0))
        .collect();
    let (page, _) = page_of(&readings);
    let expected = Finished {
        settled: sum(5_800, 0),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(5_000, 0)), expected);
}

#[test]
fn given_a_gap_when_finished_then_its_energy_is_unattributed() {
    let (page, _) = page_of(&[(0, 5_000, 0), (1, 5_100, 0), (4, 5_900, 40)]);
    let expected = Finished {
        unattributed: sum(800, 40),
        settled: sum(5_900, 40),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(5_000, 0)), expected);
}

#[test]
fn given_silence_before_the_first_reading_when_finished_then_its_energy_is_unattributed() {
    let (page, _) = page_of(&[(3, 5_000, 100), (4, 5_100, 100)]);
    let expected = Finished {
        unattributed: sum(1_000, 60),
        settled: sum(5_100, 100),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(4_000, 40)), expected);
}

#[test]
fn given_a_meter_that_was_not_heard_when_its_page_is_finished_then_nothing_is_settled() {
    let page = Page::new(START, INTERVALS);
    let expected = Finished {
        settled: sum(4_000, 40),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(4_000, 40)), expected);
}

#[test]
fn given_replaced_values_alone_when_finished_then_they_are_settled() {
    let mut page = Page::new(START, INTERVALS);
    let values = [energy(300, 0), energy(200, 5)];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    let expected = Finished {
        settled: sum(4_500, 45),
        told: sum(500, 5),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(4_000, 40)), expected);
}

#[test]
fn given_a_gap_with_values_when_finished_then_only_what_they_leave_is_unattributed() {
    let (mut page, _) = page_of(&[(0, 5_000, 0), (4, 5_900, 0)]);
    let values = [energy(300, 0), energy(200, 0)];
    page.meter().replace(1, &values, &LIMITS).unwrap();
    let result = finished(&page, sum(5_000, 0));
    assert_eq!(result.unattributed, sum(400, 0));
    assert_eq!(result.settled, sum(5_900, 0));
}

#[test]
fn given_values_above_what_the_registers_say_when_finished_then_the_rest_is_excess() {
    let (mut page, _) = page_of(&[(0, 5_000, 100), (2, 5_300, 100)]);
    let values = [energy(200, 10), energy(200, 20)];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    let result = finished(&page, sum(5_000, 100));
    assert_eq!(result.unattributed, sum(0, 0));
    assert_eq!(result.excess, sum(100, 30));
    // No credit for who falls silent next.
    assert_eq!(result.settled, sum(5_300, 100));
}

#[test]
fn given_values_behind_the_last_boundary_when_finished_then_later_registers_will_tell_of_them() {
    // 700 Wh in a gap, which the estimate for what comes later says nothing of.
    let (mut page, _) = page_of(&[(0, 5_000, 0), (4, 5_700, 0)]);
    let values = [energy(300, 0), energy(200, 0)];
    page.meter().replace(4, &values, &LIMITS).unwrap();
    let result = finished(&page, sum(5_000, 0));
    assert_eq!(result.unattributed, sum(700, 0));
    assert_eq!(result.settled, sum(6_200, 0));
    assert_eq!(result.told, sum(500, 0));
}

#[test]
fn given_an_estimate_across_the_seam_when_the_meter_is_heard_then_the_rest_is_settled() {
    // 500 Wh were estimated at the end of the page before; 800 Wh were drawn before boundary 2.
    let (page, _) = page_of(&[(2, 6_500, 0), (3, 6_600, 0)]);
    let result = finished(&page, sum(6_200, 0));
    assert_eq!(result.unattributed, sum(300, 0));
    assert_eq!(result.settled, sum(6_600, 0));
}

#[test]
fn given_values_that_move_measured_energy_when_finished_then_nothing_is_left_over() {
    let (mut page, _) = page_of(&[(0, 5_000, 0), (1, 5_700, 0), (2, 5_800, 0)]);
    let values = [energy(400, 0), energy(400, 0)];
    page.meter().replace(0, &values, &LIMITS).unwrap();
    let expected = Finished {
        settled: sum(5_800, 0),
        ..Finished::default()
    };
    assert_eq!(finished(&page, sum(5_000, 0)), expected);
}

#[test]
fn given_what_is_left_over_when_settled_then_excess_counts_the_other_way() {
    let finished = Finished {
        unattributed: sum(100, 20),
        excess: sum(3, 4),
        ..Finished::default()
    };
    assert_eq!(finished.charged(), WhSum(104));
    assert_eq!(finished.credited(), WhSum(23));
}
