//! A market's accounts, read as a whole only when something in them has changed or is due.

use std::time::Duration;

use anyhow::{Context, Result};
use joulebook_client::{
    layout::{
        account::read_header, market::Ledger, market::Market, oracle::MeterTable,
        registry::Community,
    },
    steps::MarketState,
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;
use tokio::time::Instant;

/// Bytes that hold any of the headers.
const HEAD: usize = 8 + size_of::<Market>();
/// Accounts are read anew at the latest then, whatever their counters say.
const LONGEST: Duration = Duration::from_secs(60);

/// How many events each account has counted: they tell whether anything has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counters([u64; 4]);

/// One market, as it is watched.
pub struct Watch<'a> {
    cluster: &'a Cluster,
    pub addresses: Addresses,
    counters: Counters,
    read_at: Option<Instant>,
    /// Nothing is due before, unless a counter moves.
    pub due: i64,
}

/// What a look found.
pub enum Look {
    /// Nothing is due.
    Rests,
    /// Something may be due.
    State(Box<MarketState>, ChainTime),
}

impl<'a> Watch<'a> {
    /// # Errors
    /// If there is no market at that address, or it is another cluster's.
    pub async fn new(cluster: &'a Cluster, market: Address) -> Result<Watch<'a>> {
        let account = cluster.account(market).await?;
        let account = account.with_context(|| {
            format!("{market}: there is no such account; check address and cluster")
        })?;
        let parameters: Market = read_header(&account.data).with_context(|| {
            format!("{market} is no market of this version; check address and programs")
        })?;
        let addresses = Addresses::of_market(&parameters);
        let table = cluster.account(addresses.meter_table).await?;
        let table = table.and_then(|account| read_header::<MeterTable>(&account.data));
        let table = table.with_context(|| format!("{market} has no meter table"))?;
        let (found, named) = (cluster.genesis_hash().await?.to_bytes(), table.cluster);
        anyhow::ensure!(
            found == named,
            "{market} was made for the cluster with the genesis hash {}, and this is {}; check the RPC addresses",
            Address::from(named),
            Address::from(found)
        );
        Ok(Watch {
            cluster,
            addresses,
            counters: Counters::default(),
            read_at: None,
            due: i64::MIN,
        })
    }

    /// Looks at the market; reads all of it if something may be due.
    ///
    /// # Errors
    /// If the cluster can't be read, or an account is not what it should be.
    pub async fn look(&mut self) -> Result<Look> {
        let heads = [
            clock::ID,
            self.addresses.community,
            self.addresses.market,
            self.addresses.ledger,
            self.addresses.meter_table,
        ];
        let heads = self.cluster.heads(&heads, HEAD).await?;
        let now = ChainTime::from_bytes(heads.data(0)).context("the chain has no clock")?;
        let counters = Counters([
            read_header::<Community>(heads.data(1)).map_or(0, |head| head.events),
            read_header::<Market>(heads.data(2)).map_or(0, |head| head.events),
            read_header::<Ledger>(heads.data(3)).map_or(0, |head| head.events),
            read_header::<MeterTable>(heads.data(4)).map_or(0, |head| head.events),
        ]);
        let is_old = self.read_at.is_none_or(|at| at.elapsed() >= LONGEST);
        if !is_old && counters == self.counters && now.unix_timestamp < self.due {
            return Ok(Look::Rests);
        }
        let (state, now) = self.read().await?;
        self.counters = counters;
        self.read_at = Some(Instant::now());
        Ok(Look::State(Box::new(state), now))
    }

    /// Has the next look read everything.
    pub fn forget(&mut self) {
        self.read_at = None;
    }

    async fn read(&self) -> Result<(MarketState, ChainTime)> {
        let mut accounts = vec![clock::ID];
        accounts.extend(MarketState::accounts(&self.addresses));
        let snapshot = self.cluster.accounts(&accounts).await?;
        let data = snapshot.all_data();
        let (clock, tables) = data.split_first().context("no account was read")?;
        let now = ChainTime::from_bytes(clock).context("the chain has no clock")?;
        Ok((MarketState::decode(&self.addresses, tables)?, now))
    }
}
