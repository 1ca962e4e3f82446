//! What a market's accounts say, seen by somebody who only looks.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::{Page, PositionStatus, WindowStatus},
    steps::{next_steps, MarketState, Step},
    Addresses,
};
use joulebook_cluster::Cluster;
use joulebook_deployment::Sandbox;
use solana_address::Address;

/// Where a token account has its amount.
const AMOUNT: std::ops::Range<usize> = 64..72;
const MILLI_ATOMS: u64 = 1_000;

/// All that was seen of a market's windows, also of those whose page was taken by a later one since.
pub struct Observed {
    pub addresses: Addresses,
    /// By start: whether it has its contracts, and whether meters have confirmed all of them.
    pub windows: BTreeMap<i64, (bool, bool)>,
    pub state: MarketState,
    pub now: i64,
}

impl Observed {
    pub async fn begin(cluster: &Cluster, sandbox: &Sandbox) -> Observed {
        let market: Address = sandbox.market.parse().expect("an address");
        let addresses = cluster.market(market).await.expect("the market");
        let (state, now) = read(cluster, &addresses).await;
        Observed {
            addresses,
            windows: BTreeMap::new(),
            state,
            now,
        }
    }

    pub async fn look(&mut self, cluster: &Cluster) {
        (self.state, self.now) = read(cluster, &self.addresses).await;
        for page in &self.state.pages {
            if page.header.start == Page::NEVER {
                continue;
            }
            for (number, window) in (0u16..).zip(&page.windows) {
                let end = page.header.end_of(number);
                let start = end - i64::from(page.header.window_seconds);
                let seats = 0..page.header.seats;
                let is_open =
                    seats
                        .filter_map(|seat| page.position(number, seat))
                        .any(|position| {
                            (position.bought > 0 || position.sold > 0)
                                && !position.is(PositionStatus::Confirmed)
                        });
                let allocated = window.is(WindowStatus::Allocated);
                self.windows
                    .insert(start, (allocated, allocated && !is_open));
            }
        }
    }

    /// Windows that have their contracts.
    pub fn allocated(&self) -> Vec<i64> {
        let windows = self.windows.iter();
        windows
            .filter(|(_, (allocated, _))| *allocated)
            .map(|(start, _)| *start)
            .collect()
    }

    /// Whether keepers have left something undone of what must not wait for the next window.
    pub fn left(&self) -> Vec<Step> {
        next_steps(&self.state, self.now)
    }

    /// What the ledger owes is what is in the vault.
    pub async fn check_money(&self, cluster: &Cluster) {
        // Both at the same slot.
        let accounts = [self.addresses.ledger, self.addresses.vault];
        let snapshot = cluster.accounts(&accounts).await.expect("read");
        let ledger = joulebook_client::tables::LedgerTable::from_bytes(snapshot.data(0));
        let ledger = ledger.expect("a ledger");
        let amount = snapshot.data(1).get(AMOUNT).expect("a token account");
        let vault = u64::from_le_bytes(amount.try_into().expect("eight bytes"));
        let seats = ledger
            .seats
            .iter()
            .map(|seat| seat.free + seat.locked + seat.held);
        let owed = seats.sum::<u64>() + ledger.header.escrow + ledger.header.fees;
        assert_eq!(owed, vault * MILLI_ATOMS, "what is owed is what is there");
    }
}

async fn read(cluster: &Cluster, addresses: &Addresses) -> (MarketState, i64) {
    let read = cluster.market_accounts(addresses).await.expect("read");
    let state = read.state(addresses).expect("a market");
    (state, read.now.unix_timestamp)
}
