use joulebook_client::{
    events::Event,
    oracle::{
        events::OracleEvent,
        instructions as oracle,
        types::{ReadingResult, SignedReading},
    },
};
use joulebook_sim::{Device, Receipt};
use solana_keypair::Keypair;

use super::{Checked, Walker};
use crate::model::{row, MeterStatus, Model};

/// Readings that fit a transaction.
const FIT: usize = 8;

impl Walker {
    pub fn send_readings(&mut self) -> Checked {
        let slot = self.page_to_read();
        let Some(page) = self.model.interval_pages.get(&slot) else {
            return Ok(());
        };
        let start = page.start;
        let mut readings = vec![];
        for number in self.model.numbers() {
            self.restore_now_and_then(number)?;
            // Some meters are heard seldom.
            let chance = if number % 4 == 3 { 20 } else { 55 };
            for boundary in self.some_boundaries(number, start) {
                if self.random.percent(chance) {
                    readings.extend(self.read(number, boundary));
                }
            }
        }
        if self.random.percent(25) {
            readings.extend(self.devices.once_more(&mut self.random));
        }
        self.shuffle(&mut readings);
        readings.truncate(FIT * 3);
        let slot = self.mostly_slot(slot, self.model.sizes.pages);
        if readings.is_empty() {
            return self.submit(slot, readings);
        }
        for batch in readings.chunks(FIT) {
            self.submit(slot, batch.to_vec())?;
        }
        Ok(())
    }

    /// Mostly one that takes readings.
    fn page_to_read(&mut self) -> i64 {
        let takes =
            |model: &Model, start: i64| (start..model.readings_until(start)).contains(&model.now);
        let pages = self.model.interval_pages.iter();
        let open: Vec<i64> = pages
            .filter(|(_, page)| takes(&self.model, page.start))
            .map(|(slot, _)| *slot)
            .collect();
        match open.is_empty() || self.random.percent(8) {
            true => self.some_page(),
            false => self.random.pick(&open),
        }
    }

    /// All that the device signed in a page, the seams too, or only the last of it.
    fn some_boundaries(&mut self, number: u32, start: i64) -> Vec<i64> {
        let end = start + self.model.span();
        let mut boundaries = self.devices.boundaries(number);
        boundaries.retain(|boundary| (start..=end).contains(boundary));
        if self.random.percent(40) {
            return boundaries.split_off(boundaries.len().saturating_sub(1));
        }
        boundaries
    }

    fn restore_now_and_then(&mut self, number: u32) -> Checked {
        let status = self.model.meters[row(number)].status;
        if status == MeterStatus::Quarantined && self.random.percent(25) {
            return self.restore(number);
        }
        Ok(())
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for place in 1..all.len() {
            let other = self.random.below(place as u64 + 1) as usize;
            all.swap(place, other);
        }
    }

    /// A reading of the meter at `boundary` and whether its device signed just that: mostly what it signed then.
    fn read(&mut self, number: u32, boundary: i64) -> Option<(SignedReading, bool)> {
        let chance = self.random.below(100);
        if chance >= 12 {
            let signed = self.devices.signed(number, boundary)?;
            self.devices.keep(&signed);
            return Some((signed, true));
        }
        let binding = self.community.binding();
        let spoilt = self.random.below(6);
        let length = self.model.length();
        let flags = self.random.pick(&[0, 2, 4, 6]);
        let (device, mut reading) = self.devices.again(number, boundary)?;
        reading.flags = flags;
        // What a broken meter signs.
        match chance {
            0 => reading.flags |= 1,
            1 => reading.flags |= 8,
            2 => reading.registers.import.0 = reading.registers.import.0.saturating_sub(900),
            3 => reading.registers.export.0 += 100_000_000,
            4 => reading.boundary.0 += 1,
            5 => reading.boundary.0 += 20 * length,
            6 => reading.registers.export.0 += 1,
            _ => {}
        }
        let mut signed = device.sign(&binding, &reading);
        // What a gateway does to it.
        match chance {
            7 => match spoilt {
                0 => signed.import += 1,
                1 => signed.export += 1,
                2 => signed.sequence += 1,
                3 => signed.flags ^= 2,
                4 => signed.signature[17] ^= 1,
                _ => signed.boundary -= length,
            },
            8 => signed = device.sign(&ANOTHER_BINDING, &reading),
            9 => {
                let stranger = Device {
                    key: Keypair::new(),
                    ..*device
                };
                signed = stranger.sign(&binding, &reading);
            }
            10 => {
                let other = [1, 100, u32::MAX][spoilt as usize % 3];
                signed.meter = signed.meter.wrapping_add(other);
            }
            _ => {}
        }
        let genuine = !(7..=10).contains(&chance);
        if genuine {
            self.devices.keep(&signed);
        }
        Some((signed, genuine))
    }

    /// Everything that the devices signed in the page of a slot.
    pub fn send_all_readings(&mut self, slot: i64) -> Checked {
        let Some(page) = self.model.interval_pages.get(&slot) else {
            return Ok(());
        };
        let (start, end) = (page.start, page.start + self.model.span());
        let mut readings = vec![];
        for number in self.model.numbers() {
            let mut boundaries = self.devices.boundaries(number);
            boundaries.retain(|boundary| (start..=end).contains(boundary));
            let signed = |boundary| self.devices.signed(number, boundary);
            readings.extend(boundaries.into_iter().filter_map(signed));
        }
        for batch in readings.chunks(FIT) {
            let batch = batch.iter().map(|reading| (reading.clone(), true));
            self.submit(slot, batch.collect())?;
        }
        Ok(())
    }

    pub fn submit(&mut self, slot: i64, readings: Vec<(SignedReading, bool)>) -> Checked {
        let at = &self.community.addresses;
        let instruction = oracle::SubmitReadings {
            meter_table: at.meter_table,
            page: at.interval_page_slot(slot as u16),
        }
        .instruction(oracle::SubmitReadingsInstructionArgs {
            readings: readings.iter().map(|(signed, _)| signed.clone()).collect(),
        });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.submit(slot, &readings);
        let what = format!("readings {} go to slot {slot}", brief(&readings));
        if let Some((due, receipt)) = self.agree(what, predicted, found)? {
            let found = results(&receipt).ok_or("there is no event of readings")?;
            self.log.push(format!("  results {found:?}"));
            for result in &found {
                self.coverage.add(&format!("{result:?}"));
            }
            if found != due {
                return Err(format!("readings: found {found:?}, should be {due:?}"));
            }
        }
        Ok(())
    }
}

const ANOTHER_BINDING: [u8; 32] = [7; 32];

fn brief(readings: &[(SignedReading, bool)]) -> String {
    let each = readings.iter().map(|(reading, genuine)| {
        format!(
            "(meter {} boundary {} sequence {} registers {}/{} flags {} genuine {genuine})",
            reading.meter,
            reading.boundary,
            reading.sequence,
            reading.import,
            reading.export,
            reading.flags,
        )
    });
    each.collect::<Vec<String>>().join(" ")
}

fn results(receipt: &Receipt) -> Option<Vec<ReadingResult>> {
    receipt.events().into_iter().find_map(|event| match event {
        Event::Oracle(OracleEvent::ReadingsProcessed(processed)) => Some(
            processed
                .results
                .iter()
                .map(|outcome| outcome.result)
                .collect(),
        ),
        _ => None,
    })
}
