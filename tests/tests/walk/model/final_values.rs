//! What a page leaves over of each meter once its values change no more.

use joulebook_client::oracle::errors::OracleError;

use super::{row, Energy, MeterPage, MeterStatus, Model, Reasons};

impl Model {
    /// Of a meter that was retired in pages left out before this one, which nobody can settle any more, the final registers
    /// are known at all boundaries of this one; it is the last of its service.
    fn carry_retired(&mut self, slot: i64, start: i64, previous: Option<i64>, row: u16) {
        let Some(left_out) = previous.map(|start| start + self.span()) else {
            return;
        };
        let (length, end) = (self.length(), start + self.span());
        if self.settled_from.is_none() || self.settled_from >= Some(start) {
            return;
        }
        let meter = &mut self.meters[usize::from(row)];
        let Some(until) = meter.service_until else {
            return;
        };
        if until <= left_out || until > start || until <= meter.service_from {
            return;
        }
        meter.service_until = Some(end);
        meter.boundary = end;
        let boundaries = (start..=end).step_by(length as usize);
        let known = boundaries.map(|boundary| (boundary, meter.registers));
        let known = MeterPage {
            known: known.collect(),
            ..MeterPage::default()
        };
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            page.meters.insert(row.into(), known);
        }
    }

    /// The oracle's page in `slot`; `limit` meters of it.
    pub fn finish_interval_page(&mut self, slot: i64, limit: u16) -> Result<(), Reasons> {
        let held = self.interval_pages.get(&slot);
        let Some(page) = held.filter(|page| !self.is_finished(page)) else {
            return Ok(());
        };
        let (start, previous, first) = (page.start, page.previous, page.finished_meters);
        let mut reasons = Reasons::default();
        let is_early = self.now < self.corrections_until(start);
        reasons.when(is_early, OracleError::TooEarlyToFinish);
        let is_next = page.previous.is_none() || page.previous == self.last_finished;
        reasons.when(!is_next, OracleError::EarlierUnfinished);
        reasons.found()?;

        let count = self.meters.len() as u16;
        let end = first.saturating_add(limit).min(count);
        for row in first..end {
            self.carry_retired(slot, start, previous, row);
            let left = match self.meters[usize::from(row)].serves(start) {
                true => self.finish_meter(slot, start, self.numbers()[usize::from(row)]),
                false => (0, 0),
            };
            if let Some(page) = self.interval_pages.get_mut(&slot) {
                page.meters.entry(row.into()).or_default().finished = Some(left);
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
        let meter = self.meters[row(number)].clone();
        let end = start + self.span();
        if meter.status == MeterStatus::Retired && meter.service_until == Some(end) {
            // Where the final registers can't be true beside the page's, those stay.
            let limits = (u32::MAX, u32::MAX);
            self.enter(number, slot, end, meter.registers, limits).ok();
        }
        let known = self.meter_page(start, number).cloned().unwrap_or_default();
        let (settled, is_certain) = self.settled_before(number, &known, start);
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            let page = page.meters.entry(row(number)).or_default();
            page.begins = is_certain == Some(true);
            page.uncertain = is_certain == Some(false);
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
        self.meters[row(number)].settled = settled;
        left
    }

    /// What counts as settled before a page; and if the counting begins there, whether it does at its time. It should begin
    /// when service and settlement have. If the registers are known later, the meter has moved since then what they show more
    /// than was settled, but no more than the community's cap allows in the time that no value tells of.
    fn settled_before(
        &mut self,
        number: u32,
        known: &MeterPage,
        start: i64,
    ) -> (Energy, Option<bool>) {
        let meter = self.meters[row(number)].clone();
        let counts_from = self.settled_from.max(Some(meter.service_from));
        // Pages of before the settlement may be finished once it has begun.
        if meter.counted_from == counts_from || Some(start) < counts_from {
            return (meter.settled, None);
        }
        let Some(first) = self.registers_before(known, start) else {
            return (meter.settled, None);
        };
        self.meters[row(number)].counted_from = counts_from;
        let (heard, _) = known.known.iter().next().expect("one is known");
        let length = self.length();
        let untold = (0..self.windows_of_page()).filter(|interval| {
            let end = start + length * (i64::from(*interval) + 1);
            end <= *heard && !known.replaced.contains_key(interval)
        });
        let seconds = start - counts_from.unwrap_or(start) + length * untold.count() as i64;
        let power = i128::from(self.sizes.power_cap);
        let most = match seconds {
            0 => 0,
            _ => power * i128::from(seconds) / 3600 + 1,
        };
        let moved = first.less(meter.settled).not_below_zero();
        let begun = Energy {
            import: first.import - moved.import.min(most),
            export: first.export - moved.export.min(most),
        };
        (begun, Some(seconds == 0))
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
