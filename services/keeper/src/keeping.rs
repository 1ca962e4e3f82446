//! The loop of one market: look, decide, wait for one's turn, look again, send.

use std::time::Duration;

use anyhow::Result;
use joulebook_client::{
    layout::registry::Participant,
    steps::{retries, MarketState, Step, StepBatch},
};
use joulebook_cluster::{ChainTime, Cluster, Outgoing, SendError};
use joulebook_daemon::observe::Health;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::time::{sleep, Instant};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    decision::{decide, Decision, Keeper},
    figures::Figures,
    trouble::Troubles,
    turn,
    watch::{Look, Watch},
};

/// How long a market may say nothing before the keeper counts as broken.
const SILENCE: Duration = Duration::from_secs(120);
/// Pause behind a market that could not be looked at.
const AFTER_FAULT: Duration = Duration::from_secs(2);

/// Keeps one market.
pub struct Keeping<'a> {
    pub cluster: &'a Cluster,
    pub key: &'a Keypair,
    pub market: Address,
    pub poll: Duration,
    pub stagger: Duration,
    pub earns_reward: bool,
    pub health: Health,
    pub stop: CancellationToken,
}

impl Keeping<'_> {
    /// Until it is stopped. Whatever goes wrong is said, and tried again.
    pub async fn keep(&self) {
        let mut figures = Figures::of(self.market.to_string());
        while !self.stop.is_cancelled() {
            if let Err(error) = self.keep_watch(&mut figures).await {
                self.complain(&error);
                self.rest(AFTER_FAULT).await;
            }
        }
        let (lamports, each) = figures.cost();
        let each = each.map_or_else(|| "none allocated".to_owned(), |each| each.to_string());
        info!(market = %self.market, lamports, per_window = each, "stopped");
    }

    async fn keep_watch(&self, figures: &mut Figures) -> Result<()> {
        let mut watch = Watch::new(self.cluster, self.market).await?;
        let keeper = Keeper {
            payer: self.key.pubkey(),
            reward_seat: self.reward_seat(&watch).await?,
        };
        info!(market = %self.market, payer = %keeper.payer, reward_seat = ?keeper.reward_seat, "keeping");
        let mut troubles = Troubles::default();
        while !self.stop.is_cancelled() {
            match self.round(&mut watch, keeper, &mut troubles, figures).await {
                Ok(true) => {}
                Ok(false) => self.rest(self.poll).await,
                Err(error) => {
                    self.complain(&error);
                    watch.forget();
                    self.rest(AFTER_FAULT).await;
                }
            }
        }
        Ok(())
    }

    /// Looks once, and does what is due; whether there may be more.
    async fn round(
        &self,
        watch: &mut Watch<'_>,
        keeper: Keeper,
        troubles: &mut Troubles,
        figures: &mut Figures,
    ) -> Result<bool> {
        let Some((state, now)) = self.look(watch, figures).await? else {
            return Ok(false);
        };
        let (state, decision) = match self.decide(watch, &state, now, keeper, troubles) {
            Decision { batches, .. } if batches.is_empty() => {
                figures.found(
                    &state,
                    now.unix_timestamp,
                    troubles.count(),
                    keeper.reward_seat,
                );
                return Ok(false);
            }
            decision if self.stagger.is_zero() => (state, decision),
            _ => {
                let length = i64::from(watch.addresses.window_seconds).max(1);
                let window = now.unix_timestamp.div_euclid(length);
                self.rest(turn::pause(&keeper.payer, window, self.stagger))
                    .await;
                // Somebody may have been faster.
                watch.forget();
                let Some((state, now)) = self.look(watch, figures).await? else {
                    return Ok(false);
                };
                let decision = self.decide(watch, &state, now, keeper, troubles);
                (state, decision)
            }
        };
        let now = decision.next_due;
        for batch in &decision.batches {
            if self.stop.is_cancelled() {
                break;
            }
            self.take(watch, &state, keeper, batch, troubles, figures)
                .await;
        }
        debug!(market = %self.market, next = now, "done");
        watch.forget();
        Ok(!decision.batches.is_empty())
    }

    async fn look(
        &self,
        watch: &mut Watch<'_>,
        figures: &Figures,
    ) -> Result<Option<(Box<MarketState>, ChainTime)>> {
        let look = watch.look().await?;
        self.health.works(&self.part(), SILENCE);
        let whole = matches!(look, Look::State(..));
        figures.looked(whole);
        Ok(match look {
            Look::Rests => None,
            Look::State(state, now) => Some((state, now)),
        })
    }

    fn decide(
        &self,
        watch: &mut Watch<'_>,
        state: &MarketState,
        now: ChainTime,
        keeper: Keeper,
        troubles: &Troubles,
    ) -> Decision {
        let instant = Instant::now();
        let rests = |step: &Step| troubles.rests(step, instant);
        let decision = decide(state, &watch.addresses, keeper, now.unix_timestamp, rests);
        watch.due = decision.next_due;
        decision
    }

    /// Sends a batch; if it fails, what can be tried in its place.
    async fn take(
        &self,
        watch: &Watch<'_>,
        state: &MarketState,
        keeper: Keeper,
        batch: &StepBatch,
        troubles: &mut Troubles,
        figures: &mut Figures,
    ) {
        let mut left = vec![batch.clone()];
        while let Some(batch) = left.pop() {
            let outgoing = Outgoing {
                instructions: &batch.instructions,
                payer: self.key,
                signers: &[],
            };
            let error = match self.cluster.send(outgoing).await {
                Ok(landed) => {
                    figures.sent("landed", landed.fee);
                    figures.took(&batch.steps);
                    batch.steps.iter().for_each(|step| troubles.taken(step));
                    info!(market = %self.market, steps = ?batch.steps, fee = landed.fee,
                        signature = %landed.signature, "landed");
                    continue;
                }
                Err(error) => error,
            };
            let fee = match error {
                SendError::Failed { .. } => 5_000,
                _ => 0,
            };
            figures.sent(outcome(&error), fee);
            if error.error().is_none() {
                // Nobody refused it: the next look tells whether it is still due.
                warn!(market = %self.market, steps = ?batch.steps, %error, "not confirmed");
                return;
            }
            let too_much = error.computed_too_much();
            let payer = keeper.payer;
            let instead = retries(
                &batch,
                state,
                &watch.addresses,
                &payer,
                keeper.reward_seat,
                too_much,
            );
            if let ([step], true) = (&batch.steps[..], instead.is_empty()) {
                let rest = troubles.failed(*step, Instant::now());
                warn!(market = %self.market, ?step, %error, rests = ?rest, "failed");
            }
            left.extend(instead.into_iter().rev());
        }
    }

    /// The open seat of the keeper's own wallet.
    async fn reward_seat(&self, watch: &Watch<'_>) -> Result<Option<u16>> {
        if !self.earns_reward {
            return Ok(None);
        }
        let wallet = self.key.pubkey();
        let account = self
            .cluster
            .account(watch.addresses.participant(&wallet))
            .await?;
        let record = account.and_then(|account| Participant::from_bytes(&account.data));
        let Some(record) = record else {
            return Ok(None);
        };
        let ledger = self.cluster.account(watch.addresses.ledger).await?;
        let ledger = ledger.and_then(|account| {
            joulebook_client::tables::LedgerTable::from_bytes(&account.data).ok()
        });
        let seats = ledger.map(|ledger| ledger.seats).unwrap_or_default();
        let seat = seats.get(usize::from(record.index));
        let is_own = seat.is_some_and(|seat| seat.owner.0 == wallet.to_bytes());
        Ok(is_own.then_some(record.index))
    }

    fn complain(&self, error: &anyhow::Error) {
        warn!(market = %self.market, error = format!("{error:#}"), "could not look");
        self.health.fails(&self.part(), format!("{error:#}"));
    }

    fn part(&self) -> String {
        format!("market {}", self.market)
    }

    async fn rest(&self, length: Duration) {
        tokio::select! {
            () = sleep(length) => {}
            () = self.stop.cancelled() => {}
        }
    }
}

fn outcome(error: &SendError) -> &'static str {
    match error {
        SendError::Refused { .. } => "refused",
        SendError::Failed { .. } => "failed",
        SendError::Expired { .. } => "expired",
        SendError::Unknown { .. } => "unknown",
        _ => "unsent",
    }
}
