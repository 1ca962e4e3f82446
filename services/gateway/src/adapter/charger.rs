//! Chargers whose records are taken in, and signed for.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use joulebook_client::layout::oracle::Meter;
use joulebook_metering::register::Registers;
use p256::ecdsa::VerifyingKey;
use tokio::{
    sync::Mutex,
    task::{JoinError, JoinSet},
    time::interval,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    boundaries::{runs, Run},
    charging::{at_boundaries, behind},
    ocmf::{public_key, NoRecord, Record, Said},
    open_pages::OpenPages,
    signing::Signing,
    ChargerOptions,
};
use crate::{intake::Intake, store::Store};

/// How often it is looked what is to be told.
const TICK: Duration = Duration::from_secs(1);
/// Readings of one charger that are kept at most: one a minute, for a week.
const MOST: usize = 10_080;

/// Chargers whose records are taken in.
#[derive(Clone)]
pub struct Chargers(Arc<Vec<Arc<Charger>>>);

struct Charger {
    name: String,
    key: VerifyingKey,
    /// Of its meter, where the station has several.
    serial: Option<String>,
    signing: Signing,
    /// Held by whoever compares a record with what is known, until that is noted.
    taking: Arc<Mutex<()>>,
}

/// What was taken in of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenRecord {
    pub charger: String,
    pub readings: usize,
    /// Of the last one, unix seconds.
    pub until: i64,
}

impl Chargers {
    /// # Errors
    /// If a key can't be used.
    pub fn open(options: &[ChargerOptions], intake: &Intake) -> Result<Chargers> {
        let mut chargers = vec![];
        for options in options {
            let named = || format!("charger {}", options.name);
            let key = public_key(&options.public_key);
            chargers.push(Arc::new(Charger {
                name: options.name.clone(),
                key: key
                    .context("its public key is none of P-256")
                    .with_context(named)?,
                serial: options.meter_serial.clone(),
                signing: Signing {
                    meter: options.meter,
                    key: Arc::new(options.device_key.open().with_context(named)?),
                    intake: intake.clone(),
                },
                taking: Arc::default(),
            }));
        }
        Ok(Chargers(Arc::new(chargers)))
    }

    /// Verifies a record, and notes its registers: on the disk before this returns.
    ///
    /// # Errors
    /// [`NoRecord`], and those of the store.
    pub async fn take(&self, text: &str) -> Result<TakenRecord> {
        let (charger, said) = self.read(text)?;
        charger.take(&said).await
    }

    /// Whose it is, and what it says.
    fn read(&self, text: &str) -> Result<(&Charger, Said), NoRecord> {
        let record = Record::parse(text)?;
        let is_signer = |charger: &&Charger| record.is_signed_by(&charger.key);
        let all = self.0.iter().map(Arc::as_ref);
        let signers: Vec<&Charger> = all.filter(is_signer).collect();
        if signers.is_empty() {
            return Err(NoRecord::NobodysKey);
        }
        let said = record.read()?;
        match signers.into_iter().find(|charger| charger.is_of(&said)) {
            Some(charger) => Ok((charger, said)),
            None => Err(NoRecord::OtherMeter(said.serial.unwrap_or_default())),
        }
    }

    /// Signs what is to be told, until it is stopped. One whose token does not answer holds up none of the others.
    pub async fn work(self, stop: CancellationToken) {
        let mut all = JoinSet::new();
        for charger in self.0.iter() {
            all.spawn(Arc::clone(charger).work(stop.clone()));
        }
        while let Some(ended) = all.join_next().await {
            if let Err(Ok(broken)) = ended.map_err(JoinError::try_into_panic) {
                // For whoever waits for this one.
                std::panic::resume_unwind(broken);
            }
        }
    }
}

impl Charger {
    async fn work(self: Arc<Self>, stop: CancellationToken) {
        let mut tick = interval(TICK);
        while !stop.is_cancelled() {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.tell().await {
                warn!(
                    charger = self.name,
                    error = format!("{error:#}"),
                    "not told; it is tried again"
                );
            }
        }
    }

    fn is_of(&self, said: &Said) -> bool {
        self.serial.is_none() || self.serial == said.serial
    }

    async fn take(&self, said: &Said) -> Result<TakenRecord> {
        let view = self.signing.intake.view();
        let view = view.context("nothing is known of the chain yet; send it again in a while")?;
        let values: Vec<(i64, Registers)> = said
            .values
            .iter()
            .map(|value| (value.at, value.registers))
            .collect();
        let last = values.last().map_or(0, |(at, _)| *at);
        let now = self.signing.now();
        let now = now.context("the chain's clock is not known yet; send it again in a while")?;
        if last > now.saturating_add(self.signing.intake.ahead) {
            return Err(NoRecord::Future.into());
        }
        // Until it is noted: two records that contradict each other may come at once.
        let taking = Arc::clone(&self.taking).lock_owned().await;
        let mut known = self.signing.known().await?;
        // What the device before it showed is another register.
        let device_from = view
            .meter(self.signing.meter)
            .map_or(i64::MIN, |row| row.device_from);
        known.retain(|at, _| *at >= device_from);
        check(&values, &known)?;
        anyhow::ensure!(
            known.len().saturating_add(values.len()) <= MOST,
            "{MOST} readings of this charger wait already; send it again when the oracle has these"
        );
        let taken = TakenRecord {
            charger: self.name.clone(),
            readings: values.len(),
            until: last,
        };
        let know = move |store: &Store, meter| {
            let _taking = taking;
            store.know(meter, &values)
        };
        self.signing.stored(know).await?;
        debug!(
            charger = self.name,
            serial = said.serial,
            readings = taken.readings,
            "a record was taken in"
        );
        Ok(taken)
    }

    /// Signs and hands in what has become known of pages that are over.
    async fn tell(&self) -> Result<()> {
        let Some((view, now)) = self.signing.intake.view().zip(self.signing.now()) else {
            return Ok(());
        };
        let Some(row) = view.meter(self.signing.meter) else {
            return Ok(());
        };
        let all = self.signing.known().await?;
        if all.is_empty() {
            return Ok(());
        }
        self.signing.is_registered()?;
        let addresses = &self.signing.intake.addresses;
        let page = OpenPages::new(addresses, &view, now);
        let mut readings = all.clone();
        readings.retain(|at, _| *at <= now && *at >= row.device_from);
        let mut told = self
            .signing
            .stored(|store, meter| store.told(meter))
            .await?;
        let mut known = at_boundaries(&readings, page.interval, (page.first, now));
        // What was signed for a boundary is never said otherwise.
        known.extend(told.iter().map(|(at, registers)| (*at, *registers)));
        known.extend(self.last_chance(&readings, &known, &page, row, now));
        let mut start = page.first;
        while start.saturating_add(page.length) <= now {
            let end = start.saturating_add(page.length);
            let from = start
                .max(row.service_from)
                .max(row.device_from.saturating_add(1));
            // A page before its service has nothing of it.
            let of_page = match from < end {
                true => runs(&known, page.interval, (from, end)),
                false => vec![],
            };
            for run in of_page {
                let fresh = fresh(&run, &known, &told, page.interval);
                if fresh.is_empty() {
                    continue;
                }
                let binding = &view.table.header.binding;
                self.signing.hand_in(&run, binding, row.sequence).await?;
                told.extend(fresh.iter().copied());
                self.signing
                    .stored(move |store, meter| store.note_told(meter, &fresh))
                    .await?;
            }
            start = end;
        }
        let first = page.first.max(row.device_from);
        let is_told_old = told.range(..first).next().is_some();
        self.forget(&all, first, is_told_old).await
    }

    /// The last register at the boundary behind it, if its page takes nothing more before long and no record has said more. Nobody
    /// has told of a charging process since; if there was one, its energy is the next boundary's.
    fn last_chance(
        &self,
        readings: &BTreeMap<i64, Registers>,
        known: &BTreeMap<i64, Registers>,
        page: &OpenPages,
        row: &Meter,
        now: i64,
    ) -> Option<(i64, Registers)> {
        let (at, registers) = readings.last_key_value()?;
        let boundary = behind(*at, page.interval);
        let is_served = boundary >= row.service_from && boundary >= page.first;
        let is_due = boundary <= now && page.closes_soon(boundary, now);
        if !is_served || !is_due || known.contains_key(&boundary) {
            return None;
        }
        info!(
            charger = self.name,
            boundary, "no record says more: its last register is signed for this boundary"
        );
        Some((boundary, *registers))
    }

    /// Forgets readings and what was signed of pages that take nothing more, but for the last reading before those that do: it says
    /// what they begin with.
    async fn forget(
        &self,
        readings: &BTreeMap<i64, Registers>,
        first: i64,
        is_told_old: bool,
    ) -> Result<()> {
        let mut old: Vec<(i64, Registers)> = readings
            .range(..first)
            .map(|(at, registers)| (*at, *registers))
            .collect();
        old.pop();
        self.signing.forget(old).await?;
        match is_told_old {
            true => {
                let forget = move |store: &Store, meter| store.forget_told(meter, first);
                self.signing.stored(forget).await
            }
            false => Ok(()),
        }
    }
}

/// Whether readings agree with those that are known: a register grows with time.
fn check(values: &[(i64, Registers)], known: &BTreeMap<i64, Registers>) -> Result<(), NoRecord> {
    for (at, value) in values {
        let before = known.range(..=at).next_back();
        let after = known.range(at..).next();
        let is_below = before.is_some_and(|(_, before)| before.import > value.import);
        let is_above = after.is_some_and(|(_, after)| after.import < value.import);
        if is_below || is_above {
            return Err(NoRecord::Contradicts);
        }
    }
    Ok(())
}

/// Boundaries of a run that nothing was signed for, with their registers.
fn fresh(
    run: &Run,
    known: &BTreeMap<i64, Registers>,
    told: &BTreeMap<i64, Registers>,
    interval: i64,
) -> Vec<(i64, Registers)> {
    let intervals = i64::try_from(run.values.len()).unwrap_or(i64::MAX);
    let first = run
        .boundary
        .saturating_sub(interval.saturating_mul(intervals));
    let of_run = known.range(first..=run.boundary);
    of_run
        .filter(|(boundary, _)| !told.contains_key(boundary))
        .map(|(boundary, registers)| (*boundary, *registers))
        .collect()
}
