use jiff::{tz::TimeZone, Timestamp};

/// The day and the month that a household lives in at some moment, as clocks in its time zone show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// When the day began, unix seconds.
    pub day: i64,
    /// When the month began, unix seconds.
    pub month: i64,
    /// `2026-11`.
    pub month_name: String,
    /// Of the time zone.
    pub zone: String,
}

impl Calendar {
    /// At `now`, unix seconds; `None` of a time that no calendar has.
    pub fn at(now: i64, zone: &TimeZone) -> Option<Calendar> {
        let now = Timestamp::from_second(now).ok()?.to_zoned(zone.clone());
        let day = now.start_of_day().ok()?;
        let month = now.first_of_month().ok()?.start_of_day().ok()?;
        Some(Calendar {
            day: day.timestamp().as_second(),
            month: month.timestamp().as_second(),
            month_name: now.strftime("%Y-%m").to_string(),
            zone: zone.iana_name()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_night_in_vienna_when_asked_then_day_and_month_are_those_of_its_clocks() {
        let zone = TimeZone::get("Europe/Vienna").expect("a zone");
        // 2026-03-31 22:30 UTC is half past midnight of the first of April, in summer time.
        let calendar = Calendar::at(1_774_996_200, &zone).expect("a time");
        assert_eq!(calendar.month_name, "2026-04");
        assert_eq!(
            (calendar.day, calendar.month),
            (1_774_994_400, 1_774_994_400)
        );
        // An hour earlier it was still March, which began in winter time.
        let before = Calendar::at(1_774_992_600, &zone).expect("a time");
        assert_eq!(before.month_name, "2026-03");
        assert_eq!((before.day, before.month), (1_774_908_000, 1_772_319_600));
    }

    #[test]
    fn given_a_time_beyond_all_calendars_when_asked_then_there_is_none() {
        assert_eq!(Calendar::at(i64::MAX, &TimeZone::UTC), None);
    }
}
