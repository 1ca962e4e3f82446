//! An agent, from its configuration to its stop.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{ensure, Context, Result};
use joulebook_client::{
    layout::{
        account::read_header,
        market::{Market, Seat},
        oracle::MeterTable,
    },
    order_packing::{order_bytes, table_addresses},
    steps::MarketState,
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster, SendError};
use joulebook_daemon::{observe, observe::Health, stop};
use joulebook_strategy::bidding::{Fees, MoneyUnit};
use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY};
use metrics::gauge;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_sdk_ids::sysvar::clock;
use solana_signer::Signer;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::{
    configuration::AllLimits,
    decision::{own_orders, plan, Trader},
    figures,
    looks::{Looks, Timing},
    measured::{values_of, Values},
    review::{review, Grounds, Review},
    sending::Sending,
    store::Store,
    tables::Table,
    view::View,
    Configuration,
};

/// Of a transaction, lamports.
const LAMPORTS: f64 = 5_000.0;
const LAMPORTS_PER_SOL: f64 = 1e9;
/// How long everything is said to work if nothing is heard.
const WORD_HOLDS: Duration = Duration::from_secs(120);
/// How long it rests between two looks at least.
const REST: Duration = Duration::from_secs(2);
/// Seconds of the chain's clock between reviews of a household, and after one that failed.
const REVIEW: i64 = 7 * SECONDS_PER_DAY;
const AGAIN: i64 = 3_600;
/// Where a mint's account has the number of its decimals.
const MINT_DECIMALS: usize = 44;

/// Runs until it is asked to stop.
///
/// # Errors
/// If the configuration can't be used, the store is another's, or an address can't be listened on. What goes wrong later is ridden
/// out.
pub async fn run(configuration: Configuration) -> Result<()> {
    configuration.check()?;
    let market = configuration.market()?;
    let key = configuration.key.read()?;
    let store = Store::open(&configuration.store, &market)?;
    let cluster = Cluster::new(configuration.cluster.clone())?;
    let stop = stop::on_signal()?;
    let health = Health::default();
    figures::describe();
    let mut tasks = tokio::task::JoinSet::new();
    if let Some(at) = configuration.observe {
        let metrics = observe::record_metrics().context("metrics can't be recorded")?;
        let (health, stop) = (health.clone(), stop.clone());
        let listener = observe::listen(at.listen)
            .await
            .with_context(|| format!("observe.listen: {} can't be listened on", at.listen))?;
        tasks.spawn(async move {
            if let Err(error) = observe::serve(listener, metrics, health, stop).await {
                warn!(%error, "metrics and health are not answered any more");
            }
        });
    }
    info!(endpoints = ?cluster.names(), %market, delegate = %key.pubkey(), "starting");
    let mut agent: Option<Agent> = None;
    stop::ready();
    while !stop.is_cancelled() {
        let turned = match &mut agent {
            Some(agent) => agent.turn().await,
            None => match Agent::new(&configuration, &cluster, &key, &store, market).await {
                Ok(new) => agent.insert(new).turn().await,
                Err(error) => Err(error),
            },
        };
        match turned {
            Ok(()) => health.works("market", WORD_HOLDS),
            Err(error) => {
                let error = format!("{error:#}");
                warn!(error, "this look came to nothing; the next one tries again");
                health.fails("market", error);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(configuration.poll()) => {}
            () = stop.cancelled() => {}
        }
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// One market's agent.
struct Agent<'a> {
    configuration: &'a Configuration,
    cluster: &'a Cluster,
    key: &'a Keypair,
    store: &'a Store,
    addresses: Addresses,
    limits: AllLimits,
    unit: MoneyUnit,
    /// Milli-atoms of a lamport.
    lamport: f64,
    values: BTreeMap<Address, Values>,
    looks: Looks,
    table: Table,
    /// When the table is looked after again, unix seconds.
    table_rests: i64,
    /// When a household is reviewed next, unix seconds.
    reviews: BTreeMap<Address, i64>,
    /// How long values took to come at the most, seconds.
    lag: i64,
    /// No window is looked at before: those that nobody opens would be all the time.
    rests_until: Option<Instant>,
    /// Whether it was said that nobody has named this delegate.
    is_idle: bool,
}

impl<'a> Agent<'a> {
    async fn new(
        configuration: &'a Configuration,
        cluster: &'a Cluster,
        key: &'a Keypair,
        store: &'a Store,
        market: Address,
    ) -> Result<Agent<'a>> {
        let account = cluster.account(market).await?.with_context(|| {
            format!("{market}: there is no such account; check address and cluster")
        })?;
        let parameters: Market = read_header(&account.data).with_context(|| {
            format!("{market} is no market of this version; check address and programs")
        })?;
        let addresses = Addresses::of_market(&parameters);
        let read = [addresses.meter_table, addresses.quote_mint];
        let snapshot = cluster.accounts(&read).await?;
        let table: MeterTable = read_header(snapshot.data(0))
            .with_context(|| format!("{market} has no meter table"))?;
        let found = cluster.genesis_hash().await?.to_bytes();
        ensure!(
            found == table.cluster,
            "{market} was made for the cluster with the genesis hash {}, and this is {}; check the RPC addresses",
            Address::from(table.cluster),
            Address::from(found)
        );
        let decimals = snapshot.data(1).get(MINT_DECIMALS).copied();
        let decimals = decimals.context("the market's token can't be read")?;
        let atoms = configuration.sol_price * 10_f64.powi(decimals.into());
        Ok(Agent {
            configuration,
            cluster,
            key,
            store,
            addresses,
            limits: configuration.limits()?,
            unit: configuration.unit(),
            lamport: atoms * 1_000.0 / LAMPORTS_PER_SOL,
            values: store.values()?,
            looks: Looks::default(),
            table: Table::default(),
            table_rests: i64::MIN,
            reviews: BTreeMap::new(),
            lag: 0,
            rests_until: None,
            is_idle: false,
        })
    }

    /// Looks at the clock, and at the windows that are due.
    async fn turn(&mut self) -> Result<()> {
        let heads = [clock::ID, self.addresses.market];
        let heads = self.cluster.heads(&heads, 8 + size_of::<Market>()).await?;
        let now = ChainTime::from_bytes(heads.data(0)).context("the chain has no clock")?;
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
        self.look(&due).await
    }

    async fn look(&mut self, due: &[(i64, usize)]) -> Result<()> {
        // Before anything is read: what has landed by then is in what is read.
        let in_doubt = self.sending(0, &[]).in_doubt().await?;
        let view = self.read().await?;
        let delegate = self.key.pubkey();
        let seats = view.seats_of(&delegate);
        if seats.is_empty() {
            if !self.is_idle {
                info!(%delegate, "no seat has named this delegate yet (set_delegate)");
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
        let is_changed =
            self.configuration.standing_orders && self.review_all(&view, &fees).await?;
        // Who has standing orders by now gets no bids.
        let view = match is_changed {
            true => self.read().await?,
            false => view,
        };
        for (start, looks) in due {
            let trader = Trader {
                delegate,
                client_id: self.configuration.client_id,
                limits: &self.limits,
                fees,
                unit: &self.unit,
                values: &self.values,
                in_doubt: &in_doubt,
            };
            // A keeper that is late opens it yet.
            let Some(plan) = plan(&view, *start, &trader) else {
                continue;
            };
            figures::planned(&plan);
            for sentence in &plan.sentences {
                info!(window = start, household = %sentence.owner, "{}", sentence.text);
            }
            let placed = self
                .sending(view.now, &tables)
                .place(*start, &plan.seats)
                .await;
            if placed > 0 {
                figures::expected(plan.gain);
                let expected = plan.gain / 1_000.0;
                info!(
                    window = start,
                    seats = placed,
                    expected_atoms = expected as i64,
                    "ordered"
                );
            }
            debug!(window = start, left = ?plan.left, "looked at");
            self.looks.looked(*start, *looks);
        }
        let balance = self.cluster.balance(delegate).await?;
        gauge!("joulebook_agent_balance_lamports").set(balance as f64);
        if balance < self.configuration.low_balance {
            let low = self.configuration.low_balance;
            warn!(payer = %delegate, lamports = balance, low, "the wallet is nearly empty; send it lamports");
        }
        Ok(())
    }

    async fn read(&self) -> Result<View> {
        let mut accounts = vec![clock::ID];
        accounts.extend(MarketState::accounts(&self.addresses));
        let snapshot = self.cluster.accounts(&accounts).await?;
        let data = snapshot.all_data();
        let (clock, tables) = data.split_first().context("no account was read")?;
        let now = ChainTime::from_bytes(clock).context("the chain has no clock")?;
        let mut view = View::decode(&self.addresses, now.unix_timestamp, tables)?;
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

    /// Keeps what the ring tells and the store does not know yet; where the latest value ends.
    fn take_values(&mut self, view: &View) -> Result<i64> {
        let length = view.state.market.window_length().0;
        let mut new = BTreeMap::new();
        let mut latest = i64::MIN;
        for (index, seat) in view.seats_of(&self.key.pubkey()) {
            let owner = Address::from(seat.owner.0);
            let values = self.values.entry(owner).or_default();
            let changed = values.take(values_of(&view.state, index, view.now));
            values.forget(view.now);
            if let Some((start, _)) = values.0.last_key_value() {
                latest = latest.max(start + length);
            }
            if !changed.is_empty() {
                new.insert(owner, changed);
            }
        }
        if !new.is_empty() {
            let oldest = view.now - 60 * SECONDS_PER_DAY;
            self.store.keep_values(&new, oldest)?;
        }
        if latest > i64::MIN {
            self.lag = self.lag.max(view.now - latest).min(SECONDS_PER_DAY * 3);
        }
        Ok(latest)
    }

    async fn keep_table(&mut self, owners: &[Address], now: i64) {
        if !self.configuration.lookup_table || now < self.table_rests {
            return;
        }
        let wanted = table_addresses(&self.addresses, owners);
        let day = UnixTime(now).day();
        let kept = self
            .table
            .keep(self.cluster, self.key, self.store, &wanted, day);
        if let Err(error) = kept.await {
            let error = format!("{error:#}");
            warn!(
                error,
                "the lookup table is not as it should be; in an hour it is tried again"
            );
            self.table_rests = now + AGAIN;
        }
    }

    /// Whether anything was entered, or may have been.
    async fn review_all(&mut self, view: &View, fees: &Fees) -> Result<bool> {
        let mut is_changed = false;
        let delegate = self.key.pubkey();
        let seats = view.seats_of(&delegate);
        let length = Seconds(i64::from(view.state.market.window_seconds));
        for (index, seat) in &seats {
            let owner = Address::from(seat.owner.0);
            let due = match self.reviews.get(&owner) {
                Some(due) => *due,
                None => self
                    .store
                    .reviewed(&owner)?
                    .map_or(i64::MIN, |at| at + REVIEW),
            };
            self.reviews.insert(owner, due);
            if view.now < due {
                continue;
            }
            let limits = self.limits.of(&owner);
            let grounds = Grounds {
                fees,
                seats: seats.len(),
                lag: self.lag,
                client_id: self.configuration.client_id,
                limits,
            };
            let measured = self.values.get(&owner);
            let measured = measured.and_then(|values| values.measured(length, view.now));
            let found =
                measured.and_then(|measured| review(view, *index, seat, &measured, grounds));
            let Some(found) = found else {
                self.reviews.insert(owner, view.now + AGAIN);
                continue;
            };
            is_changed |= !found.entries.is_empty();
            let entered = self.enter(view, *index, seat, &found).await;
            if let Err(error) = entered {
                warn!(household = %owner, %error, "standing orders were not entered; in an hour it is tried again");
                self.reviews.insert(owner, view.now + AGAIN);
                continue;
            }
            if let Some(both) = found.both {
                let way = if found.is_standing {
                    "standing orders"
                } else {
                    "bids for each window"
                };
                info!(
                    household = %owner,
                    own_atoms = (both.own / 1_000.0) as i64,
                    standing_atoms = (both.standing / 1_000.0) as i64,
                    bids = both.bids,
                    "{way} bring it more, by the last days"
                );
            }
            // Nothing traded yet says nothing: it is looked at again sooner.
            let next = if found.both.is_some() { REVIEW } else { AGAIN };
            if found.both.is_some() {
                self.store.note_review(&owner, view.now)?;
            }
            self.reviews.insert(owner, view.now + next);
        }
        Ok(is_changed)
    }

    /// Enters what a review found. Its bids in windows that are open end with that: else both would be placed.
    async fn enter(
        &self,
        view: &View,
        index: u16,
        seat: &Seat,
        found: &Review,
    ) -> Result<(), SendError> {
        let sending = self.sending(view.now, &[]);
        let begins = found.entries.iter().any(|entry| entry.rule.is_some());
        if begins && view.standing(index, seat).is_empty() {
            let own = own_orders(view, index, self.configuration.client_id);
            sending.cancel(index, &own).await?;
        }
        sending
            .enter(&Address::from(seat.owner.0), &found.entries)
            .await
    }

    fn fees(
        &self,
        owners: &[Address],
        tables: &[solana_message::AddressLookupTableAccount],
    ) -> Fees {
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
            transaction: (LAMPORTS + priority) * self.lamport,
            room: of(bytes.room),
            household: of(bytes.seat),
            order: of(bytes.order),
            cancel: of(bytes.cancel),
            cancelled: of(bytes.cancelled),
        }
    }

    fn sending<'b>(
        &'b self,
        now: i64,
        tables: &'b [solana_message::AddressLookupTableAccount],
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
