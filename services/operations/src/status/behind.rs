use std::collections::BTreeMap;

use joulebook_client::{
    layout::{
        market::{Market, Page, PageWindow, PositionStatus, WindowStatus},
        oracle::{Meter, MeterStatus},
    },
    steps::{next_steps, MarketState, Step},
    tables::PageTable,
    Addresses,
};
use joulebook_settlement::tariff::{tariff_slot, DayKind};
use joulebook_units::{Seconds, UnixTime};
use schemars::JsonSchema;
use serde::Serialize;

use crate::meters::rows;

/// Steps of one kind that are due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepCount {
    /// The instruction's name.
    pub step: String,
    /// How many of them.
    pub count: usize,
}

/// How windows and pages stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WindowCounts {
    /// Windows that take orders.
    pub open: usize,
    /// Windows whose gate has closed and whose orders have no fills yet.
    pub uncleared: usize,
    /// Start of the first of these.
    pub first_uncleared: Option<i64>,
    /// Pages that are final as soon as somebody finishes them.
    pub unfinished_pages: usize,
    /// Positions with contracts of windows that are over, not confirmed by meters.
    pub unsettled_positions: usize,
    /// Those of them for which no reading can come any more.
    pub overdue_positions: usize,
}

/// How meters stand, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeterCounts {
    /// Meters in service.
    pub in_service: usize,
    /// Those that were not heard for a whole page and more.
    pub silent: Vec<u32>,
    /// Those whose readings are not taken.
    pub quarantined: Vec<u32>,
    /// Those that begin, end or get other limits with a page to come.
    pub changing: Vec<u32>,
}

/// How far prices are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceStatus {
    /// End of the last window that has other prices than the tariff's.
    pub posted_until: Option<i64>,
    /// End of the last page that is open; prices can be posted up to there.
    pub open_until: Option<i64>,
    /// Windows to come that have the tariff's prices.
    pub by_tariff: usize,
}

pub(super) fn due(state: &MarketState, now: i64) -> Vec<StepCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for step in next_steps(state, now) {
        let count = counts.entry(name_of(&step)).or_default();
        *count = count.saturating_add(1);
    }
    counts
        .into_iter()
        .map(|(step, count)| StepCount {
            step: step.to_owned(),
            count,
        })
        .collect()
}

fn name_of(step: &Step) -> &'static str {
    match step {
        Step::OpenPage { .. } => "open_page",
        Step::OpenWindow { .. } => "open_window",
        Step::ApplyStandingOrders { .. } => "apply_standing_orders",
        Step::Clear { .. } => "clear",
        Step::Allocate { .. } => "allocate",
        Step::Settle { .. } => "settle",
        Step::FinishIntervalPage { .. } => "finish_page of the oracle",
        Step::FinishPage { .. } => "finish_page",
        Step::PayClaims => "pay_claims",
    }
}

/// Pages in use, with their windows by start.
fn windows_of(page: &PageTable) -> impl Iterator<Item = (u16, i64, &PageWindow)> {
    let length = i64::from(page.header.window_seconds);
    let windows = (0u16..).zip(&page.windows);
    windows.map(move |(number, window)| {
        let start = page.header.end_of(number).saturating_sub(length);
        (number, start, window)
    })
}

fn used(state: &MarketState) -> impl Iterator<Item = &PageTable> {
    let pages = state.pages.iter();
    pages.filter(|page| page.header.start != Page::NEVER)
}

pub(super) fn windows(state: &MarketState, now: i64) -> WindowCounts {
    let mut counts = WindowCounts::default();
    let count = |place: &mut usize| *place = place.saturating_add(1);
    let table = &state.meter_table.header;
    for page in used(state) {
        let end = page.header.start.saturating_add(page.header.length());
        let corrections = end.saturating_add(table.correction_seconds.into());
        let readings = end.saturating_add(table.reading_seconds.into());
        if !page.header.is_final() && corrections <= now {
            count(&mut counts.unfinished_pages);
        }
        for (number, start, window) in windows_of(page) {
            if window.is(WindowStatus::Open) {
                let lead = state.market.terms_at(start).gate_lead;
                if start.saturating_sub(lead.into()) > now {
                    count(&mut counts.open);
                } else {
                    count(&mut counts.uncleared);
                    let first = counts.first_uncleared.unwrap_or(start);
                    counts.first_uncleared = Some(first.min(start));
                }
            }
            if page.header.end_of(number) > now {
                continue;
            }
            let seats = page.header.final_seats..page.header.seats;
            let positions = seats.filter_map(|seat| page.position(number, seat));
            let open = positions.filter(|position| {
                (position.bought > 0 || position.sold > 0)
                    && !position.is(PositionStatus::Confirmed)
            });
            let open = open.count();
            counts.unsettled_positions = counts.unsettled_positions.saturating_add(open);
            if readings <= now {
                counts.overdue_positions = counts.overdue_positions.saturating_add(open);
            }
        }
    }
    counts
}

pub(super) fn meters(addresses: &Addresses, state: &MarketState, now: i64) -> MeterCounts {
    let page = addresses.page_start(now);
    // Meters that sign a page at once are heard of the last one some time after its end.
    let expected = page.saturating_sub(addresses.page_seconds());
    let mut counts = MeterCounts::default();
    for (number, meter) in rows(&state.meter_table) {
        let serves = meter.serves(page);
        let is_quarantined = meter.is(MeterStatus::Quarantined);
        if serves && !meter.is(MeterStatus::Retired) {
            counts.in_service = counts.in_service.saturating_add(1);
        }
        if is_quarantined {
            counts.quarantined.push(number);
        } else if serves && meter.boundary.max(meter.service_from) < expected {
            counts.silent.push(number);
        }
        if is_changing(meter, page) {
            counts.changing.push(number);
        }
    }
    counts
}

fn is_changing(meter: &Meter, page: i64) -> bool {
    let begins = meter.service_from > page;
    let ends = meter.service_until > page && meter.is(MeterStatus::Retired);
    begins || ends || meter.limits_from > page
}

pub(super) fn prices(state: &MarketState, now: i64) -> PriceStatus {
    let mut prices = PriceStatus::default();
    for page in used(state) {
        let end = page.header.start.saturating_add(page.header.length());
        prices.open_until = prices.open_until.max(Some(end));
        for (number, start, window) in windows_of(page) {
            let is_posted = differs(&state.market, start, window);
            if is_posted {
                let end = page.header.end_of(number);
                prices.posted_until = prices.posted_until.max(Some(end));
            } else if start > now {
                prices.by_tariff = prices.by_tariff.saturating_add(1);
            }
        }
    }
    prices
}

/// Whether a window has other prices than the tariff gives it.
fn differs(market: &Market, start: i64, window: &PageWindow) -> bool {
    let terms = market.terms_at(start);
    let offset = Seconds(terms.utc_offset.into());
    let slot = tariff_slot(UnixTime(start), offset, &terms.holidays);
    let of_tariff = slot.and_then(|slot| {
        let [working, free] = market.tariffs_at(start);
        let day = match slot.day {
            DayKind::Working => working,
            DayKind::Free => free,
        };
        day.half_hours.get(slot.half_hour)
    });
    of_tariff.is_none_or(|tariff| {
        (tariff.short, tariff.long, terms.grid_fee) != (window.short, window.long, window.grid_fee)
    })
}
