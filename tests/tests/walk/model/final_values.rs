//! What a page leaves over of each meter once its values change no more.

use joulebook_client::oracle::errors::OracleError;

use super::{Energy, MeterPage, MeterStatus, Model, Reasons};

impl Model {
    /// The oracle's page in `slot`; `limit` meters of it.
    pub fn finish_interval_page(&mut self, slot: i64, limit: u16) -> Result<(), Reasons> {
        let held = self.interval_pages.get(&slot);
        let Some(page) = held.filter(|page| !self.is_finished(page)) else {
            return Ok(());
        };
        let (start, first) = (page.start, page.finished_meters);
        let mut reasons = Reasons::default();
        let is_early = self.now < self.corrections_until(start);
        reasons.when(is_early, OracleError::TooEarlyToFinish);
        let is_next = page.previous.is_none() || page.previous == self.last_finished;
        reasons.when(!is_next, OracleError::EarlierUnfinished);
        reasons.found()?;

        let count = self.meters.len() as u16;
        let end = first.saturating_add(limit).min(count);
        for number in first..end {
            let left = match self.meters[usize::from(number)].serves(start) {
                true => self.finish_meter(slot, start, number.into()),
                false => (0, 0),
            };
            if let Some(page) = self.interval_pages.get_mut(&slot) {
                page.meters.entry(number.into()).or_default().finished = Some(left);
            }
        }
        let is_done = end == count;
        let finished = if is_done { self.sizes.meters } else { end };
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            page.finished_meters = finished;
        }
        if is_done {
            self.last_finished = Some(start);
        }
        Ok(())
    }

    /// What is charged and credited of a meter, Wh.
    fn finish_meter(&mut self, slot: i64, start: i64, number: u32) -> (i128, i128) {
        let meter = self.meters[number as usize].clone();
        let end = start + self.span();
        if meter.status == MeterStatus::Retired && meter.service_until == Some(end) {
            // Where the final registers can't be true beside the page's, those stay.
            self.enter(number, slot, end, meter.registers).ok();
        }
        let known = self.meter_page(start, number).cloned().unwrap_or_default();
        let values = |from: i64, to: i64| self.values_between(&known, start, from, to);

        let mut settled = meter.settled;
        if Some(start) == self.settled_from.max(Some(meter.service_from)) {
            settled = self.registers_at_start(&known, start).unwrap_or(settled);
        }
        let mut left = (0, 0);
        let settled = match known.last() {
            // Nothing to hold the values against.
            None => settled.plus(values(start, end)),
            Some((last, registers)) => {
                let more = registers.less(settled.plus(values(start, last)));
                // What came to light, and what was paid for and never was.
                left = (
                    more.import.max(0) + (-more.export).max(0),
                    more.export.max(0) + (-more.import).max(0),
                );
                registers.plus(values(last, end))
            }
        };
        self.meters[number as usize].settled = settled;
        left
    }

    /// The sum of the values of the intervals from one boundary to another.
    fn values_between(&self, known: &MeterPage, start: i64, from: i64, to: i64) -> Energy {
        let mut sum = Energy::default();
        for interval in 0..self.windows_of_page() {
            let begin = start + self.length() * i64::from(interval);
            if begin < from || begin >= to {
                continue;
            }
            let ends = [begin, begin + self.length()].map(|end| known.known.get(&end));
            sum = match (known.replaced.get(&interval), ends) {
                (Some(value), _) => sum.plus(*value),
                (None, [Some(first), Some(last)]) => sum.plus(last.less(*first)),
                _ => sum,
            };
        }
        sum
    }

    /// The registers at the page's start: those at its last boundary less what was moved until then. What a replaced
    /// value stands for is forgotten: between its end and the known boundary before, the values are what was moved.
    fn registers_at_start(&self, known: &MeterPage, start: i64) -> Option<Energy> {
        known.known.get(&start)?;
        let (_, last) = known.last()?;
        let boundaries: Vec<i64> = known.known.keys().copied().collect();
        let mut moved = Energy::default();
        for pair in boundaries.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let interval = ((to - start) / self.length() - 1) as u16;
            moved = moved.plus(match known.replaced.contains_key(&interval) {
                true => self.values_between(known, start, from, to),
                false => known.known[&to].less(known.known[&from]),
            });
        }
        Some(last.less(moved).not_below_zero())
    }
}
