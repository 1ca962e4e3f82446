//! Moments of local times: by a zone's rules, the doubled hour by order, the hour that never was by name.

use std::str::FromStr;

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
    Timestamp,
};

use super::Stamp;

/// A zone of the tz database, or a fixed offset.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// No such zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no zone of the tz database; write one like Europe/Vienna, UTC or +05:30")]
pub struct ZoneError(String);

impl Zone {
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Zone, ZoneError> {
        let unknown = || ZoneError(crate::printable(text));
        if text.starts_with(['+', '-']) {
            let stamp = super::RawStamp::parse(&format!("1970-01-01T00:00{text}"));
            let stamp = stamp.and_then(|stamp| stamp.stamp(super::DateOrder::DayFirst));
            let before = stamp.and_then(|stamp| stamp.moment);
            let seconds = before.and_then(|seconds| i32::try_from(seconds).ok());
            let seconds = seconds.and_then(i32::checked_neg).ok_or_else(unknown)?;
            return Ok(Zone {
                name: text.to_owned(),
                rules: TimeZone::fixed(Offset::from_seconds(seconds).map_err(|_| unknown())?),
            });
        }
        // Not the machine's: what a run says must not depend on it.
        let rules = TimeZoneDatabase::bundled()
            .get(text)
            .map_err(|_| unknown())?;
        let name = rules.iana_name().unwrap_or(text).to_owned();
        Ok(Zone { name, rules })
    }
}

/// A row's moment: of its local time, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    At(i64),
    /// Clocks skipped it; what it would have been before they did.
    NeverWas(i64),
    /// It has no offset, and there is no zone.
    NoZone,
}

/// Turns the local times of one household's rows into moments, in their sequence.
#[derive(Debug)]
pub struct Moments<'a> {
    zone: Option<&'a Zone>,
    last: Option<i64>,
}

impl<'a> Moments<'a> {
    pub fn new(zone: Option<&'a Zone>) -> Moments<'a> {
        Moments { zone, last: None }
    }

    /// The moments of rows in their sequence. A doubled hour is the earlier one, unless that is not after the row
    /// before.
    pub fn of(&mut self, stamps: &[Stamp]) -> Vec<Moment> {
        let mut moments = Vec::with_capacity(stamps.len());
        for (index, stamp) in stamps.iter().enumerate() {
            let moment = self.one(*stamp, || {
                let later = stamps.get(index.saturating_add(1)..).unwrap_or_default();
                is_doubled(*stamp, later)
            });
            if let Moment::At(at) = moment {
                self.last = Some(at);
            }
            moments.push(moment);
        }
        moments
    }

    fn one(&self, stamp: Stamp, comes_again: impl Fn() -> bool) -> Moment {
        if let Some(moment) = stamp.moment {
            return Moment::At(moment);
        }
        let Some(zone) = self.zone else {
            return Moment::NoZone;
        };
        let ambiguous = zone.rules.to_ambiguous_timestamp(stamp.local);
        let at = |offset: Offset| seconds(offset, stamp.local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => Moment::At(at(offset)),
            AmbiguousOffset::Gap { before, .. } => Moment::NeverWas(at(before)),
            AmbiguousOffset::Fold { before, after } => {
                let (earlier, later) = (at(before), at(after));
                let is_later = match self.last {
                    Some(last) => earlier <= last && last < later,
                    // Nothing is before it: the earlier one if the hour comes again.
                    None => !comes_again(),
                };
                Moment::At(if is_later { later } else { earlier })
            }
        }
    }
}

/// Whether a local time stands in one of the rows to come as well, before others of two hours later.
fn is_doubled(stamp: Stamp, later: &[Stamp]) -> bool {
    let near = later.iter().take_while(|other| {
        let past = other.local.duration_since(stamp.local).as_secs();
        past < 7200
    });
    near.into_iter().any(|other| other.local == stamp.local)
}

fn seconds(offset: Offset, local: DateTime) -> i64 {
    offset
        .to_timestamp(local)
        .map_or(i64::MAX, Timestamp::as_second)
}

impl Zone {
    /// The local time of a moment; `None` if no calendar reaches there.
    pub fn local(&self, moment: i64) -> Option<DateTime> {
        let moment = Timestamp::from_second(moment).ok()?;
        Some(self.rules.to_datetime(moment))
    }

    /// The moment of a local time; of a doubled one the earlier, of one that never was as if clocks had gone on.
    pub fn moment(&self, local: DateTime) -> i64 {
        let ambiguous = self.rules.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => seconds(offset, local),
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => {
                seconds(before, local)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::{DateOrder, RawStamp};

    fn moments(texts: &[&str]) -> Vec<Moment> {
        let zone: Zone = "Europe/Vienna".parse().expect("a zone");
        let stamps: Vec<Stamp> = texts
            .iter()
            .map(|text| {
                RawStamp::parse(text)
                    .expect("a time")
                    .stamp(DateOrder::DayFirst)
            })
            .map(|stamp| stamp.expect("a day"))
            .collect();
        Moments::new(Some(&zone)).of(&stamps)
    }

    /// 2025-10-26 00:00 in Vienna.
    const MIDNIGHT: i64 = 1_761_429_600;

    #[test]
    fn given_a_doubled_hour_when_rows_follow_each_other_then_order_tells() {
        let texts = [
            "2025-10-26 01:30",
            "2025-10-26 02:00",
            "2025-10-26 02:30",
            "2025-10-26 02:00",
            "2025-10-26 02:30",
            "2025-10-26 03:00",
        ];
        let expected: Vec<Moment> = (3..9)
            .map(|half| Moment::At(MIDNIGHT + half * 1800))
            .collect();
        assert_eq!(moments(&texts), expected);
    }

    #[test]
    fn given_a_file_that_begins_within_the_doubled_hour_when_read_then_what_follows_tells() {
        let alone = moments(&["2025-10-26 02:30", "2025-10-26 03:00"]);
        assert_eq!(alone, [7, 8].map(|half| Moment::At(MIDNIGHT + half * 1800)));
        let twice = moments(&["2025-10-26 02:30", "2025-10-26 02:00", "2025-10-26 02:30"]);
        assert_eq!(
            twice,
            [5, 6, 7].map(|half| Moment::At(MIDNIGHT + half * 1800))
        );
    }

    #[test]
    fn given_an_hour_that_never_was_when_read_then_it_is_known() {
        let found = moments(&["2026-03-29 01:00", "2026-03-29 02:00", "2026-03-29 03:00"]);
        assert!(matches!(
            found[..],
            [Moment::At(_), Moment::NeverWas(_), Moment::At(_)]
        ));
    }

    #[test]
    fn given_names_of_zones_when_read_then_only_real_ones_are_taken() {
        for name in ["Europe/Vienna", "UTC", "+05:30", "-0800", "asia/kolkata"] {
            assert!(name.parse::<Zone>().is_ok(), "{name}");
        }
        for name in ["", "Vienna", "Europe/Wien", "+99:00", "+", "CEST?"] {
            assert!(name.parse::<Zone>().is_err(), "{name}");
        }
        let india: Zone = "+05:30".parse().expect("a zone");
        let stamp = RawStamp::parse("1970-01-01 05:30").expect("a time");
        let stamp = stamp.stamp(DateOrder::DayFirst).expect("a day");
        assert_eq!(india.moment(stamp.local), 0);
    }
}
