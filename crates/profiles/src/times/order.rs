//! The rows of one household in the order of time, with those that are not there.

use std::collections::HashMap;

use jiff::{civil::DateTime, ToSpan};

use crate::{shown, Finding};

use super::Zone;

const HOUR: i64 = 3600;

/// A row's interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowTime {
    /// Its line, or that of the nearest row there is.
    pub line: u64,
    /// Its place among the household's rows in the file; `None` if it is not there.
    pub row: Option<usize>,
    pub start: i64,
    pub end: i64,
    local: DateTime,
}

/// Rows that follow each other without a gap.
#[derive(Debug)]
pub struct Order<'a> {
    /// Seconds that a row lasts, but for days with another number of hours.
    length: i64,
    zone: Option<&'a Zone>,
    pub rows: Vec<RowTime>,
}

/// Rows that may yet be put where some are missing: a wrong year must not fill the memory.
#[derive(Clone, Copy, Debug)]
pub struct Budget(u64);

impl Budget {
    /// Ten times as many as there are, and then some.
    pub fn of(rows: usize) -> Budget {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        Budget(rows.saturating_mul(10).saturating_add(10_000))
    }

    /// Whether more were missing.
    pub fn is_spent(self) -> bool {
        self.0 == 0
    }

    fn take(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }
}

impl<'a> Order<'a> {
    /// Rows of a file by line, moment and local time, in its order; local time is that of rows longer than an hour,
    /// which end at the same time of day. What is not in order is added to `findings`.
    pub fn new(
        stamps: &[(u64, i64, DateTime)],
        length: i64,
        zone: Option<&'a Zone>,
        findings: &mut Vec<Finding>,
    ) -> Order<'a> {
        let mut order = Order {
            length,
            zone,
            rows: Vec::with_capacity(stamps.len()),
        };
        order.take_in_order(stamps, findings);
        order.rows.sort_by_key(|row| row.start);
        order
    }

    fn take_in_order(&mut self, stamps: &[(u64, i64, DateTime)], findings: &mut Vec<Finding>) {
        let mut lines: HashMap<i64, (u64, DateTime)> = HashMap::with_capacity(stamps.len());
        let mut latest: Option<(i64, u64)> = None;
        for (index, (line, start, local)) in stamps.iter().copied().enumerate() {
            if let Some((first, other)) = lines.insert(start, (line, local)) {
                lines.insert(start, (first, other));
                findings.push(twice((first, other), (line, local), start));
                continue;
            }
            match latest {
                Some((above, above_line)) if start < above => findings.push(Finding::Swapped {
                    line,
                    above: above_line,
                    time: with_offset(local, start),
                }),
                _ => latest = Some((start, line)),
            }
            self.rows.push(RowTime {
                line,
                row: Some(index),
                start,
                end: start,
                local,
            });
        }
    }

    /// Gives each row its end, and puts rows where some are missing between two; each gap is a finding.
    pub fn close_gaps(
        &mut self,
        household: Option<&str>,
        budget: &mut Budget,
        findings: &mut Vec<Finding>,
    ) {
        let mut closed: Vec<RowTime> = Vec::with_capacity(self.rows.len());
        let rows = std::mem::take(&mut self.rows);
        let mut next_rows = rows.iter().skip(1);
        for row in &rows {
            let mut last = *row;
            let Some(next) = next_rows.next() else {
                last.end = self.end_of(&last);
                closed.push(last);
                break;
            };
            let is_next = |row: &RowTime| {
                next.start == row.start.saturating_add(self.length)
                    || (self.length > HOUR && self.local_end(row) == Some(next.local))
            };
            let distance = next.start.saturating_sub(row.start);
            let mut missing = 0_u64;
            let first = self.end_of(row);
            while !is_next(&last) {
                let end = self.end_of(&last);
                if end >= next.start || !budget.take() {
                    missing = u64::MAX;
                    break;
                }
                missing = missing.saturating_add(1);
                last.end = end;
                closed.push(last);
                last = RowTime {
                    line: row.line,
                    row: None,
                    start: end,
                    end,
                    local: self.local_end(&last).unwrap_or(last.local),
                };
            }
            last.end = next.start;
            closed.push(last);
            match missing {
                0 => {}
                u64::MAX => findings.push(Finding::Uneven {
                    line: next.line,
                    above: row.line,
                    found: distance,
                    length: self.length,
                }),
                missing => findings.push(Finding::Gap {
                    household: household.map(str::to_owned),
                    after: row.line,
                    missing,
                    first: self.shown(first, row),
                }),
            }
        }
        self.rows = closed;
    }

    /// Where a row of this start would end, if none follows it.
    fn end_of(&self, row: &RowTime) -> i64 {
        let by_zone = self.zone.filter(|_| self.length > HOUR);
        let end = by_zone.and_then(|zone| Some(zone.moment(self.local_end(row)?)));
        end.filter(|end| *end > row.start)
            .unwrap_or_else(|| row.start.saturating_add(self.length))
    }

    /// A moment as the file would write it, which a row near it tells.
    fn shown(&self, moment: i64, near: &RowTime) -> String {
        let past = moment.saturating_sub(near.start).seconds();
        let by_zone = self
            .zone
            .map(|zone| (zone.local(near.start), zone.local(moment)));
        let local = match by_zone {
            // Else the row has an offset of its own.
            Some((Some(there), Some(local))) if there == near.local => Some(local),
            _ => near.local.checked_add(past).ok(),
        };
        local.map_or_else(|| shown::time(moment), |local| with_offset(local, moment))
    }

    fn local_end(&self, row: &RowTime) -> Option<DateTime> {
        row.local.checked_add(self.length.seconds()).ok()
    }

    /// Puts rows before the first and after the last, so that they begin at `first` and the last one at `last`; returns
    /// how many.
    pub fn reach(&mut self, first: i64, last: i64, budget: &mut Budget) -> (u64, u64) {
        let mut early = Vec::new();
        if let Some(row) = self.rows.first() {
            let mut next = *row;
            while next.start > first && budget.take() {
                next = RowTime {
                    row: None,
                    start: next.start.saturating_sub(self.length),
                    end: next.start,
                    ..next
                };
                early.push(next);
            }
        }
        let before = early.len();
        early.reverse();
        early.append(&mut self.rows);
        self.rows = early;
        let mut after = 0_u64;
        while let Some(row) = self.rows.last().filter(|row| row.start < last).copied() {
            if !budget.take() {
                break;
            }
            let mut next = RowTime {
                row: None,
                start: row.end,
                local: self.local_end(&row).unwrap_or(row.local),
                ..row
            };
            next.end = self.end_of(&next);
            self.rows.push(next);
            after = after.saturating_add(1);
        }
        (u64::try_from(before).unwrap_or(u64::MAX), after)
    }

    /// Takes the rows' times for their ends.
    pub fn end_at_stamps(&mut self) {
        let Some(first) = self.rows.first() else {
            return;
        };
        let by_zone = self.zone.filter(|_| self.length > HOUR);
        let before = first.local.checked_sub(self.length.seconds()).ok();
        let start = by_zone.and_then(|zone| Some(zone.moment(before?)));
        let mut start = start
            .filter(|start| *start < first.start)
            .unwrap_or_else(|| first.start.saturating_sub(self.length));
        for row in &mut self.rows {
            row.end = row.start;
            row.start = start;
            start = row.end;
        }
    }
}

/// Two rows of one moment: a duplicate, or a local hour that never was, if clocks went forward between them.
fn twice(first: (u64, DateTime), second: (u64, DateTime), time: i64) -> Finding {
    let is_forward = second.1 > first.1;
    if first.1 == second.1 {
        return Finding::Duplicate {
            line: second.0,
            first: first.0,
            time: with_offset(first.1, time),
        };
    }
    let (skipped, real) = if is_forward {
        (first, second)
    } else {
        (second, first)
    };
    Finding::PhantomHour {
        line: skipped.0,
        value: with_offset(skipped.1, time),
        same_as: Some((real.0, with_offset(real.1, time))),
    }
}

/// A local time with its distance from UTC; Z without any.
fn with_offset(local: DateTime, time: i64) -> String {
    let utc =
        jiff::Timestamp::from_second(time).map(|time| jiff::tz::Offset::UTC.to_datetime(time));
    let minutes = utc.map_or(0, |utc| local.duration_since(utc).as_secs() / 60);
    if minutes == 0 {
        return format!("{local}Z");
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let size = minutes.unsigned_abs();
    format!("{local}{sign}{:02}:{:02}", size / 60, size % 60)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(minute: i64) -> (i64, DateTime) {
        let local = date(1970, 1, 1).at(0, 0, 0, 0);
        (
            minute * 60,
            local.checked_add(minute.minutes()).expect("a time"),
        )
    }

    fn order(minutes: &[i64]) -> (Vec<(Option<usize>, i64)>, Vec<Finding>) {
        let stamps: Vec<(u64, i64, DateTime)> = (2..)
            .zip(minutes)
            .map(|(line, minute)| (line, at(*minute).0, at(*minute).1))
            .collect();
        let mut findings = Vec::new();
        let mut order = Order::new(&stamps, 900, None, &mut findings);
        order.close_gaps(None, &mut Budget::of(10), &mut findings);
        let rows = order
            .rows
            .iter()
            .map(|row| (row.row, row.start / 60))
            .collect();
        (rows, findings)
    }

    #[test]
    fn given_rows_in_order_when_looked_at_then_nothing_is_found() {
        let (rows, findings) = order(&[0, 15, 30]);
        assert_eq!(rows, [(Some(0), 0), (Some(1), 15), (Some(2), 30)]);
        assert_eq!(findings, []);
    }

    #[test]
    fn given_gaps_when_looked_at_then_all_are_found_and_closed() {
        let (rows, findings) = order(&[0, 30, 45, 90]);
        let starts: Vec<i64> = rows.iter().map(|row| row.1).collect();
        assert_eq!(starts, [0, 15, 30, 45, 60, 75, 90]);
        assert_eq!(rows.iter().filter(|row| row.0.is_none()).count(), 3);
        let gap = |after, missing, minute: i64| Finding::Gap {
            household: None,
            after,
            missing,
            first: shown::time(minute * 60),
        };
        assert_eq!(findings, [gap(2, 1, 15), gap(4, 2, 60)]);
    }

    #[test]
    fn given_rows_twice_swapped_and_uneven_when_looked_at_then_each_is_called_what_it_is() {
        let (_, findings) = order(&[0, 15, 15, 45, 30, 65]);
        assert_eq!(
            findings,
            [
                Finding::Duplicate {
                    line: 4,
                    first: 3,
                    time: "1970-01-01T00:15:00Z".to_owned()
                },
                Finding::Swapped {
                    line: 6,
                    above: 5,
                    time: "1970-01-01T00:30:00Z".to_owned()
                },
                Finding::Uneven {
                    line: 7,
                    above: 5,
                    found: 1200,
                    length: 900
                },
            ]
        );
    }

    #[test]
    fn given_days_of_23_hours_when_ordered_then_they_are_whole() {
        let vienna: Zone = "Europe/Vienna".parse().expect("a zone");
        let stamps: Vec<(u64, i64, DateTime)> = (28..31)
            .map(|day| date(2026, 3, day).at(0, 0, 0, 0))
            .zip(2..)
            .map(|(local, line)| (line, vienna.moment(local), local))
            .collect();
        let mut findings = Vec::new();
        let mut order = Order::new(&stamps, 86_400, Some(&vienna), &mut findings);
        order.close_gaps(None, &mut Budget::of(10), &mut findings);
        let hours: Vec<i64> = order
            .rows
            .iter()
            .map(|row| (row.end - row.start) / 3600)
            .collect();
        assert_eq!((hours, findings), (vec![24, 23, 24], vec![]));
    }

    #[test]
    fn given_stamps_of_ends_when_taken_so_then_rows_are_those_before_them() {
        let stamps = [(5, at(30).0, at(30).1), (6, at(45).0, at(45).1)];
        let mut order = Order::new(&stamps, 900, None, &mut Vec::new());
        order.close_gaps(None, &mut Budget::of(10), &mut Vec::new());
        order.end_at_stamps();
        let rows: Vec<_> = order
            .rows
            .iter()
            .map(|row| (row.start / 60, row.end / 60))
            .collect();
        assert_eq!(rows, [(15, 30), (30, 45)]);
    }

    #[test]
    fn given_a_wrong_year_when_looked_at_then_it_is_no_gap_to_be_filled() {
        let mut budget = Budget::of(2);
        let (mut findings, far) = (Vec::new(), at(60_000_000));
        let stamps = [(2, at(0).0, at(0).1), (3, far.0, far.1)];
        let mut order = Order::new(&stamps, 900, None, &mut findings);
        order.close_gaps(None, &mut budget, &mut findings);
        assert!(budget.is_spent() && matches!(findings[..], [Finding::Uneven { line: 3, .. }]));
    }

    #[test]
    fn given_a_shorter_household_when_others_reach_further_then_rows_are_put_at_both_ends() {
        let stamps = [(5, at(30).0, at(30).1), (6, at(45).0, at(45).1)];
        let mut order = Order::new(&stamps, 900, None, &mut Vec::new());
        order.close_gaps(None, &mut Budget::of(10), &mut Vec::new());
        let reached = order.reach(0, 75 * 60, &mut Budget::of(10));
        assert_eq!(reached, (2, 2));
        let starts: Vec<i64> = order.rows.iter().map(|row| row.start / 60).collect();
        assert_eq!(starts, [0, 15, 30, 45, 60, 75]);
    }
}
