//! What is known of the chain, and how old that is.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use bytemuck::{bytes_of, cast_slice};
use joulebook_client::{
    layout::{
        account::read_header,
        market::Market,
        oracle::{Meter, MeterTable},
        Account,
    },
    tables::MeterRecords,
    Addresses,
};
use joulebook_cluster::{ChainTime, Cluster};
use joulebook_units::UnixTime;
use solana_address::Address;
use solana_sdk_ids::sysvar::clock;
use tokio::time::Instant;

use crate::{
    store::{Owner, Remembered},
    view::View,
};

/// How long the chain's clock may have stood still for what is known of the chain to be believed: in an outage, nothing is refused
/// by what may be otherwise by now.
pub const FRESH: Duration = Duration::from_secs(30);

/// What the chain says, and when its clock moved last.
#[derive(Clone, Debug)]
pub struct Seen {
    pub view: Arc<View>,
    /// `None` if another process saw it, before this one.
    since: Option<Instant>,
}

impl Seen {
    /// With a clock that has moved then.
    pub fn since(view: Arc<View>, since: Instant) -> Seen {
        Seen {
            view,
            since: Some(since),
        }
    }

    /// By a process before this one.
    pub fn before(view: View) -> Seen {
        Seen {
            view: Arc::new(view),
            since: None,
        }
    }

    /// What is seen now, after this.
    pub fn then(before: Option<&Seen>, view: Arc<View>) -> Seen {
        let same = before.filter(|before| before.view.now == view.now);
        let since = same.and_then(|same| same.since);
        Seen::since(view, since.unwrap_or_else(Instant::now))
    }

    /// Whether it is to be believed.
    pub fn is_fresh(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() < FRESH)
    }

    /// The chain's clock, going on since it was seen last; `None` if that was by another process: the machine's clock may have
    /// been set since, or be wrong after a start.
    pub fn clock(&self) -> Option<i64> {
        let elapsed = i64::try_from(self.since?.elapsed().as_secs()).ok()?;
        self.view.now.0.checked_add(elapsed)
    }
}

/// What a gateway begins with.
pub struct Beginning {
    pub addresses: Addresses,
    pub owner: Owner,
    pub view: View,
}

impl Beginning {
    /// # Errors
    /// If the accounts are not those of a market and its meter table.
    pub fn of(market: Address, seen: &Remembered) -> Result<Beginning> {
        let header = read_header::<Market>(&seen.market).context("the market can't be read")?;
        let table = MeterRecords::from_bytes(&seen.table).context("the meter table")?;
        Ok(Beginning {
            addresses: Addresses::of_market(&header),
            owner: Owner {
                market,
                cluster: table.header.cluster,
                binding: table.header.binding,
            },
            view: View {
                now: UnixTime(seen.at),
                table,
            },
        })
    }
}

/// Asks the cluster for what a gateway begins with.
///
/// # Errors
/// If it does not answer, or there is no such market.
pub async fn look(cluster: &Cluster, market: Address) -> Result<Remembered> {
    // Whether it is the cluster that the meter table names is asked here.
    let addresses = cluster.market(market).await?;
    let asked = [clock::ID, market, addresses.meter_table];
    let read = cluster.accounts(&asked).await?;
    let now = ChainTime::from_bytes(read.data(0)).context("the chain has no clock")?;
    Ok(Remembered {
        at: now.unix_timestamp,
        market: read.data(1).to_vec(),
        table: read.data(2).to_vec(),
    })
}

/// What is to be remembered of a view, with the market's account.
pub fn remembered(view: &View, market: &[u8]) -> Remembered {
    let MeterRecords { header, meters } = &view.table;
    let table = [
        MeterTable::DISCRIMINATOR.as_slice(),
        bytes_of(header),
        cast_slice(meters),
    ];
    Remembered {
        at: view.now.0,
        market: market.to_vec(),
        table: table.concat(),
    }
}

/// Whether both have the same meters with the same devices: by the rest of a row alone, nothing is refused in an outage.
pub fn has_same_meters(one: &MeterRecords, other: &MeterRecords) -> bool {
    let registered = |meter: &Meter| {
        (
            (meter.device, meter.key_kind, meter.generation, meter.status),
            (meter.service_from, meter.service_until, meter.device_from),
            (meter.import_offset, meter.export_offset),
        )
    };
    one.header.count == other.header.count
        && one
            .meters
            .iter()
            .map(registered)
            .eq(other.meters.iter().map(registered))
}
