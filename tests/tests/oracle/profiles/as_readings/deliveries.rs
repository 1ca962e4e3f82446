//! A profile for the one community, its boundaries for the other.

use joulebook_client::{oracle::types::ReadingResult, reading};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
};
use joulebook_tests::metered_community::{MeteredCommunity, INTERVALS};
use joulebook_units::{UnixTime, Wh};

use super::story::Story;

/// More than a profile has boundaries: each delivery uses other sequences.
const SEQUENCES: u64 = 100;

impl Story {
    /// Of some intervals of a page that may still be open, to that one or, at a seam, to the one beside it.
    pub fn deliver(&mut self) {
        let oldest = (self.now() - 3 * INTERVALS).max(0) / INTERVALS;
        let page = oldest + self.random.below(4) as i64;
        let start = page * INTERVALS;
        if start > self.now() {
            return;
        }
        let len = INTERVALS.min(self.now() - start) as u64;
        let one = start + self.random.between(0, len) as i64;
        let other = start + self.random.between(0, len) as i64;
        let (first, last) = (one.min(other), one.max(other));
        let is_beside = self.random.percent(40);
        let (to, boundaries) = match is_beside {
            true if last == start + INTERVALS => (last, vec![last]),
            true if first == start && page > 0 => (start - INTERVALS, vec![first]),
            _ => (start, (first..=last).collect()),
        };
        self.sequence += SEQUENCES;
        let result = self.send_profile(to, first, last);
        let place = if to == start { "" } else { "at a seam: " };
        self.note(format!(
            "{first} to {last} with the page of {to}: {result:?}"
        ));
        let counted = self.results.entry(format!("{place}{result:?}"));
        *counted.or_default() += 1;
        if !is_taken(result) {
            let is_honest = matches!(
                result,
                ReadingResult::Quarantined
                    | ReadingResult::BeforeDevice
                    | ReadingResult::NotInService
                    | ReadingResult::ReadingsClosed
                    | ReadingResult::OutsidePage
            );
            self.require(is_honest, "refused");
            return;
        }
        self.send_readings(to, first, boundaries);
    }

    fn send_profile(&mut self, to: i64, first: i64, last: i64) -> ReadingResult {
        let profile = Profile {
            meter: 0,
            boundary: UnixTime(MeteredCommunity::start(last)),
            sequence: self.sequence + (last - first) as u64,
            registers: self.shown(self.moved[last as usize]),
            intervals: (last - first) as u16,
            flags: 0,
        };
        let values: Vec<Energy> = self.moved[first as usize..=last as usize]
            .windows(2)
            .map(|pair| Energy {
                import: Wh((pair[1].0 - pair[0].0) as u32),
                export: Wh((pair[1].1 - pair[0].1) as u32),
            })
            .collect();
        let binding = self.sides[0].binding();
        let device = self.device();
        let signed = device.sign_profile(&binding, &profile, reading::packed(&values));
        self.sides[0].submit_profiles(to, &[signed])[0]
    }

    /// In any order: all of them are taken.
    fn send_readings(&mut self, to: i64, first: i64, mut boundaries: Vec<i64>) {
        for place in 1..boundaries.len() {
            let other = self.random.between(0, place as u64) as usize;
            boundaries.swap(place, other);
        }
        let binding = self.sides[1].binding();
        for boundary in boundaries {
            let reading = Reading {
                meter: 0,
                boundary: UnixTime(MeteredCommunity::start(boundary)),
                sequence: self.sequence + (boundary - first) as u64,
                registers: self.shown(self.moved[boundary as usize]),
                flags: 0,
            };
            let signed = self.device().sign(&binding, &reading);
            let result = self.sides[1].submit_one(to, &signed);
            self.require(is_taken(result), &format!("{result:?} of {boundary}"));
        }
    }
}

fn is_taken(result: ReadingResult) -> bool {
    matches!(
        result,
        ReadingResult::Counted | ReadingResult::Filled | ReadingResult::AlreadyKnown
    )
}
