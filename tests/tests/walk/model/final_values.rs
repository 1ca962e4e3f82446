//! What a page leaves over of each meter once its values change no more.

use joulebook_client::oracle::errors::OracleError;

use super::{row, Energy, Meter, MeterPage, Model, Reasons};

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
        let has_final = meter.has_final_registers();
        meter.service_until = Some(end);
        let mut known = MeterPage::default();
        if has_final {
            meter.boundary = end;
            let boundaries = (start..=end).step_by(length as usize);
            let registers = meter.registers;
            known.known = boundaries.map(|boundary| (boundary, registers)).collect();
        } else {
            // Nothing flowed, and no register tells.
            let windows = self.windows_of_page();
            let idle = (0..windows).map(|interval| (interval, Energy::default()));
            known.replaced = idle.collect();
        }
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
        if meter.has_final_registers() && meter.service_until == Some(end) {
            // Where the final registers can't be true beside the page's, those stay.
            let limits = [(u32::MAX, u32::MAX); 2];
            self.enter(number, slot, end, meter.registers, limits).ok();
        }
        let known = self.meter_page(start, number).cloned().unwrap_or_default();
        let is_in_time = self.begin(number, &known, start);
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            let page = page.meters.entry(row(number)).or_default();
            page.begins = is_in_time == Some(true);
            page.begins_late = is_in_time == Some(false);
        }
        let Meter { settled, told, .. } = self.meters[row(number)].clone();
        let values = |from: i64, to: i64| self.values_between(&known, start, from, to);
        let mut left = (0, 0);
        let (settled, told) = match known.last() {
            // Nothing to hold the values against.
            None => (
                settled.plus(values(start, end)),
                told.plus(values(start, end)),
            ),
            Some((last, registers)) => {
                let more = registers.less(settled.plus(values(start, last)));
                // What came to light, and what was paid for and never was.
                left = (
                    more.import.max(0) + (-more.export).max(0),
                    more.export.max(0) + (-more.import).max(0),
                );
                (registers.plus(values(last, end)), values(last, end))
            }
        };
        let untold = self.untold(&known, start, end);
        let told_intervals = i64::from(self.windows_of_page()) - untold;
        let meter = &mut self.meters[row(number)];
        meter.settled = settled;
        meter.told = told;
        if !meter.is_counted {
            meter.told_intervals += told_intervals;
        }
        left
    }

    /// Whether the counting begins in a page, and at its time: when service and settlement have. Where the registers are known
    /// later, the meter has moved since then what they show beside values and what was settled before, but no more than
    /// the community's cap allows in the time that no value tells of. What values tell of beyond the registers was never moved.
    fn begin(&mut self, number: u32, known: &MeterPage, start: i64) -> Option<bool> {
        let counts_from = self
            .settled_from
            .max(Some(self.meters[row(number)].service_from));
        // Pages of before the settlement may be finished once it has begun.
        let from = counts_from.filter(|from| start >= *from)?;
        let meter = &mut self.meters[row(number)];
        if meter.counted_from != counts_from {
            // Others have settled that.
            meter.settled = meter.settled.less(meter.told);
            meter.told = Energy::default();
            meter.late = Energy::default();
            meter.told_intervals = 0;
            meter.is_counted = false;
            meter.counted_from = counts_from;
        }
        let meter = meter.clone();
        let (heard, first) = known.known.iter().next().filter(|_| !meter.is_counted)?;
        let values = self.values_between(known, start, start, *heard);
        let length = self.length();
        let untold = self.untold(known, start, *heard) - meter.told_intervals;
        let seconds = start - from + length * untold;
        let power = i128::from(self.sizes.power_cap);
        let most = match seconds {
            0 => 0,
            _ => power * i128::from(seconds) / 3600 + 1,
        };
        // What registers show beside all that values say, and what they say too much.
        let beside = first.less(meter.settled.plus(values));
        let too_much = |beside: i128, told: i128| (-beside).clamp(0, told.max(0));
        let told = meter.told.plus(values);
        let excess = Energy {
            import: too_much(beside.import, told.import),
            export: too_much(beside.export, told.export),
        };
        let meter = &mut self.meters[row(number)];
        meter.is_counted = true;
        meter.late = Energy {
            import: beside.import.clamp(0, most),
            export: beside.export.clamp(0, most),
        };
        // Such that values and excess lead to the first boundary.
        meter.settled = first.plus(excess).less(values);
        Some(seconds == 0)
    }

    /// Intervals without a value that end from a page's start to a boundary.
    fn untold(&self, known: &MeterPage, start: i64, until: i64) -> i64 {
        let length = self.length();
        let ends = (1..=i64::from(self.windows_of_page())).map(|number| start + length * number);
        let untold = (0..).zip(ends).filter(|(interval, end)| {
            let is_measured = [*end - length, *end]
                .iter()
                .all(|boundary| known.known.contains_key(boundary));
            *end <= until && !is_measured && !known.replaced.contains_key(interval)
        });
        untold.count() as i64
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
}
