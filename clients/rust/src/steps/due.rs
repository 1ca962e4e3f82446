//! When to look again.

use joulebook_layout::market::{limits::MAX_BOOKS, Phase};

use super::{next_steps, MarketState};
use crate::ring;

/// Times of each kind that are looked at: windows ahead of the horizon, and behind.
const WINDOWS_BEHIND: i64 = 2;
/// Nobody waits longer than that without looking, in lengths of a window.
const AT_MOST: i64 = 4;

/// The next time after `now`, unix seconds, at which [`next_steps`] finds something in `state` as it is; or some windows later,
/// if nothing is due until then. What somebody changes in between, an order or a reading, can make something due earlier.
pub fn next_due(state: &MarketState, now: i64) -> i64 {
    let length = i64::from(state.market.window_seconds).max(1);
    let latest = now.saturating_add(length.saturating_mul(AT_MOST));
    let mut times = moments(state, now, latest);
    times.retain(|time| (now.saturating_add(1)..latest).contains(time));
    times.sort_unstable();
    times.dedup();
    let mut times = times.into_iter();
    let due = times.find(|time| !next_steps(state, *time).is_empty());
    due.unwrap_or(latest)
}

/// Times at which a step can become due by time alone.
fn moments(state: &MarketState, now: i64, latest: i64) -> Vec<i64> {
    let market = &state.market;
    let length = i64::from(market.window_seconds).max(1);
    let mut times = vec![];
    let first = now.saturating_sub(length.saturating_mul(WINDOWS_BEHIND));
    let mut start = ring::start(first, length).unwrap_or(now);
    let horizon = i64::from(market.terms_at(latest).horizon).max(market.terms.horizon.into());
    // A clock at its end does not move on.
    for _ in 0..=WINDOWS_BEHIND + AT_MOST + 1 + (horizon / length).min(MAX_BOOKS.into()) {
        let terms = market.terms_at(start);
        times.push(start.saturating_sub(terms.horizon.into()));
        times.push(start);
        start = start.saturating_add(length);
    }
    let books = state.books.iter().map(|book| &book.header);
    let open = books.filter(|book| book.phase == Phase::Open as u8);
    times.extend(open.map(|book| book.gate));
    for page in state.pages.iter().filter(|page| !page.header.is_final()) {
        let grace = i64::from(page.header.metering_grace);
        let ends = (0..page.header.windows).map(|window| page.header.end_of(window));
        times.extend(ends.map(|end| end.saturating_add(grace)));
    }
    let interval_pages = state.interval_pages.iter().map(|page| &page.header);
    times.extend(interval_pages.map(|page| page.corrections_until));
    let page = market.page_length().0.max(1);
    let mut next = ring::start(now, page).unwrap_or(now);
    for _ in 0..=2 + ((AT_MOST * length + horizon) / page).min(MAX_BOOKS.into()) {
        times.push(ring::page_opens(market, next));
        next = next.saturating_add(page);
    }
    times
}
