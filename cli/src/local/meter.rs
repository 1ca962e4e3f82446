use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use joulebook_client::oracle::types::SignedProfile;
use joulebook_daemon::key;
use joulebook_deployment::{MeterState, Sandbox};
use joulebook_sim::Device;
use serde::Deserialize;

/// A meter of a sandbox: its device, and what flows through it.
pub struct SandboxMeter {
    state: MeterState,
    device: Device,
    /// Import and export, Wh, by the start of the interval.
    flows: BTreeMap<i64, (u32, u32)>,
}

/// A row of the file of flows.
#[derive(Deserialize)]
struct Row {
    household: String,
    /// Unix seconds, by the chain's clock.
    start: i64,
    import_wh: u32,
    export_wh: u32,
}

impl SandboxMeter {
    /// Those of all households; keys are seen from `folder`, what flows is in the file `flows`.
    ///
    /// # Errors
    /// If a key or the file can't be read.
    pub fn all(sandbox: &Sandbox, folder: &Path, flows: &Path) -> Result<Vec<SandboxMeter>> {
        let reading = || format!("reading {}", flows.display());
        let mut by_household: BTreeMap<String, BTreeMap<i64, (u32, u32)>> = BTreeMap::new();
        let mut rows = csv::Reader::from_path(flows).with_context(reading)?;
        for row in rows.deserialize() {
            let row: Row = row.with_context(reading)?;
            let flows = by_household.entry(row.household).or_default();
            flows.insert(row.start, (row.import_wh, row.export_wh));
        }
        let mut meters = vec![];
        for household in &sandbox.households {
            for state in &household.meters {
                let key = key::read_file(&folder.join(&state.device.key))?;
                meters.push(SandboxMeter {
                    device: Device::new(key, state.number),
                    state: state.clone(),
                    flows: by_household
                        .get(&household.name)
                        .cloned()
                        .unwrap_or_default(),
                });
            }
        }
        Ok(meters)
    }

    pub fn number(&self) -> u32 {
        self.state.number
    }

    /// From when on its energy counts, unix seconds.
    pub fn service_from(&self) -> i64 {
        self.state.service_from
    }

    /// Signs so many intervals of the page that starts at `start` and is `seconds` long. `sequence` is the last one that the
    /// oracle has heard.
    pub fn profile(
        &mut self,
        binding: &[u8; 32],
        start: i64,
        seconds: i64,
        intervals: usize,
        sequence: u64,
    ) -> SignedProfile {
        // What it shows follows from all that has flowed, whoever was asked before.
        let before = self
            .flows
            .range(self.service_from()..start.max(self.service_from()));
        let (import, export) = before.fold((0, 0), |sum: (u64, u64), (_, flow)| {
            (sum.0 + u64::from(flow.0), sum.1 + u64::from(flow.1))
        });
        (self.device.import, self.device.export) = (import, export);
        self.device.sequence = sequence;
        let length = seconds / i64::try_from(intervals.max(1)).unwrap_or(1);
        let starts = (0..)
            .map(|interval| start + interval * length)
            .take(intervals);
        let values: Vec<(u32, u32)> = starts
            .map(|start| self.flows.get(&start).copied().unwrap_or_default())
            .collect();
        self.device
            .signed_profile(binding, start + seconds, &values)
    }
}
