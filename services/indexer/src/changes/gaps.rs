//! Pages that were used again before they were read as they were in the end.

use joulebook_client::{layout::market::Page, tables::HistoryTable, Addresses};

use super::Known;
use crate::{
    rows::{number, GapRow, PastWindowRow, RowError},
    view::View,
};

/// Gaps that the database does not know.
pub(super) fn gaps(known: &Known, now: &View) -> Vec<GapRow> {
    let is_new = |gap: &GapRow| known.gaps.get(&(gap.kind.clone(), gap.since)) != Some(&gap.until);
    all(known, now).into_iter().filter(is_new).collect()
}

fn all(known: &Known, now: &View) -> Vec<GapRow> {
    let pages = now.pages();
    let Some(oldest) = pages.first().map(|page| &page.header) else {
        return vec![];
    };
    let length = oldest.length();
    let mut gaps = vec![];
    // Seen, but not as they were in the end.
    let earlier = known.pages.range(..oldest.start);
    for (start, _) in earlier.clone().filter(|(_, kept)| !kept.is_final) {
        gaps.push(GapRow {
            kind: "unfinished".to_owned(),
            since: *start,
            until: start.saturating_add(length),
        });
    }
    if oldest.previous == Page::NEVER || known.pages.contains_key(&oldest.previous) {
        return gaps;
    }
    let last = earlier
        .last()
        .map(|(start, _)| start.saturating_add(length));
    let settled_from = now.state.meter_table.header.settled_from;
    let since = last.unwrap_or(settled_from).min(oldest.previous);
    gaps.push(GapRow {
        kind: "windows".to_owned(),
        since,
        until: oldest.start,
    });
    gaps
}

/// The windows of gaps, as far as the history goes back: prices and volumes, without anybody's position.
///
/// # Errors
/// [`RowError`] if a number does not fit.
pub fn past_windows(
    addresses: &Addresses,
    gaps: &[GapRow],
    history: &HistoryTable,
) -> Result<Vec<PastWindowRow>, RowError> {
    let is_in = |start: i64| {
        gaps.iter()
            .any(|gap| (gap.since..gap.until).contains(&start))
    };
    let records = history.records.iter();
    // All zero where none was recorded.
    let records = records.filter(|record| record.start != 0 && is_in(record.start));
    records
        .map(|record| {
            let is_allocated = record.volume > 0 || record.orders > 0;
            Ok(PastWindowRow {
                start: record.start,
                page: addresses.page_start(record.start),
                phase: if is_allocated {
                    "allocated"
                } else {
                    "unopened"
                }
                .to_owned(),
                price: (record.volume > 0).then_some(record.price.into()),
                volume: number("a window's volume", record.volume)?,
                short: record.short.into(),
                long: record.long.into(),
                low: record.low.into(),
                high: record.high.into(),
                orders: record.orders.into(),
            })
        })
        .collect()
}
