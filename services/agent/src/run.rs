//! An agent, from its configuration to its stop.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result};
use joulebook_client::{
    layout::{
        account::read_header,
        market::{Market, Seat},
    },
    order_packing::{order_bytes, table_addresses},
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster, SendError, LAMPORTS_PER_SIGNATURE};
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

const LAMPORTS_PER_SOL: f64 = 1e9;
/// How long everything is said to work if nothing is heard.
const WORD_HOLDS: Duration = Duration::from_secs(120);
/// How long it rests between two looks at least.
const REST: Duration = Duration::from_secs(2);
/// Seconds of the chain's clock between reviews of a household, and after one that failed.
const REVIEW: i64 = 7 * SECONDS_PER_DAY;
const AGAIN: i64 = 3_600;

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
    let _observatory = observe::start(configuration.observe, &health).await?;
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
        let read = self.cluster.market_accounts(&self.addresses).await?;
        let now = read.now.unix_timestamp;
        let mut view = View::decode(&self.addresses, now, &read.data())?;
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
            let limits = self.limits.of(&owner).within(seat);
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
            transaction: (LAMPORTS_PER_SIGNATURE as f64 + priority) * self.lamport,
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
