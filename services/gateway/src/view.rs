//! What the chain says, as far as a gateway needs it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use joulebook_client::{
    layout::oracle::{IntervalPage, Meter},
    tables::{IntervalPageTable, MeterRecords},
    Addresses, ORACLE_ID,
};
use joulebook_cluster::{ChainTime, Cluster, Snapshot};
use joulebook_units::UnixTime;
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;

/// Pages that are read at once: one is a few hundred bytes a meter.
const PAGES_AT_ONCE: usize = 4;

/// Clock and meters.
#[derive(Clone, Debug)]
pub struct View {
    pub now: UnixTime,
    pub table: MeterRecords,
}

impl View {
    /// # Errors
    /// If the cluster can't be read, or the account is not what it should be.
    pub async fn read(cluster: &Cluster, addresses: &Addresses) -> Result<View> {
        let read = cluster
            .accounts(&[clock::ID, addresses.meter_table])
            .await?;
        let now = ChainTime::from_bytes(read.data(0)).context("the chain has no clock")?;
        let table = MeterRecords::from_bytes(of_oracle(&read, 1)).context("the meter table")?;
        Ok(View {
            now: UnixTime(now.unix_timestamp),
            table,
        })
    }

    pub fn meter(&self, number: u32) -> Option<&Meter> {
        self.table.meter(number)
    }

    /// Whether the page that starts then is over and done with, by the clock alone: its slot is a later page's, and it takes no
    /// readings even if nobody has opened that one.
    pub fn is_gone(&self, addresses: &Addresses, start: i64) -> bool {
        let length = addresses.page_seconds();
        let ring = length.saturating_mul(addresses.pages.into());
        let until = start
            .saturating_add(length)
            .saturating_add(self.table.header.reading_seconds.into());
        start <= addresses.page_start(self.now.0).saturating_sub(ring) && until <= self.now.0
    }
}

/// Pages of the oracle by the start that they should have; a slot may hold another one by now, or not yet.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    tables: BTreeMap<i64, IntervalPageTable>,
    gone: BTreeSet<i64>,
}

/// What a slot holds in place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot<'a> {
    Page(&'a IntervalPageTable),
    /// It is not open yet.
    NotYet,
    /// A later one has taken its place.
    Gone,
}

impl Pages {
    /// # Errors
    /// If the cluster can't be read.
    pub async fn read(
        cluster: &Cluster,
        addresses: &Addresses,
        starts: impl IntoIterator<Item = i64>,
    ) -> Result<Pages> {
        let starts: Vec<i64> = starts.into_iter().collect();
        let mut pages = Pages::default();
        for starts in starts.chunks(PAGES_AT_ONCE) {
            let slots: Vec<Address> = starts
                .iter()
                .map(|start| addresses.interval_page(*start))
                .collect();
            let read = cluster.accounts(&slots).await?;
            for (place, start) in starts.iter().enumerate() {
                // One that does not exist, or has not grown, is not open yet.
                if let Ok(page) = IntervalPageTable::from_bytes(of_oracle(&read, place)) {
                    pages.put(*start, page);
                }
            }
        }
        Ok(pages)
    }

    /// What the slot of the page that starts then holds. A table is kept only if it is that page's: they are large.
    pub fn put(&mut self, start: i64, found: IntervalPageTable) {
        if found.header.start == start {
            self.tables.insert(start, found);
        } else if found.header.start > start {
            self.gone.insert(start);
        }
    }

    pub fn slot(&self, start: i64) -> Slot<'_> {
        match self.tables.get(&start) {
            Some(page) => Slot::Page(page),
            None if self.gone.contains(&start) => Slot::Gone,
            None => Slot::NotYet,
        }
    }
}

/// The bytes of an account of the oracle's; none of another's.
fn of_oracle(read: &Snapshot, place: usize) -> &[u8] {
    let account = read.accounts.get(place).and_then(Option::as_ref);
    let own = account.filter(|account| account.owner == ORACLE_ID);
    own.map_or(&[], |account| &account.data)
}

impl Slot<'_> {
    /// Whether readings of this page are taken now, or will be.
    pub fn may_take(&self, now: UnixTime) -> bool {
        match self {
            Slot::Page(page) => takes(&page.header, now),
            Slot::NotYet => true,
            Slot::Gone => false,
        }
    }
}

fn takes(page: &IntervalPage, now: UnixTime) -> bool {
    now.0 < page.readings_until
}
