use std::collections::BTreeMap;

use joulebook_client::{
    events::Event,
    oracle::{
        events::OracleEvent,
        instructions as oracle,
        types::{ReadingResult, SignedReading},
    },
};
use joulebook_metering::{message::Reading, register::Registers};
use joulebook_sim::{Device, Receipt};
use joulebook_units::{UnixTime, WhSum};
use solana_keypair::Keypair;

use super::{Checked, Walker};
use crate::model::MeterStatus;

/// What the meters noted, and what was once sent.
#[derive(Default)]
pub struct StoredReadings {
    /// Registers by meter and boundary.
    noted: BTreeMap<(u32, i64), (u64, u64)>,
    sent: Vec<SignedReading>,
}

impl Walker {
    fn devices(&mut self) -> impl Iterator<Item = &mut Device> {
        self.community
            .households
            .iter_mut()
            .flat_map(|household| &mut household.devices)
    }

    fn device(&mut self, number: u32) -> &mut Device {
        self.devices()
            .find(|device| device.number == number)
            .expect("every meter has a device")
    }

    /// Energy flows through all meters up to `boundary`.
    pub(super) fn flow(&mut self, boundary: i64) {
        for number in 0..self.model.meters.len() as u32 {
            let (import, export) = match self.random.below(4) {
                0 => (0, self.random.of_any_size(3)),
                1 => (self.random.below(20), self.random.below(20)),
                _ => (self.random.of_any_size(3), 0),
            };
            let device = self.device(number);
            device.flow(import, export);
            let registers = (device.import, device.export);
            self.stored_readings
                .noted
                .insert((number, boundary), registers);
        }
    }

    /// What the meter noted last.
    pub(super) fn noted(&self, number: u32) -> (u64, u64) {
        let all = self
            .stored_readings
            .noted
            .range((number, 0)..=(number, i64::MAX));
        all.last().map_or((0, 0), |(_, registers)| *registers)
    }

    pub(super) fn send_readings(&mut self) -> Checked {
        let length = self.model.length();
        // Mostly of the interval that just ended, or of one that is still open.
        let mut boundary = self.model.boundary();
        let open: Vec<i64> = self
            .model
            .intervals
            .values()
            .filter(|interval| interval.is_open && interval.start + length <= self.model.now)
            .map(|interval| interval.start + length)
            .collect();
        if !open.is_empty() && self.random.percent(80) {
            boundary = self.random.pick(&open);
        }
        if self.random.percent(5) {
            boundary -= length * self.random.between(1, 3) as i64;
        }
        let count = self.model.meters.len() as u32;
        let mut readings = vec![];
        for number in 0..count {
            let is_quiet = self.model.meters[number as usize].status != MeterStatus::Active;
            if self.random.percent(if is_quiet { 90 } else { 15 }) {
                continue;
            }
            readings.extend(self.read(number, boundary));
        }
        if self.random.percent(20) && !self.stored_readings.sent.is_empty() {
            // A replay; as it stands it is genuine.
            let again = self.random.pick(&self.stored_readings.sent.clone());
            readings.push((again, true));
        }
        if self.random.percent(10) {
            readings.reverse();
        }
        readings.truncate(8);
        let mut slot = self.model.interval_slot(boundary - length);
        if self.random.percent(4) {
            slot = self.random.below(self.model.sizes.interval_ring.into()) as i64;
        }
        self.submit(slot, readings)
    }

    /// A reading of the meter at `boundary` and whether its device signed just that: mostly honest.
    fn read(&mut self, number: u32, boundary: i64) -> Option<(SignedReading, bool)> {
        let (import, export) = *self.stored_readings.noted.get(&(number, boundary))?;
        let chance = self.random.below(100);
        let community = self.community.addresses.community;
        let length = self.model.length();
        let before = self.noted_before(number, boundary);
        let mut flags = self.random.pick(&[0, 0, 0, 2, 4, 6]);
        let spoilt = self.random.below(6);
        let device = self.device(number);
        device.sequence += 1;
        let mut reading = Reading {
            meter: number,
            boundary: UnixTime(boundary),
            sequence: device.sequence,
            registers: Registers {
                import: WhSum(import),
                export: WhSum(export),
            },
            flags,
        };
        // What a broken meter signs.
        match chance {
            0 => flags |= 1,
            1 => flags |= 8,
            2 => reading.registers.import.0 = before.0.saturating_sub(1),
            3 => reading.registers.export.0 += 100_000_000,
            4 => reading.boundary.0 += 1,
            5 => reading.boundary.0 += 20 * length,
            _ => {}
        }
        reading.flags = flags;
        let mut signed = device.sign(&community, &reading);
        // What a gateway does to it.
        match chance {
            6 => match spoilt {
                0 => signed.import += 1,
                1 => signed.export += 1,
                2 => signed.sequence += 1,
                3 => signed.flags ^= 2,
                4 => signed.signature[17] ^= 1,
                _ => signed.boundary -= length,
            },
            7 => signed = device.sign(&device_of_another_community(), &reading),
            8 => {
                let stranger = Device {
                    key: Keypair::new(),
                    ..*device
                };
                signed = stranger.sign(&community, &reading);
            }
            9 => {
                signed.meter = signed
                    .meter
                    .wrapping_add([1, 100, u32::MAX][spoilt as usize % 3])
            }
            _ => {}
        }
        let genuine = !(6..=9).contains(&chance);
        if genuine {
            self.stored_readings.sent.push(signed.clone());
        }
        Some((signed, genuine))
    }

    fn noted_before(&self, number: u32, boundary: i64) -> (u64, u64) {
        let all = self
            .stored_readings
            .noted
            .range((number, 0)..(number, boundary));
        all.last().map_or((0, 0), |(_, registers)| *registers)
    }

    /// An honest reading of each meter at `boundary`, as far as they noted their registers then.
    pub(super) fn honest(&mut self, boundary: i64) -> Vec<(SignedReading, bool)> {
        let community = self.community.addresses.community;
        let mut readings = vec![];
        for number in 0..self.model.meters.len() as u32 {
            let Some((import, export)) =
                self.stored_readings.noted.get(&(number, boundary)).copied()
            else {
                continue;
            };
            let device = self.device(number);
            let mut reading = device.reading(boundary);
            reading.registers.import.0 = import;
            reading.registers.export.0 = export;
            readings.push((device.sign(&community, &reading), true));
        }
        readings
    }

    pub(super) fn submit(&mut self, slot: i64, readings: Vec<(SignedReading, bool)>) -> Checked {
        let instruction = oracle::SubmitReadings {
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            interval: self.community.addresses.interval_slot(slot as u16),
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
            if found != due {
                return Err(format!("readings: found {found:?}, should be {due:?}"));
            }
        }
        Ok(())
    }
}

fn device_of_another_community() -> solana_address::Address {
    solana_address::Address::new_from_array([7; 32])
}

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
