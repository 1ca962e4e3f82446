//! The devices in the houses: what they count, and what they sign at every boundary.

use std::collections::BTreeMap;

use joulebook_client::oracle::types::SignedReading;
use joulebook_metering::{message::Reading, register::Registers};
use joulebook_sim::Device;
use joulebook_units::{UnixTime, WhSum};
use solana_keypair::Keypair;

use crate::{model::Energy, random::Random};

/// Import and export of a meter up to a boundary, Wh.
pub type Flows = BTreeMap<(u32, i64), (u64, u64)>;

#[derive(Default)]
pub struct Devices {
    /// Those in use, by the number of the meter.
    installed: BTreeMap<u32, Installed>,
    /// Ever installed.
    count: u64,
    /// What was ever handed in as a device signed it, and the id of the device.
    sent: Vec<(SignedReading, u64)>,
}

struct Installed {
    id: u64,
    device: Device,
    /// What it signed, by boundary.
    signed: BTreeMap<i64, SignedReading>,
}

impl Devices {
    /// In the place of the one that had the number before.
    pub fn install(&mut self, number: u32, key: Keypair, shown: Energy) {
        let mut device = Device::new(key, number);
        device.import = shown.import as u64;
        device.export = shown.export as u64;
        self.count += 1;
        let installed = Installed {
            id: self.count,
            device,
            signed: BTreeMap::new(),
        };
        self.installed.insert(number, installed);
    }

    /// Energy flows through all of them up to `boundary`, where they are read.
    pub fn flow(
        &mut self,
        binding: &[u8; 32],
        boundary: i64,
        mut flow: impl FnMut(u32) -> (u64, u64),
    ) {
        for (number, installed) in &mut self.installed {
            let (import, export) = flow(*number);
            installed.device.flow(import, export);
            let signed = installed.device.signed(binding, boundary);
            installed.signed.insert(boundary, signed);
        }
    }

    /// What the meter's device shows now.
    pub fn shown(&self, number: u32) -> Energy {
        let device = self.installed.get(&number).map(|it| &it.device);
        device.map_or(Energy::default(), |device| Energy {
            import: device.import.into(),
            export: device.export.into(),
        })
    }

    /// What the meter's device signed at `boundary`.
    pub fn signed(&self, number: u32, boundary: i64) -> Option<SignedReading> {
        self.installed.get(&number)?.signed.get(&boundary).cloned()
    }

    /// Boundaries that the meter's device signed at.
    pub fn boundaries(&self, number: u32) -> Vec<i64> {
        let installed = self.installed.get(&number);
        installed.map_or(vec![], |it| it.signed.keys().copied().collect())
    }

    /// The registers at `boundary` once more, with the next sequence, for the device to sign.
    pub fn again(&mut self, number: u32, boundary: i64) -> Option<(&mut Device, Reading)> {
        let installed = self.installed.get_mut(&number)?;
        let signed = installed.signed.get(&boundary)?;
        let device = &mut installed.device;
        device.sequence += 1;
        let reading = Reading {
            meter: number,
            boundary: UnixTime(boundary),
            sequence: device.sequence,
            registers: Registers {
                import: WhSum(signed.import),
                export: WhSum(signed.export),
            },
            flags: 0,
        };
        Some((device, reading))
    }

    /// Notes what was handed in.
    pub fn keep(&mut self, reading: &SignedReading) {
        if let Some(installed) = self.installed.get(&reading.meter) {
            self.sent.push((reading.clone(), installed.id));
        }
    }

    /// Something that was handed in before, and whether the meter's device signed it.
    pub fn once_more(&self, random: &mut Random) -> Option<(SignedReading, bool)> {
        let place = random.below(self.sent.len().max(1) as u64) as usize;
        let (reading, id) = self.sent.get(place)?;
        let installed = self.installed.get(&reading.meter);
        let genuine = installed.is_some_and(|it| it.id == *id);
        Some((reading.clone(), genuine))
    }
}
