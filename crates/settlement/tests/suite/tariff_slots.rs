//! Where a moment lies in the tariff table.

use joulebook_settlement::tariff::{tariff_slot, DayKind, TariffSlot, HALF_HOURS_PER_DAY};
use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use proptest::prelude::*;

/// Days since 1970-01-01.
const FRIDAY_2026_11_20: i64 = 20_777;
const SUNDAY_2026_11_22: i64 = 20_779;
const CHRISTMAS_2026: i64 = 20_812;
const LEAP_THURSDAY_2024_02_29: i64 = 19_782;
const UTC: Seconds = Seconds(0);

fn at(day: i64, seconds: i64) -> UnixTime {
    UnixTime(day * SECONDS_PER_DAY + seconds)
}

fn any_seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        (any::<i64>(), 0..64u32).prop_map(|(number, shift)| number >> shift),
        Just(i64::MIN),
        Just(i64::MAX),
        0..4_000_000_000i64,
    ]
}

/// By counting, in 128 bits, from Monday, 1969-12-29.
fn model(time: i64, offset: i64, holidays: &[u32]) -> Option<TariffSlot> {
    let local = i64::try_from(i128::from(time) + i128::from(offset)).ok()?;
    let since_monday = i128::from(local) + 3 * 86_400;
    let weekday = since_monday.rem_euclid(7 * 86_400) / 86_400;
    let day = since_monday.div_euclid(86_400) - 3;
    let is_holiday = holidays
        .iter()
        .any(|holiday| *holiday > 0 && i128::from(*holiday) == day);
    let day = if matches!(weekday, 5 | 6) || is_holiday {
        DayKind::Free
    } else {
        DayKind::Working
    };
    let half_hour = since_monday.rem_euclid(86_400) / 1_800;
    slot(day, usize::try_from(half_hour).expect("one of 48"))
}

fn slot(day: DayKind, half_hour: usize) -> Option<TariffSlot> {
    Some(TariffSlot { day, half_hour })
}

#[test]
fn given_days_of_a_known_week_when_asked_then_saturday_and_sunday_are_free() {
    let kinds: Vec<_> = (0..7)
        .map(|day| tariff_slot(at(FRIDAY_2026_11_20 + day, 0), UTC, &[]).map(|slot| slot.day))
        .collect();
    let (working, free) = (Some(DayKind::Working), Some(DayKind::Free));
    assert_eq!(
        kinds,
        [working, free, free, working, working, working, working]
    );
    assert_eq!(
        tariff_slot(at(SUNDAY_2026_11_22, 0), UTC, &[]),
        slot(DayKind::Free, 0)
    );
    let leap = tariff_slot(at(LEAP_THURSDAY_2024_02_29, 0), UTC, &[]);
    assert_eq!(leap, slot(DayKind::Working, 0));
}

#[test]
fn given_the_hours_of_a_day_when_asked_then_each_half_hour_begins_on_its_second() {
    let half_hour = |seconds| {
        let found = tariff_slot(at(FRIDAY_2026_11_20, seconds), UTC, &[]);
        found.map(|slot| slot.half_hour)
    };
    assert_eq!(half_hour(0), Some(0));
    assert_eq!(half_hour(1_799), Some(0));
    assert_eq!(half_hour(1_800), Some(1));
    assert_eq!(half_hour(12 * SECONDS_PER_HOUR), Some(24));
    assert_eq!(half_hour(SECONDS_PER_DAY - 1), Some(HALF_HOURS_PER_DAY - 1));
    assert_eq!(half_hour(SECONDS_PER_DAY), Some(0));
}

#[test]
fn given_clocks_ahead_of_utc_when_it_is_midnight_there_then_the_day_is_the_next() {
    // 22:59:59 and 23:00 UTC on Friday, an hour ahead.
    let hour = Seconds(SECONDS_PER_HOUR);
    let before = tariff_slot(at(FRIDAY_2026_11_20, 82_799), hour, &[]);
    assert_eq!(before, slot(DayKind::Working, 47));
    let after = tariff_slot(at(FRIDAY_2026_11_20, 82_800), hour, &[]);
    assert_eq!(after, slot(DayKind::Free, 0));
}

#[test]
fn given_clocks_behind_utc_when_it_is_monday_in_utc_then_it_is_still_sunday_there() {
    let behind = Seconds(-5 * SECONDS_PER_HOUR);
    let monday = SUNDAY_2026_11_22 + 1;
    assert_eq!(
        tariff_slot(at(monday, 0), UTC, &[]),
        slot(DayKind::Working, 0)
    );
    assert_eq!(
        tariff_slot(at(monday, 0), behind, &[]),
        slot(DayKind::Free, 38)
    );
    let midnight = 5 * SECONDS_PER_HOUR;
    assert_eq!(
        tariff_slot(at(monday, midnight - 1), behind, &[]),
        slot(DayKind::Free, 47)
    );
    assert_eq!(
        tariff_slot(at(monday, midnight), behind, &[]),
        slot(DayKind::Working, 0)
    );
}

#[test]
fn given_an_offset_of_quarter_hours_when_asked_then_half_hours_begin_at_local_time() {
    // Nepal, 5:45 ahead: 00:14:59 and 00:15 UTC are 05:59:59 and 06:00.
    let offset = Seconds(5 * SECONDS_PER_HOUR + 2_700);
    let half_hour = |seconds| {
        let found = tariff_slot(at(FRIDAY_2026_11_20, seconds), offset, &[]);
        found.map(|slot| slot.half_hour)
    };
    assert_eq!((half_hour(899), half_hour(900)), (Some(11), Some(12)));
}

#[test]
fn given_a_holiday_on_a_working_day_when_asked_then_the_local_day_is_free() {
    let holidays = [0, 0, CHRISTMAS_2026 as u32, 0];
    let hour = Seconds(SECONDS_PER_HOUR);
    let day_of = |time| tariff_slot(time, hour, &holidays).map(|slot| slot.day);
    // It begins at 23:00 UTC the day before and ends at 23:00 UTC.
    assert_eq!(
        day_of(at(CHRISTMAS_2026 - 1, 82_799)),
        Some(DayKind::Working)
    );
    assert_eq!(day_of(at(CHRISTMAS_2026 - 1, 82_800)), Some(DayKind::Free));
    assert_eq!(day_of(at(CHRISTMAS_2026, 82_799)), Some(DayKind::Free));
    let without = tariff_slot(at(CHRISTMAS_2026, 0), hour, &[]).map(|slot| slot.day);
    assert_eq!(without, Some(DayKind::Working));
}

#[test]
fn given_a_holiday_on_a_weekend_when_asked_then_it_is_free_all_the_same() {
    let holidays = [SUNDAY_2026_11_22 as u32];
    assert_eq!(
        tariff_slot(at(SUNDAY_2026_11_22, 0), UTC, &holidays),
        slot(DayKind::Free, 0)
    );
}

#[test]
fn given_an_empty_place_among_the_holidays_when_it_is_1970_then_it_is_no_holiday() {
    // 0 stands for none; 1970-01-01 was a Thursday.
    assert_eq!(
        tariff_slot(UnixTime(0), UTC, &[0]),
        slot(DayKind::Working, 0)
    );
    assert_eq!(tariff_slot(at(1, 0), UTC, &[1]), slot(DayKind::Free, 0));
}

#[test]
fn given_times_before_1970_when_asked_then_weeks_and_days_go_on_backwards() {
    assert_eq!(
        tariff_slot(UnixTime(-1), UTC, &[]),
        slot(DayKind::Working, 47)
    );
    // Sunday 1969-12-28 and Monday the 29th; no holiday has a number below 1.
    let last_second = tariff_slot(at(-3, -1), UTC, &[]);
    assert_eq!(last_second, slot(DayKind::Free, 47));
    assert_eq!(tariff_slot(at(-4, 0), UTC, &[]), slot(DayKind::Free, 0));
    assert_eq!(
        tariff_slot(at(-3, 0), UTC, &[u32::MAX - 2]),
        slot(DayKind::Working, 0)
    );
}

#[test]
fn given_a_local_time_beyond_64_bits_when_asked_then_it_says_none() {
    assert_eq!(tariff_slot(UnixTime(i64::MAX), Seconds(1), &[]), None);
    assert_eq!(tariff_slot(UnixTime(i64::MIN), Seconds(-1), &[]), None);
    assert!(tariff_slot(UnixTime(i64::MAX), UTC, &[]).is_some());
    assert!(tariff_slot(UnixTime(i64::MIN), UTC, &[u32::MAX]).is_some());
}

proptest! {
    #[test]
    fn given_any_moment_when_half_an_hour_passes_then_the_slot_is_the_next(
        time in -1_000_000_000_000..1_000_000_000_000i64, offset in -50_400..=50_400i64
    ) {
        let offset = Seconds(offset);
        let slot = |time| tariff_slot(UnixTime(time), offset, &[]).expect("it fits");
        let (here, next) = (slot(time), slot(time + 1_800));
        prop_assert_eq!(next.half_hour, (here.half_hour + 1) % HALF_HOURS_PER_DAY);
        if next.half_hour > 0 {
            prop_assert_eq!(next.day, here.day);
        }
        prop_assert_eq!(slot(time + 7 * SECONDS_PER_DAY), here);
    }

    #[test]
    fn given_any_week_when_its_days_are_asked_then_two_in_a_row_are_free(
        time in -1_000_000_000_000..1_000_000_000_000i64, offset in -50_400..=50_400i64
    ) {
        let is_free = |days: i64| {
            let slot = tariff_slot(UnixTime(time + days * SECONDS_PER_DAY), Seconds(offset), &[]);
            slot.expect("it fits").day == DayKind::Free
        };
        let week: Vec<bool> = (0..7).map(is_free).collect();
        prop_assert_eq!(week.iter().filter(|free| **free).count(), 2);
        let pairs = (0..7).filter(|day| week[*day] && is_free(*day as i64 + 1)).count();
        prop_assert_eq!(pairs, 1);
    }

    #[test]
    fn given_any_numbers_when_asked_then_it_is_what_the_model_says(
        time in any_seconds(), offset in any_seconds(), holidays in any::<[u32; 4]>(), near in -2..=2i64
    ) {
        let today = time.saturating_add(offset).div_euclid(SECONDS_PER_DAY);
        // Of any days, hardly one is the day that is asked for.
        let near = u32::try_from(today.saturating_add(near)).unwrap_or(0);
        let [first, second, third, _] = holidays;
        let holidays = [first, second, near, third];
        let found = tariff_slot(UnixTime(time), Seconds(offset), &holidays);
        prop_assert_eq!(found, model(time, offset, &holidays));
    }
}
