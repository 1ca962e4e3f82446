use std::collections::BTreeMap;

use joulebook_client::{market::errors::MarketError, oracle::errors::OracleError};

use super::{MeterStatus, Model, Reasons};

#[derive(Clone, Debug)]
pub struct Interval {
    pub start: i64,
    pub is_open: bool,
    /// By the meters' numbers: those that are waited for and those that were heard.
    pub entries: BTreeMap<u32, Entry>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub owner: u16,
    /// Wh.
    pub import: i128,
    pub export: i128,
    pub quality: Quality,
    /// Whether the interval waits for the meter, or has waited.
    pub awaited: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Missing,
    Measured,
    CaughtUp,
}

impl Interval {
    pub fn expected(&self) -> usize {
        self.entries.values().filter(|entry| entry.awaited).count()
    }

    pub fn heard(&self) -> usize {
        let is_heard = |entry: &&Entry| entry.quality != Quality::Missing;
        self.entries.values().filter(is_heard).count()
    }
}

impl Model {
    pub fn open_interval(&mut self, slot: i64, start: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let length = self.length();
        reasons.when(start % length != 0, OracleError::OffBoundary);
        reasons.when(self.interval_slot(start) != slot, OracleError::WrongSlot);
        reasons.when(start > self.now, OracleError::TooEarlyToOpen);
        match self.intervals.get(&slot) {
            Some(held) => {
                reasons.when(start <= held.start, OracleError::StartPassed);
                reasons.when(held.is_open, OracleError::SlotBusy);
            }
            None => {
                let round = length * i64::from(self.sizes.interval_ring);
                reasons.when(self.now - start >= round, OracleError::StartTooOld);
            }
        }
        reasons.found()?;

        let mut entries = BTreeMap::new();
        for (number, meter) in (0..).zip(&self.meters) {
            // One that can't be heard, or was heard beyond, is estimated.
            let awaited = meter.status == MeterStatus::Active && meter.boundary <= start;
            let is_new = meter.sequence == 0 && meter.boundary > start;
            if meter.status != MeterStatus::Retired && !is_new {
                let entry = Entry {
                    owner: meter.owner,
                    import: 0,
                    export: 0,
                    quality: Quality::Missing,
                    awaited,
                };
                entries.insert(number, entry);
            }
        }
        let interval = Interval {
            start,
            is_open: true,
            entries,
        };
        self.intervals.insert(slot, interval);
        Ok(())
    }

    /// Lets go of an interval whose window can't be any more; its energy waits for the meters' next ones.
    pub fn release_skipped(&mut self, slot: i64, window_slot: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let length = self.length();
        let round = i64::from(self.sizes.ring);
        let start = self.intervals.get(&slot).map(|interval| interval.start);
        let fits = start.is_some_and(|start| start / length % round == window_slot);
        reasons.when(!fits, MarketError::WrongSlot);
        let window = self.windows.get(&window_slot).map(|window| window.start);
        reasons.when(start.is_none() || window <= start, MarketError::NotSkipped);
        let is_open = self.intervals.get(&slot).is_some_and(|held| held.is_open);
        reasons.when(!is_open, OracleError::NotOpen);
        reasons.found()?;
        if let Some(interval) = self.intervals.get_mut(&slot) {
            for (number, entry) in &mut interval.entries {
                let meter = &mut self.meters[*number as usize];
                meter.behind |= entry.import + entry.export > 0;
                meter.carried.0 += std::mem::take(&mut entry.import);
                meter.carried.1 += std::mem::take(&mut entry.export);
            }
        }
        self.release(slot);
        Ok(())
    }

    pub fn release(&mut self, slot: i64) {
        if let Some(interval) = self.intervals.get_mut(&slot) {
            interval.is_open = false;
        }
    }
}
