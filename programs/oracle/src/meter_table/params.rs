use anchor_lang::prelude::*;
use joulebook_layout::oracle::{
    limits::{
        MAX_CORRECTION_SECONDS, MAX_METERS, MAX_PAGE_INTERVALS, MAX_PAGE_RING,
        MIN_INTERVAL_SECONDS, MIN_PAGE_RING,
    },
    IntervalPage,
};
use joulebook_units::{floor_rem, SECONDS_PER_DAY};

use crate::errors::OracleError;

/// The largest page fits an account, which holds 10 MiB.
const _: () = assert!(IntervalPage::full_len(MAX_METERS, MAX_PAGE_INTERVALS) <= 10 * 1024 * 1024);

/// Pages that the ring has beside those whose values still come: the one that goes on, the one before it, which ends
/// somewhere in the correction time, and one to be opened ahead.
const OTHER_PAGES: u64 = 3;

/// What never changes of a meter table.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct MeterTableParams {
    /// 60 to 86,400, a divisor of a day.
    pub interval_seconds: u32,
    /// Intervals of a page, 1 to 288.
    pub page_intervals: u16,
    /// Slots of the page ring, 3 to 512, whose pages last at least `correction_seconds` and three pages.
    pub ring: u16,
    /// Meters that there is room for, 1 to 4,096.
    pub capacity: u16,
    /// Readings are taken this long after a page's end.
    pub reading_seconds: u32,
    /// A verifier's values are taken this long after a page's end; not shorter, and up to 7,948,800.
    pub correction_seconds: u32,
    /// The most that any meter's power limits may be, W: what a device can claim at worst.
    pub power_cap: u32,
    /// Violations that quarantine a meter, 0 for never.
    pub violation_limit: u8,
    /// Genesis hash of the chain that the table is on: part of what its meters sign. Not zero.
    pub cluster: [u8; 32],
}

impl MeterTableParams {
    /// # Errors
    /// [`OracleError`] for the first that can't be.
    pub fn check(&self) -> Result<()> {
        require!(
            self.interval_seconds >= MIN_INTERVAL_SECONDS
                && floor_rem(SECONDS_PER_DAY, self.interval_seconds.into()) == Some(0),
            OracleError::IntervalLengthInvalid
        );
        require!(
            (1..=MAX_PAGE_INTERVALS).contains(&self.page_intervals),
            OracleError::PageIntervalsInvalid
        );
        require!(
            (1..=MAX_METERS).contains(&self.capacity),
            OracleError::CapacityInvalid
        );
        require!(
            self.reading_seconds <= self.correction_seconds
                && self.correction_seconds <= MAX_CORRECTION_SECONDS,
            OracleError::CorrectionTimeInvalid
        );
        require!(
            (MIN_PAGE_RING..=MAX_PAGE_RING).contains(&self.ring) && self.has_long_ring(),
            OracleError::RingInvalid
        );
        require!(self.cluster != [0; 32], OracleError::ClusterInvalid);
        Ok(())
    }

    fn has_long_ring(&self) -> bool {
        let page = u64::from(self.interval_seconds).checked_mul(self.page_intervals.into());
        let pages = u64::from(self.ring).checked_sub(OTHER_PAGES);
        page.zip(pages)
            .and_then(|(page, pages)| page.checked_mul(pages))
            .is_some_and(|seconds| seconds >= self.correction_seconds.into())
    }
}
