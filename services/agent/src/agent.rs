//! One market's agent: what it looks at, decides and sends, turn by turn.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_client::{
    layout::{account::read_header, market::Market},
    order_packing::{order_bytes, table_addresses},
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster, LAMPORTS_PER_SIGNATURE};
use joulebook_daemon::clock::ClockWatch;
use joulebook_strategy::bidding::{Fees, MoneyUnit};
use joulebook_units::SECONDS_PER_DAY;
use metrics::gauge;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_sdk_ids::sysvar::clock;
use solana_signer::Signer;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::{
    configuration::AllLimits,
    decision::{plan, Trader, WindowPlan},
    figures,
    looks::{Looks, Timing},
    measured::{values_of, Values},
    rest::{believed, Rest},
    reviews::Reviews,
    sending::{Placed, Sending},
    store::Store,
    tables::{Keeping, Table},
    view::View,
    Configuration,
};

const LAMPORTS_PER_SOL: f64 = 1e9;
/// How long it rests between two looks at least.
const REST: Duration = Duration::from_secs(2);
/// Seconds of the chain's clock until what failed is tried again: the lookup table, and the orders of a seat that has them fail.
const AGAIN: i64 = 3_600;
/// Days of values that the store keeps.
const KEPT_DAYS: i64 = 60;

/// One market's agent.
pub struct Agent<'a> {
    pub(crate) configuration: &'a Configuration,
    cluster: &'a Cluster,
    pub(crate) key: &'a Keypair,
    pub(crate) store: &'a Store,
    addresses: Addresses,
    pub(crate) limits: AllLimits,
    /// Whom it orders for; `None` for whoever names it.
    listed: Option<BTreeSet<Address>>,
    unit: MoneyUnit,
    /// Milli-atoms of a lamport.
    lamport: f64,
    pub(crate) values: BTreeMap<Address, Values>,
    clock: ClockWatch,
    looks: Looks,
    table: Table,
    /// The table could not be kept as it should be.
    table_rests: Option<Rest>,
    pub(crate) reviews: Reviews,
    /// Seats whose orders landed and failed.
    resting: BTreeMap<u16, Rest>,
    /// How long values took to come at the most, seconds.
    pub(crate) lag: i64,
    /// No window is looked at before: those that nobody opens would be all the time.
    rests_until: Option<Instant>,
    /// Whether it was said that nobody has named this delegate.
    is_idle: bool,
}

impl<'a> Agent<'a> {
    /// # Errors
    /// If the cluster has no such market, or the store is another's.
    pub async fn new(
        configuration: &'a Configuration,
        cluster: &'a Cluster,
        key: &'a Keypair,
        store: &'a Store,
        market: Address,
    ) -> Result<Agent<'a>> {
        let addresses = cluster.market(market).await?;
        store.claim(&cluster.genesis_hash().await?.to_bytes().into())?;
        let mint = cluster.mint(addresses.quote_mint).await?;
        let decimals = mint.context("the market's token can't be read")?.decimals;
        let atoms = configuration.sol_price * 10_f64.powi(decimals.into());
        Ok(Agent {
            configuration,
            cluster,
            key,
            store,
            addresses,
            limits: configuration.limits()?,
            listed: configuration.listed()?,
            unit: configuration.unit(),
            lamport: atoms * 1_000.0 / LAMPORTS_PER_SOL,
            values: store.values()?,
            clock: ClockWatch::default(),
            looks: Looks::default(),
            table: Table::default(),
            table_rests: None,
            reviews: Reviews::default(),
            resting: BTreeMap::new(),
            lag: 0,
            rests_until: None,
            is_idle: false,
        })
    }

    /// Looks at the clock, and at the windows that are due.
    ///
    /// # Errors
    /// If cluster or store can't be asked.
    pub async fn turn(&mut self) -> Result<()> {
        let heads = [clock::ID, self.addresses.market];
        let heads = self.cluster.heads(&heads, 8 + size_of::<Market>()).await?;
        let now = ChainTime::from_bytes(heads.data(0)).context("the chain has no clock")?;
        if let Err(standing) = self.clock.see(now.unix_timestamp, Instant::now()) {
            self.cluster.await_newest().await;
            return Err(standing.into());
        }
        let market: Market = read_header(heads.data(1)).context("the market is gone")?;
        let timing = Timing {
            first: self.configuration.first_look_seconds.into(),
            last: self.configuration.last_look_seconds.into(),
        };
        let due = self.looks.due(&market, timing, now.unix_timestamp);
        if due.is_empty() || self.rests_until.is_some_and(|until| Instant::now() < until) {
            return Ok(());
        }
        self.rests_until = Some(Instant::now() + REST);
        self.look(&due, now.unix_timestamp).await
    }

    async fn look(&mut self, due: &[(i64, usize)], now: i64) -> Result<()> {
        // Before anything is read: what has landed by then is in what is read.
        let mut in_doubt = self.sending(now, &[]).in_doubt().await?;
        let mut view = self.read().await?;
        let delegate = self.key.pubkey();
        let seats = view.seats_of(&delegate);
        if seats.is_empty() {
            if !self.is_idle {
                let unlisted = view.unlisted(&delegate);
                info!(%delegate, unlisted, "no seat that is listed has named this delegate yet (set_delegate)");
            }
            self.is_idle = true;
            return Ok(());
        }
        self.is_idle = false;
        let owners: Vec<Address> = seats
            .iter()
            .map(|(_, seat)| Address::from(seat.owner.0))
            .collect();
        let measured_until = self.take_values(&view)?;
        figures::found(&view, &delegate, measured_until);
        figures::spent(self.store, view.now, seats.len())?;
        self.keep_table(&owners, view.now).await;
        let tables = self.table.all();
        let fees = self.fees(&owners, &tables);
        if self.configuration.standing_orders && self.review_all(&view, &fees, &in_doubt).await? {
            // Who has standing orders by now gets no bids, nor who may come to have some.
            in_doubt = self.sending(view.now, &[]).in_doubt().await?;
            view = self.read().await?;
        }
        self.resting.retain(|_, rest| !rest.is_over(view.now));
        let resting: BTreeSet<u16> = self.resting.keys().copied().collect();
        let mut locked: BTreeMap<u16, u64> = BTreeMap::new();
        for (start, looks) in due {
            let trader = Trader {
                delegate,
                client_id: self.configuration.client_id,
                limits: &self.limits,
                fees,
                unit: &self.unit,
                values: &self.values,
                in_doubt: &in_doubt,
                resting: &resting,
                locked: &locked,
            };
            // A keeper that is late opens it yet.
            let Some(plan) = plan(&view, *start, &trader) else {
                continue;
            };
            for (seat, lock) in &plan.locks {
                let sum = locked.entry(*seat).or_default();
                *sum = sum.saturating_add(*lock);
            }
            let placed = self.order(view.now, *start, &plan, &tables).await;
            for seat in &placed.failed {
                let rest = Rest {
                    since: view.now,
                    seconds: AGAIN,
                };
                self.resting.insert(*seat, rest);
            }
            // Who has not what was ordered is looked at again.
            match placed.others > 0 || plan.is_in_doubt() {
                true => self.looks.failed(*start, *looks, view.now),
                false => self.looks.looked(*start, *looks),
            }
        }
        let balance = self.cluster.balance(delegate).await?;
        gauge!("joulebook_agent_balance_lamports").set(balance as f64);
        if balance < self.configuration.low_balance {
            let low = self.configuration.low_balance;
            warn!(payer = %delegate, lamports = balance, low, "the wallet is nearly empty; send it lamports");
        }
        Ok(())
    }

    /// Sends what was planned for a window, and says so.
    async fn order(
        &self,
        now: i64,
        start: i64,
        plan: &WindowPlan,
        tables: &[AddressLookupTableAccount],
    ) -> Placed {
        figures::planned(plan);
        for sentence in &plan.sentences {
            info!(window = start, household = %sentence.owner, "{}", sentence.text);
        }
        let placed = self.sending(now, tables).place(start, &plan.seats).await;
        if placed.seats > 0 {
            figures::expected(plan.gain);
            let expected = plan.gain / 1_000.0;
            info!(
                window = start,
                seats = placed.seats,
                expected_atoms = expected as i64,
                "ordered"
            );
        }
        debug!(window = start, left = ?plan.left, "looked at");
        placed
    }

    async fn read(&self) -> Result<View> {
        let read = self.cluster.market_accounts(&self.addresses).await?;
        let now = read.now.unix_timestamp;
        let mut view = View::decode(&self.addresses, now, &read.data())?;
        view.listed = self.listed.clone();
        let seats: Vec<(u16, Address)> = view
            .seats_of(&self.key.pubkey())
            .into_iter()
            .map(|(index, seat)| (index, Address::from(seat.owner.0)))
            .collect();
        let members: Vec<Address> = seats
            .iter()
            .map(|(_, owner)| self.addresses.participant(owner))
            .collect();
        let snapshot = self.cluster.accounts(&members).await?;
        for (place, (seat, _)) in seats.iter().enumerate() {
            if let Err(error) = view.note_member(*seat, snapshot.data(place)) {
                warn!(%error, "nothing is ordered for it");
            }
        }
        Ok(view)
    }

    /// Keeps what the ring tells and the store does not know yet; where the latest value ends. What an endpoint tells of times that
    /// are yet to come is not kept for good, nor is anything forgotten by them.
    fn take_values(&mut self, view: &View) -> Result<i64> {
        let length = view.state.market.window_length();
        let until = believed(view.now);
        let mut new = BTreeMap::new();
        let mut latest = i64::MIN;
        for (index, seat) in view.seats_of(&self.key.pubkey()) {
            let owner = Address::from(seat.owner.0);
            let values = self.values.entry(owner).or_default();
            let mut changed = values.take(values_of(&view.state, index, view.now));
            values.forget(until);
            if let Some(end) = values.end(length, view.now) {
                latest = latest.max(end);
            }
            changed.retain(|(start, _)| *start < until);
            if !changed.is_empty() {
                new.insert(owner, changed);
            }
        }
        if !new.is_empty() {
            let oldest = until.saturating_sub(KEPT_DAYS * SECONDS_PER_DAY);
            self.store.keep_values(&new, oldest)?;
        }
        if latest > i64::MIN {
            let lag = view.now.saturating_sub(latest);
            self.lag = self.lag.max(lag).min(SECONDS_PER_DAY * 3);
        }
        Ok(latest)
    }

    async fn keep_table(&mut self, owners: &[Address], now: i64) {
        let rests = self.table_rests.is_some_and(|rest| !rest.is_over(now));
        if !self.configuration.lookup_table || rests {
            return;
        }
        let wanted = table_addresses(&self.addresses, owners);
        let keeping = Keeping {
            cluster: self.cluster,
            key: self.key,
            store: self.store,
            now,
        };
        if let Err(error) = self.table.keep(keeping, &wanted).await {
            let error = format!("{error:#}");
            warn!(
                error,
                "the lookup table is not as it should be; in an hour it is tried again"
            );
            self.table_rests = Some(Rest {
                since: now,
                seconds: AGAIN,
            });
        }
    }

    fn fees(&self, owners: &[Address], tables: &[AddressLookupTableAccount]) -> Fees {
        let first = owners.first().copied().unwrap_or_default();
        let second = owners.get(1).copied().unwrap_or_default();
        let bytes = order_bytes(
            &self.addresses,
            &self.key.pubkey(),
            [&first, &second],
            tables,
        );
        let of = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let priority = self.configuration.cluster.max_priority_fee as f64;
        Fees {
            transaction: (LAMPORTS_PER_SIGNATURE as f64 + priority) * self.lamport,
            room: of(bytes.room),
            household: of(bytes.seat),
            order: of(bytes.order),
            cancel: of(bytes.cancel),
            cancelled: of(bytes.cancelled),
        }
    }

    pub(crate) fn sending<'b>(
        &'b self,
        now: i64,
        tables: &'b [AddressLookupTableAccount],
    ) -> Sending<'b> {
        Sending {
            cluster: self.cluster,
            key: self.key,
            store: self.store,
            addresses: &self.addresses,
            tables,
            now,
        }
    }
}
