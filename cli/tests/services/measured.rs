//! What the oracle has measured, against what flowed through a community's meters.

use std::{collections::BTreeMap, net::TcpListener};

use joulebook_client::{
    layout::oracle::{Meter, Quality},
    tables::{IntervalPageTable, MeterRecords},
    Addresses,
};
use joulebook_cluster::Cluster;
use solana_address::Address;

use crate::{observed::Observed, replay, world::World};

/// Of a window, seconds.
pub const LENGTH: i64 = 900;

/// What flowed through a meter: import and export, Wh, by start.
type Flows = BTreeMap<i64, (u32, u32)>;

pub struct Measured {
    pub addresses: Addresses,
    /// When the meters' service begins.
    pub service: i64,
    /// By meter's number.
    flows: BTreeMap<u32, Flows>,
    /// Import and export, Wh, by meter and start.
    values: BTreeMap<(u32, i64), (u32, u32)>,
}

impl Measured {
    pub async fn begin(world: &World, cluster: &Cluster) -> Measured {
        let flows = world.sandbox.households.iter().map(|household| {
            let flows = replay::flows_of(world, &household.name);
            (household.meters[0].number, flows)
        });
        Measured {
            addresses: Observed::begin(cluster, &world.sandbox).await.addresses,
            service: world.sandbox.households[0].meters[0].service_from,
            flows: flows.collect(),
            values: BTreeMap::new(),
        }
    }

    /// Adds what the oracle's pages hold now.
    pub async fn look(&mut self, cluster: &Cluster) {
        let slots: Vec<Address> = (0..self.addresses.pages)
            .map(|slot| self.addresses.interval_page_slot(slot))
            .collect();
        let read = cluster.accounts(&slots).await.expect("the pages");
        let table = self.table(cluster).await;
        for data in read.all_data() {
            let Ok(page) = IntervalPageTable::from_bytes(data) else {
                continue;
            };
            for (row, meter) in (0..table.header.count).zip(&table.meters) {
                let number = meter.number(row);
                for interval in 0..page.header.intervals {
                    let start = page.header.start + i64::from(interval) * LENGTH;
                    let entry = page.entry(number, interval).expect("room for all meters");
                    if entry.is(Quality::Measured) {
                        let flow = (entry.import().0, entry.export().0);
                        self.values.insert((number, start), flow);
                    }
                }
            }
        }
    }

    async fn table(&self, cluster: &Cluster) -> MeterRecords {
        let account = cluster.account(self.addresses.meter_table).await;
        let account = account.expect("read").expect("the meter table");
        MeterRecords::from_bytes(&account.data).expect("a meter table")
    }

    /// The end of so many pages since the service began.
    pub fn end_of(&self, pages: i64) -> i64 {
        self.service + pages * self.addresses.page_seconds()
    }

    /// Whether the values of all meters are there until then.
    pub fn is_whole(&self, end: i64) -> bool {
        let mut starts = (self.service..end).step_by(LENGTH as usize);
        starts.all(|start| {
            let mut meters = self.flows.keys();
            meters.all(|meter| self.values.contains_key(&(*meter, start)))
        })
    }

    pub fn meters(&self) -> Vec<u32> {
        self.flows.keys().copied().collect()
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Each value until then is what flowed, and registers count each Wh once.
    pub async fn check(&self, cluster: &Cluster, end: i64) {
        let table = self.table(cluster).await;
        for (meter, flows) in &self.flows {
            for start in (self.service..end).step_by(LENGTH as usize) {
                let flow = flows.get(&start).copied().unwrap_or_default();
                assert_eq!(
                    self.values[&(*meter, start)],
                    flow,
                    "meter {meter} at {start}"
                );
            }
            let row: &Meter = table.meter(*meter).expect("a meter");
            let told = flows.range(self.service..row.boundary);
            let sum = told.fold((0, 0), |sum: (u64, u64), (_, flow)| {
                (sum.0 + u64::from(flow.0), sum.1 + u64::from(flow.1))
            });
            assert_eq!((row.import, row.export), sum, "meter {meter}");
        }
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}
