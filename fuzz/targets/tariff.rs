//! The tariff's half hours and kinds of day, against a calendar.

use bolero::{check, produce};
use jiff::{
    civil::{date, Weekday},
    tz::TimeZone,
    Timestamp, Unit,
};
use joulebook_settlement::tariff::{tariff_slot, DayKind, TariffSlot};
use joulebook_units::{Seconds, UnixTime};

use crate::{any_i64, any_u32, time};

/// The calendar repeats after 400 years, which are whole weeks.
const DAYS_PER_CYCLE: i64 = 146_097;
const SECONDS_PER_CYCLE: i64 = DAYS_PER_CYCLE * 86_400;

fn in_calendar(time: i64, utc_offset: i64, holidays: &[u32]) -> Option<TariffSlot> {
    let local = time.checked_add(utc_offset)?;
    let cycles = local.div_euclid(SECONDS_PER_CYCLE);
    let within = Timestamp::from_second(local.rem_euclid(SECONDS_PER_CYCLE)).unwrap();
    let local = within.to_zoned(TimeZone::UTC);
    let since = local.date().since((Unit::Day, date(1970, 1, 1))).unwrap();
    let day = cycles * DAYS_PER_CYCLE + i64::from(since.get_days());

    let is_weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
    let is_holiday = holidays
        .iter()
        .any(|holiday| *holiday != 0 && i64::from(*holiday) == day);
    let (hour, minute) = (local.hour() as usize, local.minute() as usize);
    Some(TariffSlot {
        day: if is_weekend || is_holiday {
            DayKind::Free
        } else {
            DayKind::Working
        },
        half_hour: hour * 2 + minute / 30,
    })
}

#[test]
fn given_any_time_and_place_when_looked_up_then_the_calendar_agrees() {
    let holidays = produce::<Vec<u32>>()
        .with()
        .values(any_u32())
        .len(0..8usize);
    // Near days as well: of random ones, hardly any is the day that is asked for.
    let near = produce::<Vec<i8>>().with().len(0..4usize);
    check!()
        .with_test_time(time())
        .with_generator((any_i64(), any_i64(), holidays, near))
        .for_each(|(time, utc_offset, holidays, near)| {
            let today = time.saturating_add(*utc_offset).div_euclid(86_400);
            let near = near
                .iter()
                .map(|days| today.saturating_add(i64::from(days / 32)));
            let near = near.filter_map(|day| u32::try_from(day).ok());
            let holidays: Vec<u32> = near.chain(holidays.iter().copied()).collect();
            let slot = tariff_slot(UnixTime(*time), Seconds(*utc_offset), &holidays);
            assert_eq!(slot, in_calendar(*time, *utc_offset, &holidays));
        });
}
