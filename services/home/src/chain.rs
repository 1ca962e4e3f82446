use std::sync::Arc;

use anyhow::{bail, Context, Result};
use joulebook_client::{
    layout::{
        account::read_header,
        market::{Ledger, Market, Seat, WindowStatus},
        oracle::Meter,
        registry::Participant,
        DISCRIMINATOR_LEN,
    },
    ring,
    tables::{BookDepth, MeterRecords, PageHead},
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;

use crate::{
    household::Household,
    state::MOST_DECIMALS,
    view::{Accounts, MOST_WINDOWS},
};

/// Pages that are read at most: short ones hold fewer windows than are told of.
const MOST_PAGES: i64 = 8;
/// The table of all meters is the longest of what is read, and nobody waits for it: it is read in each so many looks once.
const METERS_EVERY: u32 = 10;
/// Bytes of a seat.
const SEAT: usize = size_of::<Seat>();

/// A market, seen by one of its households: a few kilobytes a look, whatever its size.
pub struct Chain {
    cluster: Arc<Cluster>,
    household: Household,
    addresses: Addresses,
    /// Of the market's token.
    pub decimals: u8,
    looks: u32,
    meters: Vec<Meter>,
}

impl Chain {
    /// # Errors
    /// If there is no such market on this cluster, or nobody answers.
    pub async fn open(cluster: Arc<Cluster>, household: Household) -> Result<Chain> {
        let addresses = cluster.market(household.market).await?;
        let mint = cluster.mint(addresses.quote_mint).await?;
        let mint = mint.with_context(|| format!("{} is no mint", addresses.quote_mint))?;
        if mint.decimals > MOST_DECIMALS {
            bail!(
                "the market's token has {} decimals, and no more than {MOST_DECIMALS} can be told",
                mint.decimals
            );
        }
        Ok(Chain {
            cluster,
            household,
            addresses,
            decimals: mint.decimals,
            looks: 0,
            meters: vec![],
        })
    }

    /// # Errors
    /// If nobody answers, or an account is not what it should be.
    pub async fn read(&mut self) -> Result<Accounts> {
        let participant = self.addresses.participant(&self.household.owner);
        let named = [clock::ID, self.addresses.market, participant];
        let snapshot = self.cluster.accounts(&named).await?;
        let now = ChainTime::from_bytes(snapshot.data(0)).context("the chain's clock")?;
        let market: Market = read_header(snapshot.data(1)).context("the market's account")?;
        let participant: Option<Participant> = read_header(snapshot.data(2));
        let mut accounts = Accounts {
            now: now.unix_timestamp,
            pages: self.pages(&market, now.unix_timestamp).await?,
            books: vec![],
            participant,
            seat: None,
            meters: vec![],
            market,
        };
        accounts.books = self.books(&accounts).await?;
        if let Some(participant) = participant.filter(Participant::has_index) {
            accounts.seat = self.seat(participant.index).await?;
            if self.looks.is_multiple_of(METERS_EVERY) {
                self.meters = self.meters_of(participant.index).await?;
            }
            accounts.meters.clone_from(&self.meters);
        }
        self.looks = self.looks.wrapping_add(1);
        Ok(accounts)
    }

    async fn pages(&self, market: &Market, now: i64) -> Result<Vec<PageHead>> {
        let (length, window) = (self.addresses.page_seconds(), self.addresses.window_seconds);
        let first = ring::start(now, length).context("a market without pages")?;
        let until = now.saturating_add(i64::from(window).saturating_mul(MOST_WINDOWS as i64));
        let most = MOST_PAGES.min(market.pages.into());
        let starts = (0..most).map(|number| first.saturating_add(number.saturating_mul(length)));
        let slots: Vec<Address> = starts
            .take_while(|start| *start < until)
            .map(|start| self.addresses.page(start))
            .collect();
        let len = PageHead::len(self.addresses.page_windows);
        let heads = self.cluster.heads(&slots, len).await?;
        // Those that do not exist yet, or have not their length, tell nothing.
        let heads = heads.all_data().into_iter().map(PageHead::from_bytes);
        Ok(heads.filter_map(Result::ok).collect())
    }

    /// Of the window under delivery and the next, unless their contracts are in the page.
    async fn books(&self, accounts: &Accounts) -> Result<Vec<BookDepth>> {
        let market = &accounts.market;
        let length = i64::from(market.window_seconds);
        let first = ring::start(accounts.now, length).context("a market without windows")?;
        let is_allocated = |start: i64| {
            let row = accounts.row(start);
            row.is_some_and(|row| row.is(WindowStatus::Allocated))
        };
        let starts = [first, first.saturating_add(length)].into_iter();
        let slots: Vec<Address> = starts
            .filter(|start| !is_allocated(*start))
            .map(|start| self.addresses.book(start))
            .collect();
        if slots.is_empty() {
            return Ok(vec![]);
        }
        let len = BookDepth::len(market.nodes, market.ticks, market.seats);
        let books = self.cluster.heads(&slots, len).await?;
        let books = books.all_data().into_iter().map(BookDepth::from_bytes);
        Ok(books.filter_map(Result::ok).collect())
    }

    async fn seat(&self, index: u16) -> Result<Option<Seat>> {
        let offset = DISCRIMINATOR_LEN + size_of::<Ledger>() + usize::from(index) * SEAT;
        let row = self.cluster.part(self.addresses.ledger, offset, SEAT);
        let row = row.await?.filter(|row| row.len() == SEAT);
        Ok(row.map(|row| bytemuck::pod_read_unaligned(&row)))
    }

    async fn meters_of(&self, index: u16) -> Result<Vec<Meter>> {
        let table = self.cluster.account(self.addresses.meter_table).await?;
        let table = table.context("the community's meter table is not there")?;
        let table = MeterRecords::from_bytes(&table.data)?;
        let used = table.meters.into_iter().take(table.header.count.into());
        Ok(used.filter(|meter| meter.participant == index).collect())
    }
}
