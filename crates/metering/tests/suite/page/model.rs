//! A page, slowly: which registers are known and which values were replaced, and everything else anew each time.

use std::collections::BTreeMap;

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::{page::Energy, register::Registers};
use proptest::{collection::vec, prelude::*};

use super::support::Page;
use crate::support::registers;

const GAP: u32 = 1 << 30;
const MEASURED: u32 = 2 << 30;
const REPLACED: u32 = 3 << 30;
const KNOWN: u32 = 1 << 30;

#[derive(Clone, Debug, Default)]
pub struct Model {
    /// By boundary.
    pub known: BTreeMap<u16, Registers>,
    /// By interval.
    pub replaced: BTreeMap<u16, Energy>,
}

impl Model {
    /// What the page must be.
    pub fn page(&self, like: &Page) -> Page {
        let intervals = u16::try_from(like.entries.len()).unwrap();
        let first = self.known.first_key_value();
        let last = self.known.last_key_value();
        Page {
            registers: PageRegisters {
                import: last.map_or(0, |(_, registers)| registers.import.0),
                export: last.map_or(0, |(_, registers)| registers.export.0),
                first_import: first.map_or(0, |(_, registers)| registers.import.0),
                first_export: first.map_or(0, |(_, registers)| registers.export.0),
                last: last.map_or(0, |(boundary, _)| *boundary),
                known: last.is_some().into(),
                base: self.known.contains_key(&0).into(),
                ..PageRegisters::default()
            },
            entries: (0..intervals)
                .map(|interval| self.entry(interval))
                .collect(),
            start: like.start,
        }
    }

    fn entry(&self, interval: u16) -> PageEntry {
        let end = self.known.get(&(interval + 1));
        let known = if end.is_some() { KNOWN } else { 0 };
        if let Some(value) = self.replaced.get(&interval) {
            return PageEntry {
                import: value.import.0 | REPLACED,
                export: value.export.0 | known,
            };
        }
        let Some(end) = end else {
            return PageEntry::MISSING;
        };
        let quality = if self.known.contains_key(&interval) {
            MEASURED
        } else {
            GAP
        };
        let before = self.known.range(..=interval).next_back();
        let start = before.map_or(end, |(_, registers)| registers);
        PageEntry {
            import: u32::try_from(end.import.0 - start.import.0).unwrap() | quality,
            export: u32::try_from(end.export.0 - start.export.0).unwrap() | known,
        }
    }

    /// The highest known boundary at the end of a replaced interval: before it, nothing is taken any more.
    pub fn frozen_before(&self) -> u16 {
        let mut ends = self.known.keys().rev();
        let frozen = ends.find(|end| **end > 0 && self.replaced.contains_key(&(**end - 1)));
        frozen.copied().unwrap_or(0)
    }
}

/// The registers of an honest meter at each boundary of `intervals` intervals, from any whole Wh and any part of the
/// next on: 4 kW in and 2 kW out at most, often just that.
pub fn any_registers(intervals: u16) -> impl Strategy<Value = Vec<Registers>> {
    let power = |most: u64| prop_oneof![Just(0), Just(most), 0..=most];
    let steps = vec((power(4_000), power(2_000)), usize::from(intervals));
    let wh = || {
        prop_oneof![
            0..10_000u64,
            u64::MAX / 3600 - 1_000_000..u64::MAX / 3600 - 900_000
        ]
    };
    let begin = (wh(), 0..3600u64, wh(), 0..3600u64);
    (begin, steps).prop_map(|((import, part_in, export, part_out), steps)| {
        // Watt-seconds.
        let (mut import, mut export) = (import * 3600 + part_in, export * 3600 + part_out);
        let mut all = vec![registers(import / 3600, export / 3600)];
        for (power_in, power_out) in steps {
            import += power_in * 900;
            export += power_out * 900;
            all.push(registers(import / 3600, export / 3600));
        }
        all
    })
}
