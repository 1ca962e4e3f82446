use joulebook_client::{
    layout::market::{Market, PageWindow, WindowPrices, WindowStatus},
    ring,
    tables::PageTable,
};

use super::{Entry, PriceError};
use crate::time_of;

/// Prices of consecutive windows of one page, from the one at `start` on, unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub start: i64,
    pub prices: Vec<WindowPrices>,
}

/// What is to be posted, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricePlan {
    pub posts: Vec<Post>,
    /// Windows whose prices are as they should be.
    pub unchanged: usize,
    /// Windows that are within the notice period, open, or over: what they have stands.
    pub too_late: usize,
    /// Until when prices are known for pages that are not open yet, unix seconds; they are posted by a later call.
    pub later_until: Option<i64>,
}

impl PricePlan {
    /// Windows that are to be posted.
    pub fn windows(&self) -> usize {
        self.posts.iter().map(|post| post.prices.len()).sum()
    }
}

/// Compares what a source says with what stands in the market's pages.
///
/// # Errors
/// If prices that could still be posted are out of bounds, or finer than windows: then nothing is to be posted.
pub fn plan(
    market: &Market,
    pages: &[PageTable],
    now: i64,
    entries: &[Entry],
) -> Result<PricePlan, PriceError> {
    let length = i64::from(market.window_seconds);
    let notice = now.saturating_add(market.notice_seconds.into());
    let first = match ring::start(notice, length) {
        Some(start) if start < notice => start.saturating_add(length),
        _ => notice,
    };
    let of_use = entries.iter().filter(|entry| entry.end > first);
    for entry in of_use {
        check(market, entry)?;
    }
    let mut windows: Vec<(i64, bool, &PageWindow)> = vec![];
    for page in pages.iter().filter(|page| page.header.start != i64::MIN) {
        for (number, window) in (0u16..).zip(&page.windows) {
            let start = page.header.end_of(number).saturating_sub(length);
            windows.push((start, number == 0, window));
        }
    }
    windows.sort_by_key(|(start, ..)| *start);
    let mut plan = PricePlan::default();
    for (start, begins_page, window) in &windows {
        let Some(entry) = entry_of(entries, *start, length)? else {
            continue;
        };
        let wanted = WindowPrices {
            short: entry.short,
            long: entry.long,
            grid_fee: entry.grid_fee.unwrap_or(window.grid_fee),
        };
        let stands = (window.short, window.long, window.grid_fee);
        if stands == (wanted.short, wanted.long, wanted.grid_fee) {
            plan.unchanged = plan.unchanged.saturating_add(1);
        } else if *start < first || !window.is(WindowStatus::Unopened) {
            plan.too_late = plan.too_late.saturating_add(1);
        } else {
            add(&mut plan.posts, *start, length, *begins_page, wanted);
        }
    }
    let opened = windows
        .last()
        .map(|(start, ..)| start.saturating_add(length));
    let known = entries.last().map(|entry| entry.end);
    plan.later_until = known.filter(|known| opened.is_none_or(|opened| *known > opened));
    Ok(plan)
}

fn add(posts: &mut Vec<Post>, start: i64, length: i64, begins_page: bool, wanted: WindowPrices) {
    let end_of = |post: &Post| {
        let seconds = i64::try_from(post.prices.len()).unwrap_or(i64::MAX);
        post.start.saturating_add(seconds.saturating_mul(length))
    };
    match posts.last_mut() {
        Some(last) if !begins_page && end_of(last) == start => last.prices.push(wanted),
        _ => posts.push(Post {
            start,
            prices: vec![wanted],
        }),
    }
}

/// What holds for the whole window that starts at `start`.
fn entry_of(entries: &[Entry], start: i64, length: i64) -> Result<Option<&Entry>, PriceError> {
    let next = entries.partition_point(|entry| entry.start <= start);
    let place = next.checked_sub(1);
    let found = place.and_then(|place| entries.get(place));
    let Some(found) = found.filter(|entry| start < entry.end) else {
        return Ok(None);
    };
    let end = start.saturating_add(length);
    let within = entries.get(next..).unwrap_or_default().iter();
    let prices = |entry: &Entry| (entry.short, entry.long, entry.grid_fee);
    let mut others = within
        .take_while(|entry| entry.start < end)
        .filter(|entry| prices(entry) != prices(found));
    match others.next() {
        None => Ok(Some(found)),
        Some(_) => Err(PriceError::Finer {
            window: time_of(start),
        }),
    }
}

fn check(market: &Market, entry: &Entry) -> Result<(), PriceError> {
    let Entry {
        short,
        long,
        grid_fee,
        ..
    } = *entry;
    let (lowest, highest) = (market.lowest_price, market.highest_price);
    let highest_fee = market.highest_grid_fee;
    let what = if long < lowest {
        format!("long {long} is below {lowest}")
    } else if short > highest {
        format!("short {short} is above {highest}")
    } else if long > short {
        format!("long {long} is above short {short}")
    } else {
        match grid_fee {
            Some(fee) if fee < 0 => format!("grid fee {fee} is below 0"),
            Some(fee) if fee > highest_fee => format!("grid fee {fee} is above {highest_fee}"),
            _ => return Ok(()),
        }
    };
    Err(PriceError::OutOfBounds {
        start: time_of(entry.start),
        what: format!("{what} (atoms per kWh)"),
    })
}

#[cfg(test)]
mod tests;
