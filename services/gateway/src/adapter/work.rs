//! The loop of an adapter: reads a line, knows registers at boundaries, signs, and hands in.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use joulebook_daemon::observe::Health;
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
};
use joulebook_units::UnixTime;
use p256::ecdsa::VerifyingKey;
use tokio::{
    io::AsyncReadExt,
    task::spawn_blocking,
    time::{interval, sleep, timeout, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    boundaries::{runs, Boundaries, Run, Value},
    ocmf::{public_key, NoRecord, Record},
    AdapterOptions, ChargerOptions, LineOptions, Reader, Sign, SmlReader, Speaks, TelegramReader,
};
use crate::{device::DeviceKey, figures, intake::Intake, message::Signed, store::LastSigned};

/// How long a line may be silent before it is opened anew.
const SILENCE: Duration = Duration::from_secs(60);
/// Between two attempts to open it.
const PAUSE: Duration = Duration::from_secs(5);
/// How often time passes.
const TICK: Duration = Duration::from_secs(1);
const WORD_HOLDS: Duration = Duration::from_secs(120);

/// What signs for one meter.
struct Signing {
    meter: u32,
    key: Arc<DeviceKey>,
    sign: Sign,
    intake: Intake,
}

/// An adapter of one meter.
pub struct Adapter {
    name: String,
    from: LineOptions,
    speaks: Speaks,
    tolerance: i64,
    signing: Signing,
    health: Health,
    stop: CancellationToken,
}

impl Adapter {
    /// # Errors
    /// If the device's key can't be used.
    pub fn new(
        options: &AdapterOptions,
        intake: Intake,
        health: Health,
        stop: CancellationToken,
    ) -> Result<Adapter> {
        let key = options.device_key.open();
        let key = key.with_context(|| format!("adapter {}", options.name))?;
        Ok(Adapter {
            name: options.name.clone(),
            from: options.from.clone(),
            speaks: options.speaks,
            tolerance: options.tolerance_seconds.into(),
            signing: Signing {
                meter: options.meter,
                key: Arc::new(key),
                sign: options.sign,
                intake,
            },
            health,
            stop,
        })
    }

    /// Until it is stopped.
    pub async fn work(self) {
        let part = format!("adapter {}", self.name);
        let key = self.signing.key.public().hex();
        info!(
            adapter = self.name,
            meter = self.signing.meter,
            key,
            "signs with this key"
        );
        let Some(length) = self.length().await else {
            return;
        };
        let mut boundaries = Boundaries::new(length, self.tolerance);
        while !self.stop.is_cancelled() {
            let listened = tokio::select! {
                listened = self.listen(&mut boundaries, &part) => listened,
                () = self.stop.cancelled() => return,
            };
            if let Err(error) = listened {
                let error = format!("{error:#}");
                warn!(
                    adapter = self.name,
                    error, "the meter is not heard; it is tried again"
                );
                self.health.fails(&part, error);
            }
            // Time passes all the same: what was known before is told.
            let _ = self.pass(&mut boundaries).await;
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Of an interval, once the chain was seen.
    async fn length(&self) -> Option<i64> {
        let mut seen = self.signing.intake.seen.clone();
        tokio::select! {
            seen = seen.wait_for(Option::is_some) => {
                let seen = seen.ok()?;
                let (view, _) = seen.as_ref()?;
                Some(view.table.header.interval_length().0)
            }
            () = self.stop.cancelled() => None,
        }
    }

    async fn listen(&self, boundaries: &mut Boundaries, part: &str) -> Result<()> {
        let mut line = self.from.open().await.context("opening the line")?;
        debug!(adapter = self.name, "listening");
        let mut reader: Box<dyn Reader + Send> = match self.speaks {
            Speaks::P1 => Box::<TelegramReader>::default(),
            Speaks::Sml => Box::<SmlReader>::default(),
        };
        let mut bytes = [0; 1_024];
        let mut tick = interval(TICK);
        let mut heard = Instant::now();
        loop {
            let read = tokio::select! {
                read = timeout(SILENCE, line.read(&mut bytes)) => read.ok(),
                _ = tick.tick() => {
                    self.pass(boundaries).await?;
                    if heard.elapsed() > SILENCE {
                        anyhow::bail!("it says nothing");
                    }
                    continue;
                }
            };
            let read = read
                .context("it says nothing")?
                .context("reading the line")?;
            if read == 0 {
                anyhow::bail!("it was closed");
            }
            heard = Instant::now();
            for byte in bytes.iter().take(read) {
                match reader.push(*byte) {
                    None => {}
                    Some(Ok(registers)) => {
                        figures::telegram(&self.name, "read");
                        self.health.works(part, WORD_HOLDS);
                        let Some(at) = self.signing.now() else {
                            continue;
                        };
                        for value in boundaries.take(Value { at, registers }) {
                            self.signing.know(value).await?;
                        }
                    }
                    Some(Err(error)) => {
                        figures::telegram(&self.name, "unreadable");
                        debug!(adapter = self.name, %error, "a telegram was not used");
                    }
                }
            }
        }
    }

    async fn pass(&self, boundaries: &mut Boundaries) -> Result<()> {
        let Some(now) = self.signing.now() else {
            return Ok(());
        };
        if let Some(age) = boundaries.age(now) {
            figures::value_age(&self.name, age);
        }
        if let Some(value) = boundaries.pass(now) {
            self.signing.know(value).await?;
        }
        let part = format!("key of adapter {}", self.name);
        if let Err(error) = self.signing.is_registered() {
            // What is known is kept until it is.
            self.health.fails(&part, error.to_string());
            return Ok(());
        }
        self.health.works(&part, WORD_HOLDS);
        self.signing.tell(now).await
    }
}

impl Signing {
    /// # Errors
    /// If the meter's row has another key: what is signed would be refused, and be lost.
    fn is_registered(&self) -> Result<()> {
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

    /// The chain's clock, going on since it was seen last.
    pub fn now(&self) -> Option<i64> {
        let seen = self.intake.seen.borrow();
        let (view, since) = seen.as_ref()?;
        let elapsed = i64::try_from(since.elapsed().as_secs()).ok()?;
        view.now.0.checked_add(elapsed)
    }

    /// Notes what the registers are at a boundary: on the disk until it was told.
    pub async fn know(&self, value: Value) -> Result<()> {
        let (store, meter) = (Arc::clone(&self.intake.store), self.meter);
        spawn_blocking(move || store.know(meter, value.at, value.registers)).await??;
        Ok(())
    }

    /// Signs and hands in what is to be told by now.
    pub async fn tell(&self, now: i64) -> Result<()> {
        let (store, meter) = (Arc::clone(&self.intake.store), self.meter);
        let known = spawn_blocking(move || store.known(meter)).await??;
        let Some((view, first)) = self.intake.view().zip(known.keys().next().copied()) else {
            return Ok(());
        };
        let Some(row) = view.meter(self.meter).copied() else {
            return Ok(());
        };
        self.is_registered()?;
        let length = view.table.header.interval_length().0;
        let addresses = &self.intake.addresses;
        match self.sign {
            Sign::Reading => {
                for (boundary, registers) in known.iter().filter(|(boundary, _)| **boundary <= now)
                {
                    let run = Run {
                        boundary: *boundary,
                        registers: *registers,
                        values: vec![],
                    };
                    if *boundary > row.device_from && *boundary >= row.service_from {
                        self.hand_in(&run, &view.table.header.binding, row.sequence)
                            .await?;
                    }
                    self.forget(boundary.saturating_add(1)).await?;
                }
            }
            Sign::Profile => {
                let mut start = addresses.page_start(first);
                // Each round forgets a page, or ends.
                while start.saturating_add(addresses.page_seconds()) <= now && start <= last(&known)
                {
                    let end = start.saturating_add(addresses.page_seconds());
                    let from = start
                        .max(row.service_from)
                        .max(row.device_from.saturating_add(1));
                    for run in runs(&known, length, (from, end)) {
                        // Its first boundary was the last of the page before.
                        if run.values.is_empty() && run.boundary == start {
                            continue;
                        }
                        self.hand_in(&run, &view.table.header.binding, row.sequence)
                            .await?;
                    }
                    // The next page begins with the boundary between.
                    self.forget(end).await?;
                    start = end;
                }
            }
        }
        Ok(())
    }

    /// Signs with a sequence that was never used, and keeps the message.
    async fn hand_in(&self, run: &Run, binding: &[u8; 32], heard: u64) -> Result<()> {
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
            warn!(
                meter = self.meter,
                result = one.result,
                says = one.says,
                "not taken"
            );
        }
        Ok(())
    }

    async fn forget(&self, before: i64) -> Result<()> {
        let (store, meter) = (Arc::clone(&self.intake.store), self.meter);
        spawn_blocking(move || store.forget_known(meter, before)).await??;
        Ok(())
    }
}

fn last(known: &std::collections::BTreeMap<i64, joulebook_metering::register::Registers>) -> i64 {
    known.keys().next_back().copied().unwrap_or(i64::MIN)
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

/// Chargers whose records are taken in.
#[derive(Clone)]
pub struct Chargers(Arc<Vec<Charger>>);

struct Charger {
    name: String,
    key: VerifyingKey,
    signing: Signing,
}

impl Chargers {
    /// # Errors
    /// If a key can't be used.
    pub fn open(options: &[ChargerOptions], intake: &Intake) -> Result<Chargers> {
        let mut chargers = vec![];
        for options in options {
            let named = || format!("charger {}", options.name);
            let key = public_key(&options.public_key);
            chargers.push(Charger {
                name: options.name.clone(),
                key: key
                    .context("its public key is none of P-256")
                    .with_context(named)?,
                signing: Signing {
                    meter: options.meter,
                    key: Arc::new(options.device_key.open().with_context(named)?),
                    sign: Sign::Reading,
                    intake: intake.clone(),
                },
            });
        }
        Ok(Chargers(Arc::new(chargers)))
    }

    /// Verifies a record, and notes its register for the boundary at or behind its time: between two records nothing has flowed. The
    /// charger's name, and that boundary.
    ///
    /// # Errors
    /// [`NoRecord`], and those of the store.
    pub async fn take(&self, text: &str) -> Result<(String, i64)> {
        let record = Record::parse(text)?;
        let charger = self
            .0
            .iter()
            .find(|charger| record.is_signed_by(&charger.key));
        let charger = charger.ok_or(NoRecord::NobodysKey)?;
        let value = record.value()?;
        let view = charger.signing.intake.view();
        let view = view.context("nothing is known of the chain yet; send it again in a while")?;
        let length = view.table.header.interval_length().0.max(1);
        let boundary = value
            .at
            .div_euclid(length)
            .saturating_add(i64::from(value.at.rem_euclid(length) != 0));
        let boundary = boundary.saturating_mul(length);
        charger
            .signing
            .know(Value {
                at: boundary,
                registers: value.registers,
            })
            .await?;
        debug!(charger = charger.name, boundary, "a record was taken in");
        Ok((charger.name.clone(), boundary))
    }

    /// Signs what is to be told, until it is stopped.
    pub async fn work(self, stop: CancellationToken) {
        let mut tick = interval(TICK);
        while !stop.is_cancelled() {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => return,
            }
            for charger in self.0.iter() {
                let Some(now) = charger.signing.now() else {
                    continue;
                };
                if let Err(error) = charger.signing.tell(now).await {
                    warn!(
                        charger = charger.name,
                        error = format!("{error:#}"),
                        "not told; it is tried again"
                    );
                }
            }
        }
    }
}
