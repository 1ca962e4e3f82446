//! An adapter of a meter that is heard on a line: reads it, knows registers at boundaries, signs, and hands in.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use joulebook_client::layout::oracle::Meter;
use joulebook_daemon::observe::Health;
use joulebook_metering::register::Registers;
use tokio::{
    io::AsyncReadExt,
    time::{interval, sleep, timeout, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    boundaries::{runs, Boundaries, Run, Value},
    open_pages::OpenPages,
    signing::Signing,
    AdapterOptions, LineOptions, Reader, Sign, SmlReader, Speaks, TelegramReader,
};
use crate::{figures, intake::Intake, view::View};

/// How long a line may be silent before it is opened anew.
const SILENCE: Duration = Duration::from_secs(60);
/// Between two attempts to open it.
const PAUSE: Duration = Duration::from_secs(5);
/// How often time passes.
const TICK: Duration = Duration::from_secs(1);
const WORD_HOLDS: Duration = Duration::from_secs(120);
/// Boundaries that are remembered while they can't be kept: a month of quarter hours.
const MOST_UNKEPT: usize = 2_976;

/// An adapter of one meter.
pub struct Adapter {
    name: String,
    from: LineOptions,
    speaks: Speaks,
    tolerance: i64,
    sign: Sign,
    signing: Signing,
    health: Health,
    stop: CancellationToken,
}

/// What was heard of a meter, and is not on the disk.
struct Heard {
    boundaries: Boundaries,
    /// Registers at boundaries that could not be kept yet.
    unkept: Vec<(i64, Registers)>,
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
            sign: options.sign,
            signing: Signing {
                meter: options.meter,
                key: Arc::new(key),
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
        let mut heard = Heard {
            boundaries: Boundaries::new(length, self.tolerance),
            unkept: vec![],
        };
        while !self.stop.is_cancelled() {
            let listened = tokio::select! {
                listened = self.listen(&mut heard, &part) => listened,
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
            let _ = self.pass(&mut heard).await;
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
                Some(seen.as_ref()?.view.table.header.interval_length().0)
            }
            () = self.stop.cancelled() => None,
        }
    }

    async fn listen(&self, heard: &mut Heard, part: &str) -> Result<()> {
        let mut line = self.from.open().await.context("opening the line")?;
        debug!(adapter = self.name, "listening");
        let mut reader: Box<dyn Reader + Send> = match self.speaks {
            Speaks::P1 => Box::<TelegramReader>::default(),
            Speaks::Sml => Box::<SmlReader>::default(),
        };
        let mut bytes = [0; 1_024];
        let mut tick = interval(TICK);
        let mut last = Instant::now();
        loop {
            let read = tokio::select! {
                read = timeout(SILENCE, line.read(&mut bytes)) => read.ok(),
                _ = tick.tick() => {
                    self.pass(heard).await?;
                    if last.elapsed() > SILENCE {
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
            last = Instant::now();
            for byte in bytes.iter().take(read) {
                match reader.push(*byte) {
                    None => {}
                    Some(Ok(registers)) => {
                        figures::telegram(&self.name, "read");
                        self.health.works(part, WORD_HOLDS);
                        let Some(at) = self.signing.now() else {
                            continue;
                        };
                        let decided = heard.boundaries.take(Value { at, registers });
                        self.know(heard, decided).await?;
                    }
                    Some(Err(error)) => {
                        figures::telegram(&self.name, "unreadable");
                        debug!(adapter = self.name, %error, "a telegram was not used");
                    }
                }
            }
        }
    }

    async fn pass(&self, heard: &mut Heard) -> Result<()> {
        let Some(now) = self.signing.now() else {
            return Ok(());
        };
        if let Some(age) = heard.boundaries.age(now) {
            figures::value_age(&self.name, age);
        }
        let decided = heard.boundaries.pass(now);
        self.know(heard, decided).await?;
        let known = self.forget_closed().await?;
        let part = format!("key of adapter {}", self.name);
        if let Err(error) = self.signing.is_registered() {
            // What is known is kept until it is.
            self.health.fails(&part, error.to_string());
            return Ok(());
        }
        self.health.works(&part, WORD_HOLDS);
        self.tell(&known, now).await
    }

    /// What is known; of pages that take nothing more, nothing is. By the clock that the chain has shown: while it stands still, so do
    /// they.
    async fn forget_closed(&self) -> Result<BTreeMap<i64, Registers>> {
        let mut known = self.signing.known().await?;
        let Some(view) = self.signing.intake.view().filter(|_| !known.is_empty()) else {
            return Ok(known);
        };
        let first = OpenPages::new(&self.signing.intake.addresses, &view, view.now.0).first;
        let open = known.split_off(&first);
        if !known.is_empty() {
            let boundaries = known.len();
            warn!(
                adapter = self.name,
                boundaries, "not signed in time; a verifier can fill the gap"
            );
            self.signing.forget(known.into_iter().collect()).await?;
        }
        Ok(open)
    }

    /// Keeps what has become known; what can't be kept now, the disk being full, is kept with the next.
    async fn know(&self, heard: &mut Heard, values: impl IntoIterator<Item = Value>) -> Result<()> {
        let values = values.into_iter().map(|value| (value.at, value.registers));
        heard.unkept.extend(values);
        if heard.unkept.is_empty() {
            return Ok(());
        }
        let too_many = heard.unkept.len().saturating_sub(MOST_UNKEPT);
        heard.unkept.drain(..too_many);
        self.signing.know(heard.unkept.clone()).await?;
        heard.unkept.clear();
        Ok(())
    }

    /// Signs and hands in what is to be told by now.
    async fn tell(&self, known: &BTreeMap<i64, Registers>, now: i64) -> Result<()> {
        let Some(view) = self.signing.intake.view().filter(|_| !known.is_empty()) else {
            return Ok(());
        };
        let Some(row) = view.meter(self.signing.meter) else {
            return Ok(());
        };
        match self.sign {
            Sign::Reading => self.tell_readings(known, now, &view, row).await,
            Sign::Profile => self.tell_profiles(known, now, &view, row).await,
        }
    }

    async fn tell_readings(
        &self,
        known: &BTreeMap<i64, Registers>,
        now: i64,
        view: &View,
        row: &Meter,
    ) -> Result<()> {
        for (boundary, registers) in known.range(..=now) {
            let run = Run {
                boundary: *boundary,
                registers: *registers,
                values: vec![],
            };
            // What is of before its service counts for nothing, whoever tells it.
            if *boundary > row.device_from && *boundary >= row.service_from {
                let binding = &view.table.header.binding;
                self.signing.hand_in(&run, binding, row.sequence).await?;
            }
            self.signing.forget(vec![(*boundary, *registers)]).await?;
        }
        Ok(())
    }

    async fn tell_profiles(
        &self,
        known: &BTreeMap<i64, Registers>,
        now: i64,
        view: &View,
        row: &Meter,
    ) -> Result<()> {
        let addresses = &self.signing.intake.addresses;
        let length = view.table.header.interval_length().0;
        let (Some((first, _)), Some((last, _))) = (known.first_key_value(), known.last_key_value())
        else {
            return Ok(());
        };
        let mut start = addresses.page_start(*first);
        // Each round forgets a page, or ends.
        while start.saturating_add(addresses.page_seconds()) <= now && start <= *last {
            let end = start.saturating_add(addresses.page_seconds());
            let from = start
                .max(row.service_from)
                .max(row.device_from.saturating_add(1));
            for run in runs(known, length, (from, end)) {
                // Its first boundary was the last of the page before.
                if run.values.is_empty() && run.boundary == start {
                    continue;
                }
                let binding = &view.table.header.binding;
                self.signing.hand_in(&run, binding, row.sequence).await?;
            }
            // The next page begins with the boundary between.
            let told = known.range(..end).map(|(at, value)| (*at, *value));
            self.signing.forget(told.collect()).await?;
            start = end;
        }
        Ok(())
    }
}
