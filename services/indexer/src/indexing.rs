//! One market: its accounts read whenever something in them has changed, and written as rows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_client::{
    layout::{
        account::read_header, market::Book, market::Ledger, market::Market, oracle::MeterTable,
        registry::Community,
    },
    steps::{MarketState, StateError},
    tables::HistoryTable,
    Addresses, REGISTRY_ID,
};
use joulebook_cluster::{Account, ChainTime, Cluster, ClusterError, Snapshot};
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;
use tokio::time::Instant;

use crate::{
    changes::begin_with_approval,
    rows::OwnerRow,
    store::{MarketId, Span, Store},
    view::View,
    writing::Writing,
};

/// Bytes that hold any of the headers.
const HEAD: usize = 8 + size_of::<Market>();
/// Accounts are read anew at the latest then, whatever their heads say.
const LONGEST: Duration = Duration::from_secs(60);

/// After reading everything, that rests so many times as long as it took: however large a market is, its endpoint has the rest.
const REST: u32 = 9;

/// A market, as it is kept.
pub struct Indexing {
    cluster: Arc<Cluster>,
    store: Arc<Store>,
    pub addresses: Addresses,
    writing: Writing,
    heads: Heads,
    read_at: Option<Instant>,
    rests_until: Option<Instant>,
    /// Up to here, what was read can't be taken back any more.
    final_slot: u64,
}

/// What tells whether anything has happened: how many events accounts have counted, and the heads of all books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Heads {
    counters: [u64; 4],
    books: Vec<Option<(i64, u8, u16)>>,
}

/// What a look came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// Rows that were written; `None` if nothing had changed.
    pub written: Option<usize>,
    /// Gaps among them.
    pub gaps: usize,
}

impl Indexing {
    /// Enters the market into the database, if it is not there, and takes up what that knows.
    ///
    /// # Errors
    /// If there is no market at that address, it is another cluster's, or the database refuses it.
    pub async fn open(
        cluster: Arc<Cluster>,
        store: Arc<Store>,
        market: Address,
    ) -> Result<Indexing> {
        let addresses = cluster.market(market).await?;
        let mint = cluster.mint(addresses.quote_mint).await?;
        let mint = mint.context("the market's token has no mint; check the RPC addresses")?;
        let view = read(&cluster, &addresses).await?;
        let places = addresses.clone();
        let writing = Writing::open(Arc::clone(&store), places, &view, mint.decimals).await?;
        Ok(Indexing {
            cluster,
            store,
            addresses,
            writing,
            heads: Heads::default(),
            read_at: None,
            rests_until: None,
            final_slot: 0,
        })
    }

    /// The market's number in the database.
    pub fn id(&self) -> MarketId {
        self.writing.id
    }

    /// Looks at the market; reads and writes all of it that has changed, if anything may have.
    ///
    /// # Errors
    /// If the cluster can't be read, or the database not be written: then nothing is, and the next look does it.
    pub async fn look(&mut self) -> Result<Look> {
        let (heads, now) = self.read_heads().await?;
        let is_old = self.read_at.is_none_or(|at| at.elapsed() >= LONGEST);
        let changed_slot = self.writing.changed_slot();
        // What was read may still be taken back by the cluster. It can't any more once a read after that tells the same.
        let is_uncertain = changed_slot > self.final_slot;
        let final_slot = match is_uncertain || changed_slot == 0 {
            true => Some(self.cluster.final_slot().await?),
            false => None,
        };
        let becomes_final = is_uncertain && final_slot.is_some_and(|slot| slot >= changed_slot);
        let rests = self.rests_until.is_some_and(|until| Instant::now() < until);
        if rests || (heads == self.heads && !is_old && !becomes_final) {
            return Ok(Look {
                now,
                written: None,
                gaps: 0,
            });
        }
        let begun = Instant::now();
        let view = read(&self.cluster, &self.addresses).await?;
        self.rests_until = Some(Instant::now() + begun.elapsed() * REST);
        let is_whole = view.is_whole();
        // What was read by then and is told again: by an endpoint that has seen that slot itself.
        let final_slot = final_slot.filter(|slot| *slot <= view.slot);
        let (written, gaps) = self.write(view).await?;
        // What was left out is read again, whatever the heads say then.
        self.heads = match is_whole {
            true => heads,
            false => Heads::default(),
        };
        if let Some(slot) = final_slot.filter(|_| is_whole) {
            self.store.note_final(self.id(), slot).await?;
            self.final_slot = slot;
        }
        self.read_at = Some(Instant::now());
        Ok(Look {
            now,
            written: Some(written),
            gaps,
        })
    }

    /// Writes what accounts say; returns how many rows that were, and how many of them are gaps.
    async fn write(&mut self, view: View) -> Result<(usize, usize)> {
        let mut changes = self.writing.changes(&view)?;
        for gap in &changes.gaps {
            tracing::warn!(
                market = %self.addresses.market,
                kind = gap.kind,
                since = gap.since,
                until = gap.until,
                "pages were used again before they were read to their end"
            );
        }
        if !changes.gaps.is_empty() {
            let account = self.cluster.account(self.addresses.history).await?;
            let history = account.and_then(|account| HistoryTable::from_bytes(&account.data).ok());
            if let Some(history) = history {
                self.writing.repair(&mut changes, &history)?;
            }
        }
        self.date(&mut changes.owners).await?;
        self.writing.apply(view, &changes).await?;
        Ok((changes.len(), changes.gaps.len()))
    }

    /// Has seats be their owners' from when the community approved these.
    async fn date(&self, owners: &mut [OwnerRow]) -> Result<()> {
        let wallets = owners.iter().map(|row| row.owner.parse());
        let wallets: Vec<Address> = wallets.collect::<Result<_, _>>()?;
        let asked = wallets
            .iter()
            .map(|wallet| self.addresses.participant(wallet));
        let asked: Vec<Address> = asked.collect();
        if asked.is_empty() {
            return Ok(());
        }
        let found = self.cluster.accounts(&asked).await?;
        for (row, account) in owners.iter_mut().zip(&found.accounts) {
            let account = account
                .as_ref()
                .filter(|account| account.owner == REGISTRY_ID);
            if let Some(participant) = account.and_then(|one| read_header(&one.data)) {
                begin_with_approval(row, &participant);
            }
        }
        Ok(())
    }

    async fn read_heads(&self) -> Result<(Heads, i64)> {
        let mut asked = vec![
            clock::ID,
            self.addresses.community,
            self.addresses.market,
            self.addresses.ledger,
            self.addresses.meter_table,
        ];
        let tables = asked.len();
        asked.extend((0..self.addresses.books).map(|slot| self.addresses.book_slot(slot)));
        let heads = self.cluster.heads(&asked, HEAD).await?;
        let now = ChainTime::from_bytes(heads.data(0)).context("the chain has no clock")?;
        let books = (tables..asked.len()).map(|place| {
            let book = read_header::<Book>(heads.data(place))?;
            Some((book.start, book.phase, book.live_orders))
        });
        let heads = Heads {
            counters: [
                read_header::<Community>(heads.data(1)).map_or(0, |head| head.events),
                read_header::<Market>(heads.data(2)).map_or(0, |head| head.events),
                read_header::<Ledger>(heads.data(3)).map_or(0, |head| head.events),
                read_header::<MeterTable>(heads.data(4)).map_or(0, |head| head.events),
            ],
            books: books.collect(),
        };
        Ok((heads, now.unix_timestamp))
    }
}

/// Why a market's accounts can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("the chain has no clock; check the RPC addresses")]
    NoClock,
}

/// Reads all accounts of a market.
///
/// # Errors
/// [`ReadError`].
pub async fn read(cluster: &Cluster, addresses: &Addresses) -> Result<View, ReadError> {
    Accounts::read(cluster, addresses).await?.view(addresses)
}

/// All accounts of a market, as an endpoint told them.
pub(crate) struct Accounts {
    asked: Vec<Address>,
    snapshot: Snapshot,
}

impl Accounts {
    /// # Errors
    /// [`ReadError::Cluster`].
    pub async fn read(cluster: &Cluster, addresses: &Addresses) -> Result<Accounts, ReadError> {
        let asked = asked(addresses);
        let snapshot = cluster.accounts(&asked).await?;
        Ok(Accounts { asked, snapshot })
    }

    /// # Errors
    /// [`ReadError`].
    pub fn view(&self, addresses: &Addresses) -> Result<View, ReadError> {
        let snapshot = &self.snapshot;
        let now = ChainTime::from_bytes(snapshot.data(0)).ok_or(ReadError::NoClock)?;
        let vault = snapshot.data(1);
        let at = (snapshot.slot, now.unix_timestamp);
        let places: HashMap<Address, usize> = self.asked.iter().copied().zip(0..).collect();
        let data = MarketState::accounts(addresses).into_iter().map(|account| {
            let place = places.get(&account);
            place.map_or(&[][..], |place| snapshot.data(*place))
        });
        let data: Vec<&[u8]> = data.collect();
        let view = View::decode(addresses, at, &data, vault)?;
        Ok(View {
            newest_slot: snapshot.newest_slot,
            ..view
        })
    }

    /// Those that the windows of a time stand on, as far as they stand: tables, and pages of then.
    pub fn some(&self, addresses: &Addresses, span: Span) -> Vec<(Address, Option<Account>)> {
        let length = addresses.page_seconds().max(1);
        let first = addresses.page_start(span.since);
        let pages = (0..i64::from(addresses.pages))
            .map(|place| first.saturating_add(length.saturating_mul(place)))
            .take_while(|start| *start < span.until);
        let pages = pages.flat_map(|start| [addresses.page(start), addresses.interval_page(start)]);
        let tables = [addresses.market, addresses.ledger, addresses.meter_table];
        let wanted: HashSet<Address> = pages.chain(tables).collect();
        let all = self.asked.iter().zip(&self.snapshot.accounts);
        all.filter(|(address, _)| wanted.contains(*address))
            .map(|(address, account)| (*address, account.clone()))
            .collect()
    }
}

/// The accounts in the sequence in which they are asked for. A node tells so many in one answer, of one moment: money and vault
/// are in the same, and so is each page with the oracle's page of the same intervals.
fn asked(addresses: &Addresses) -> Vec<Address> {
    let mut asked = vec![
        clock::ID,
        addresses.vault,
        addresses.community,
        addresses.market,
        addresses.ledger,
        addresses.meter_table,
    ];
    // An answer has an even number of accounts, and so have the tables before these pairs.
    for slot in 0..addresses.pages {
        asked.extend([
            addresses.page_slot(slot),
            addresses.interval_page_slot(slot),
        ]);
    }
    asked.push(addresses.standing_orders);
    asked.extend((0..addresses.books).map(|slot| addresses.book_slot(slot)));
    asked
}
