//! Imbalance prices by half hour of the local day and kind of day.

use joulebook_layout::market::limits;
use joulebook_units::{Price, Seconds, UnixTime, SECONDS_PER_DAY};

/// Of a day's tariffs.
pub const HALF_HOURS_PER_DAY: usize = limits::HALF_HOURS_PER_DAY as usize;
const SECONDS_PER_HALF_HOUR: i64 = 1800;
const DAYS_PER_WEEK: i64 = 7;

/// What the supplier charges and pays outside the local market; `long ≤ short`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tariff {
    /// Retail price: what a seat pays for energy it drew beyond its contracts.
    pub short: Price,
    /// Feed-in tariff: what a seat receives for energy it left over.
    pub long: Price,
}

impl Tariff {
    /// For energy of which nobody can tell how much flowed while there was another supplier: this one pays nothing for it.
    pub fn with_another_supplier(self) -> Tariff {
        Tariff {
            long: self.long.min(Price::ZERO),
            ..self
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    Working,
    /// Saturday, Sunday or a holiday.
    Free,
}

/// Where a moment lies in the tariff table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TariffSlot {
    pub day: DayKind,
    /// 0 for 00:00 to 00:30 local time, up to 47.
    pub half_hour: usize,
}

/// The slot of `time` for a community whose clocks are `utc_offset` ahead of UTC. `holidays` are days
/// since 1970-01-01 in local time; 0 stands for none. `None` on overflow.
pub fn tariff_slot(time: UnixTime, utc_offset: Seconds, holidays: &[u32]) -> Option<TariffSlot> {
    let local = time.checked_add(utc_offset)?;
    let day = local.0.div_euclid(SECONDS_PER_DAY);
    let half_hour = local.0.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HALF_HOUR;
    // 1970-01-01 was a Thursday: day 0 is the fourth of a week that begins on Monday.
    let weekday = day.checked_add(3)?.rem_euclid(DAYS_PER_WEEK);
    let holiday = u32::try_from(day).is_ok_and(|day| day != 0 && holidays.contains(&day));
    Some(TariffSlot {
        day: if weekday >= 5 || holiday {
            DayKind::Free
        } else {
            DayKind::Working
        },
        half_hour: usize::try_from(half_hour).ok()?,
    })
}
