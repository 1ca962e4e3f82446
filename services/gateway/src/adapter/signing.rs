//! Signs for one meter with a device key of the gateway's.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
    register::Registers,
};
use joulebook_units::UnixTime;
use tokio::task::spawn_blocking;
use tracing::warn;

use super::boundaries::Run;
use crate::{
    device::DeviceKey,
    intake::{Intake, Refusal},
    message::Signed,
    store::{LastSigned, Store, StoreError},
};

/// What signs for one meter.
pub(super) struct Signing {
    pub meter: u32,
    pub key: Arc<DeviceKey>,
    pub intake: Intake,
}

impl Signing {
    /// # Errors
    /// If the meter's row has another key: what is signed would be refused, and be lost.
    pub fn is_registered(&self) -> Result<()> {
        let view = self.intake.view();
        let Some(row) = view.as_ref().and_then(|view| view.meter(self.meter)) else {
            return Ok(());
        };
        let key = self.key.public();
        let is_same = row.device == key.device && row.key_kind == key.kind as u8;
        anyhow::ensure!(
            is_same,
            "meter {} is registered with another key than {}; register this one, or name the right file",
            self.meter,
            key.hex()
        );
        Ok(())
    }

    /// The chain's clock; `None` as long as it is not known.
    pub fn now(&self) -> Option<i64> {
        self.intake.seen.borrow().as_ref()?.clock()
    }

    /// Notes what the registers are at these times: on the disk until it was told.
    pub async fn know(&self, values: Vec<(i64, Registers)>) -> Result<()> {
        self.stored(move |store, meter| store.know(meter, &values))
            .await
    }

    pub async fn known(&self) -> Result<BTreeMap<i64, Registers>> {
        self.stored(|store, meter| store.known(meter)).await
    }

    /// Forgets what was signed, and nothing that has come since.
    pub async fn forget(&self, values: Vec<(i64, Registers)>) -> Result<()> {
        self.stored(move |store, meter| store.forget_known(meter, &values))
            .await
    }

    /// Asks the store, or tells it, about this meter.
    pub async fn stored<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, u32) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let (store, meter) = (Arc::clone(&self.intake.store), self.meter);
        Ok(spawn_blocking(move || work(&store, meter)).await??)
    }

    /// Signs with a sequence that was never used, and keeps the message.
    ///
    /// # Errors
    /// If it is not kept now, but may be later: then it is signed again.
    pub async fn hand_in(&self, run: &Run, binding: &[u8; 32], heard: u64) -> Result<()> {
        let (store, key) = (Arc::clone(&self.intake.store), Arc::clone(&self.key));
        let (meter, binding, run) = (self.meter, *binding, run.clone());
        let signed = spawn_blocking(move || -> Result<Signed> {
            let last = store.last_signed(meter)?.map_or(0, |last| last.sequence);
            // By the machine's clock: with a store that was lost, or is an old one, no sequence is used with other registers again.
            let clock = SystemTime::now().duration_since(UNIX_EPOCH);
            let clock = clock.map_or(0, |since| since.as_millis());
            let sequence = last
                .max(heard)
                .max(u64::try_from(clock).unwrap_or(0))
                .checked_add(1)
                .context("no sequence is left")?;
            store.note_signed(
                meter,
                &LastSigned {
                    sequence,
                    boundary: run.boundary,
                    import: run.registers.import.0,
                    export: run.registers.export.0,
                },
            )?;
            sign(&key, meter, sequence, &binding, &run)
        })
        .await??;
        let told = self.intake.take(vec![signed], "adapter").await?;
        if let Some(unknown) = told.iter().find(|one| one.is_unknown()) {
            anyhow::bail!("{}", unknown.says);
        }
        for one in told.iter().filter(|one| one.is_refused()) {
            let is_of_room = one.result == Some(Refusal::TooManyOfMeter.name());
            anyhow::ensure!(!is_of_room, "{}", one.says);
            warn!(
                meter = self.meter,
                result = one.result,
                says = one.says,
                "not taken"
            );
        }
        Ok(())
    }
}

fn sign(
    key: &DeviceKey,
    meter: u32,
    sequence: u64,
    binding: &[u8; 32],
    run: &Run,
) -> Result<Signed> {
    let boundary = UnixTime(run.boundary);
    let values: &[Energy] = &run.values;
    if values.is_empty() {
        let reading = Reading {
            meter,
            boundary,
            sequence,
            registers: run.registers,
            flags: 0,
        };
        return Ok(key.sign_reading(binding, &reading)?);
    }
    let profile = Profile {
        meter,
        boundary,
        sequence,
        registers: run.registers,
        intervals: u16::try_from(values.len()).context("a page has fewer intervals")?,
        flags: 0,
    };
    Ok(key.sign_profile(binding, &profile, values)?)
}
