//! Imbalance prices by half hour of the local day and kind of day.

use joulebook_layout::market::limits;
use joulebook_units::{Price, Seconds, UnixTime};

/// Of a day's tariffs.
pub const HALF_HOURS_PER_DAY: usize = limits::HALF_HOURS_PER_DAY as usize;

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
    let local = time.local(utc_offset)?;
    let day = u32::try_from(local.day).unwrap_or(0);
    let is_holiday = day != 0 && holidays.contains(&day);
    Some(TariffSlot {
        day: if local.weekday >= 5 || is_holiday {
            DayKind::Free
        } else {
            DayKind::Working
        },
        half_hour: usize::from(local.half_hour),
    })
}
