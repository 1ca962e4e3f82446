use joulebook_client::Addresses;

use crate::view::View;

/// The last part of a page's time for readings, in which nothing more is waited for: a quarter.
const LAST_PART: i64 = 4;

/// Pages that take readings still, by the clock.
pub(super) struct OpenPages<'a> {
    addresses: &'a Addresses,
    /// Of an interval and of a page, seconds.
    pub interval: i64,
    pub length: i64,
    /// How long after its end a page takes readings, seconds.
    reading: i64,
    /// Where the first of them begins.
    pub first: i64,
}

impl OpenPages<'_> {
    pub fn new<'a>(addresses: &'a Addresses, view: &View, now: i64) -> OpenPages<'a> {
        let length = addresses.page_seconds();
        let reading = i64::from(view.table.header.reading_seconds);
        let closed = now.saturating_sub(length).saturating_sub(reading);
        OpenPages {
            addresses,
            interval: view.table.header.interval_length().0.max(1),
            length,
            reading,
            first: addresses.page_start(closed).saturating_add(length),
        }
    }

    /// Whether the page that this boundary is the end of, or lies in, does so for a while only.
    pub fn closes_soon(&self, boundary: i64, now: i64) -> bool {
        let start = self.addresses.page_start(boundary.saturating_sub(1));
        let until = start
            .saturating_add(self.length)
            .saturating_add(self.reading);
        now >= until.saturating_sub(self.reading.div_euclid(LAST_PART))
    }
}
