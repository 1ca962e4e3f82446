use joulebook_client::layout::oracle::limits::{MAX_CORRECTION_SECONDS, MAX_PAGE_RING};
use joulebook_units::{Seconds, SECONDS_PER_DAY};
use schemars::JsonSchema;
use serde::Serialize;

/// Days that values can be corrected after a page's end, if nobody says otherwise.
pub const DEFAULT_CORRECTION_DAYS: u32 = 2;
/// The most there can be.
pub const MAX_CORRECTION_DAYS: u32 = MAX_CORRECTION_SECONDS / SECONDS_PER_DAY as u32;

/// A day of quarter hours: longer pages would be large accounts.
const MAX_WINDOWS: i64 = 96;
/// What a verifier has to itself of the time for corrections: then no reading comes in between.
const VERIFIER_SECONDS: u32 = 43_200;
/// One page ahead, one that goes on, and one that is becoming final.
const PAGES_IN_USE: i64 = 3;

/// How many windows a page holds, and how late values may come: what the ring of pages is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pages {
    /// Number of windows of a page.
    pub windows: u16,
    /// Number of pages of the ring.
    pub pages: u16,
    /// Meters' readings are taken this long after their page's end, seconds.
    pub reading_seconds: u32,
    /// A verifier's values are taken this long after their page's end, seconds; then the page becomes final.
    pub correction_seconds: u32,
}

/// The ring would need more pages than there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "values that may be corrected for {days} days need {pages} pages of {windows} windows, and a market has at most \
     {MAX_PAGE_RING}; correct for at most {most} days, or choose longer windows"
)]
pub struct TooManyPages {
    pub days: u32,
    pub pages: i64,
    pub windows: u16,
    /// Days.
    pub most: i64,
}

impl Pages {
    /// Pages of a day, or of 96 windows if a day has more, that are corrected for so many days.
    ///
    /// # Errors
    /// [`TooManyPages`].
    pub fn new(
        length: Seconds,
        horizon: Seconds,
        correction_days: u32,
    ) -> Result<Pages, TooManyPages> {
        let length = length.0.clamp(1, SECONDS_PER_DAY);
        // 1 to 96.
        let windows = (SECONDS_PER_DAY / length).min(MAX_WINDOWS);
        let page = windows * length;
        let correction = i64::from(correction_days) * SECONDS_PER_DAY;
        let waiting = (horizon.0 + correction + page - 1) / page;
        let pages = waiting + PAGES_IN_USE;
        let room = (i64::from(MAX_PAGE_RING) - PAGES_IN_USE) * page - horizon.0;
        let error = TooManyPages {
            days: correction_days,
            pages,
            windows: windows as u16,
            most: room.max(0) / SECONDS_PER_DAY,
        };
        let pages = u16::try_from(pages)
            .ok()
            .filter(|pages| *pages <= MAX_PAGE_RING);
        let correction_seconds = u32::try_from(correction).map_err(|_| error)?;
        Ok(Pages {
            windows: windows as u16,
            pages: pages.ok_or(error)?,
            reading_seconds: correction_seconds.saturating_sub(VERIFIER_SECONDS),
            correction_seconds,
        })
    }

    /// From the start of a page to that of the next.
    pub fn page_length(&self, window: Seconds) -> Seconds {
        Seconds(window.0 * i64::from(self.windows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(length: i64, days: u32) -> Result<Pages, TooManyPages> {
        Pages::new(Seconds(length), Seconds(length), days)
    }

    #[test]
    fn a_page_is_a_day_unless_a_day_has_more_than_96_windows() {
        let windows = |length| pages(length, 2).map(|pages| pages.windows);
        assert_eq!(windows(86_400), Ok(1));
        assert_eq!(windows(3600), Ok(24));
        assert_eq!(windows(900), Ok(96));
        assert_eq!(windows(300), Ok(96));
        assert_eq!(windows(60), Ok(96));
    }

    #[test]
    fn the_ring_holds_what_can_still_be_corrected() {
        let quarter_hours = pages(900, 2).expect("fits");
        // Two days and the quarter hour ahead are in three pages; three more are in use.
        assert_eq!(quarter_hours.pages, 6);
        assert_eq!(quarter_hours.correction_seconds, 172_800);
        assert_eq!(quarter_hours.reading_seconds, 129_600);
        assert_eq!(pages(900, 30).map(|month| month.pages), Ok(34));
    }

    #[test]
    fn readings_can_come_for_half_a_day_at_least() {
        let shortest = pages(900, 1).expect("fits");
        assert_eq!(shortest.reading_seconds, 43_200);
    }

    #[test]
    fn more_pages_than_there_can_be_are_refused_with_what_would_do() {
        let error = pages(60, 92).expect_err("minutes need long rings");
        assert_eq!((error.windows, error.pages), (96, 1384));
        assert!(pages(60, error.most as u32).is_ok());
        assert!(pages(60, error.most as u32 + 1).is_err());
    }
}
