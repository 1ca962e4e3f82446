//! What a request may ask.

use joulebook_daemon::http::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::store::{MarketRecord, Paging, Span};

/// Items of a list where a request names no number.
const USUAL: u32 = 100;
/// Items of a list at most.
pub(super) const MOST: u32 = 1_000;

/// A part of a list by time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SpanQuestion {
    /// Starts from then on, unix seconds.
    since: Option<i64>,
    /// Starts before then, unix seconds.
    until: Option<i64>,
    /// The `next` of an answer.
    after: Option<i64>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuestion {
    /// The `next` of an answer.
    after: Option<i64>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A part of the list of a window's orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrdersQuestion {
    /// The `next` of an answer.
    after: Option<String>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A part of the list of movements.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MovementsQuestion {
    /// Of this seat alone.
    pub seat: Option<i64>,
    /// The `next` of an answer.
    after: Option<i64>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A part of the list of corrections.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CorrectionsQuestion {
    /// Seen from then on, unix seconds.
    since: Option<i64>,
    /// Seen before then, unix seconds.
    until: Option<i64>,
    /// Of windows that start before then, unix seconds; of all without.
    pub before: Option<i64>,
    /// The `next` of an answer.
    after: Option<i64>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A month, and whose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MonthQuestion {
    /// As 2026-11.
    #[param(example = "2026-11")]
    pub month: String,
    /// The time zone that the month is of, as Europe/Vienna; the indexer's without.
    pub zone: Option<String>,
    /// A wallet's address, or the number of a seat; all households without.
    pub household: Option<String>,
    /// The `next` of an answer.
    after: Option<i64>,
    /// Households, 1 to 100; 20 without.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Prices and volumes over time, ten years at most.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PricesQuestion {
    /// Starts from then on, unix seconds; ten years before `until` without.
    pub since: Option<i64>,
    /// Starts before then, unix seconds; ten years after `since` without.
    pub until: Option<i64>,
    /// Seconds that each item sums, a multiple of a window; a window without.
    pub step: Option<i64>,
    /// The `next` of an answer.
    pub after: Option<i64>,
    /// Items, 1 to 1,000; 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Times to look at: a month at most, and the last one without.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckQuestion {
    /// Starts from then on, unix seconds; a month before `until` without.
    pub since: Option<i64>,
    /// Starts before then, unix seconds; a month after `since` without.
    pub until: Option<i64>,
}

fn bounded(limit: Option<u32>, usual: u32, most: u32) -> Result<i64, Problem> {
    let limit = limit.unwrap_or(usual);
    match (1..=most).contains(&limit) {
        true => Ok(limit.into()),
        false => Err(Problem::bad_request(format!(
            "limit is {limit}; ask for 1 to {most} items"
        ))),
    }
}

pub(super) fn span(since: Option<i64>, until: Option<i64>) -> Result<Span, Problem> {
    let span = Span {
        since: since.unwrap_or(i64::MIN),
        until: until.unwrap_or(i64::MAX),
    };
    match span.since < span.until {
        true => Ok(span),
        false => Err(Problem::bad_request(
            "until is not after since; exchange them",
        )),
    }
}

/// The same, of so many seconds at most: until `latest`, and as long as it may be, where the question does not say.
pub(super) fn span_within(
    since: Option<i64>,
    until: Option<i64>,
    longest: i64,
    latest: i64,
) -> Result<Span, Problem> {
    let asked = match (since, until) {
        (None, None) => Span {
            since: latest.saturating_sub(longest),
            until: latest,
        },
        (Some(since), None) => span(Some(since), Some(since.saturating_add(longest)))?,
        (None, Some(until)) => span(Some(until.saturating_sub(longest)), Some(until))?,
        (Some(_), Some(_)) => span(since, until)?,
    };
    match asked.until.saturating_sub(asked.since) <= longest {
        true => Ok(asked),
        false => Err(Problem::bad_request(format!(
            "since and until are further apart than {longest} seconds; ask for one part after the other"
        ))),
    }
}

/// When the last window ends that a market can have: windows open a while before their time.
pub(super) fn latest(market: &MarketRecord) -> i64 {
    let ring = market.page_seconds().saturating_mul(market.pages);
    market.time.unwrap_or(0).saturating_add(ring)
}

impl SpanQuestion {
    pub(super) fn read(&self) -> Result<(Span, Paging), Problem> {
        let paging = Paging {
            after: self.after,
            limit: bounded(self.limit, USUAL, MOST)?,
        };
        Ok((span(self.since, self.until)?, paging))
    }
}

impl PageQuestion {
    pub(super) fn read(&self) -> Result<Paging, Problem> {
        Ok(Paging {
            after: self.after,
            limit: bounded(self.limit, USUAL, MOST)?,
        })
    }
}

impl CorrectionsQuestion {
    pub(super) fn read(&self) -> Result<(Span, Paging), Problem> {
        let paging = Paging {
            after: self.after,
            limit: bounded(self.limit, USUAL, MOST)?,
        };
        Ok((span(self.since, self.until)?, paging))
    }
}

impl MovementsQuestion {
    pub(super) fn read(&self) -> Result<Paging, Problem> {
        Ok(Paging {
            after: self.after,
            limit: bounded(self.limit, USUAL, MOST)?,
        })
    }
}

impl OrdersQuestion {
    /// Place and sequence, and how many.
    pub(super) fn read(&self) -> Result<((i64, i64), i64), Problem> {
        let after = match &self.after {
            None => (-1, -1),
            Some(text) => {
                let parts = text.split_once('.');
                let number = |text: &str| text.parse::<u16>().ok().map(i64::from);
                let read =
                    parts.and_then(|(place, sequence)| Some((number(place)?, number(sequence)?)));
                read.ok_or_else(|| Problem::bad_request("after is no `next` of an answer"))?
            }
        };
        Ok((after, bounded(self.limit, USUAL, MOST)?))
    }
}

impl MonthQuestion {
    pub(super) fn read(&self) -> Result<Paging, Problem> {
        Ok(Paging {
            after: self.after,
            limit: bounded(self.limit, 20, 100)?,
        })
    }
}

impl PricesQuestion {
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        bounded(self.limit, USUAL, MOST)
    }
}
