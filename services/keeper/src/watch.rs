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
use joulebook_daemon::clock::{ClockWatch, StandingClock};
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
    clock: ClockWatch,
    /// That the chain's clock stands, by the last look.
    pub standing: Result<(), StandingClock>,
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
        Ok(Watch {
            cluster,
            addresses: cluster.market(market).await?,
            counters: Counters::default(),
            read_at: None,
            clock: ClockWatch::default(),
            standing: Ok(()),
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
        self.standing = self.clock.see(now.unix_timestamp, Instant::now());
        if self.standing.is_err() {
            self.cluster.await_newest().await;
        }
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
        let read = self.cluster.market_accounts(&self.addresses).await?;
        let state = read.state(&self.addresses)?;
        self.counters = counters;
        self.read_at = Some(Instant::now());
        Ok(Look::State(Box::new(state), read.now))
    }

    /// Has the next look read everything.
    pub fn forget(&mut self) {
        self.read_at = None;
    }
}
