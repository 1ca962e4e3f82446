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
        let (settled, begins) = self.settled_before(number, &known, start);
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            page.meters.entry(number).or_default().begins = begins;
        }
        let values = |from: i64, to: i64| self.values_between(&known, start, from, to);
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

    /// What counts as settled before a page, and whether the counting begins there: with the first boundary known since
    /// service and settlement have begun. A new meter that did not tell its registers when its service began has drawn what
    /// they show since it was registered, and fed in nothing until then.
    fn settled_before(&mut self, number: u32, known: &MeterPage, start: i64) -> (Energy, bool) {
        let meter = &self.meters[number as usize];
        let (settled, service_from) = (meter.settled, meter.service_from);
        let counts_from = self.settled_from.max(Some(service_from));
        // Pages of before the settlement may be finished once it has begun.
        if meter.counted_from == counts_from || Some(start) < counts_from {
            return (settled, false);
        }
        let Some(first) = self.registers_before(known, start) else {
            return (settled, false);
        };
        self.meters[number as usize].counted_from = counts_from;
        let is_new = Some(service_from) >= self.settled_from;
        let is_told = Some(start) == counts_from && known.known.contains_key(&start);
        match is_new && !is_told {
            true => (
                Energy {
                    import: settled.import,
                    export: first.export,
                },
                false,
            ),
            false => (first, true),
        }
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

    /// The registers at the first known boundary, less a verifier's values before it: those at the last one less what was
    /// moved since. What a replaced value stands for is forgotten: between its end and the known boundary before, the
    /// values are what was moved.
    fn registers_before(&self, known: &MeterPage, start: i64) -> Option<Energy> {
        let (_, last) = known.last()?;
        let boundaries: Vec<i64> = known.known.keys().copied().collect();
        let mut moved = self.values_between(known, start, start, boundaries[0]);
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
