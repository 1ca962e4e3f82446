//! Whether endpoints tell the same of the accounts that a bill stands on.
//!
//! The bill is worked out from what was read first, so that is what each endpoint must confirm. Accounts change while they are read: one
//! that differs is read once more from where it was read first. If that still says what it said before, the other endpoint says
//! otherwise of the same slots. If it says something else by now, nothing is confirmed, and all of it is read anew.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::{account::read_header, market::Market, oracle::MeterTable},
    tables::{LedgerTable, MeterRecords},
    Addresses,
};
use joulebook_cluster::{Account, Cluster, ClusterError, Mint};
use joulebook_settlement::Silence;
use solana_address::Address;

use super::{households::Household, Comparison, Difference};

/// What is compared. Of tables that change with every order or value, the parts that a bill takes from them.
pub(super) struct Compared<'a> {
    pub addresses: &'a Addresses,
    pub seat: u16,
}

/// What an endpoint says of accounts; none of one that is not there.
type Said = BTreeMap<Address, Option<Vec<u8>>>;

impl Compared<'_> {
    /// Compares what each endpoint says with what was read `first`, of which the newest is from `slot`. One that does not answer is
    /// named.
    pub async fn compare(
        &self,
        cluster: &Cluster,
        first: Vec<(Address, Option<Account>)>,
        slot: u64,
    ) -> Comparison {
        let mut all = Comparison::default();
        let endpoints = cluster.each();
        if endpoints.len() < 2 {
            return all;
        }
        all.accounts = first.len();
        let first = self.said(first);
        for endpoint in &endpoints {
            let name = endpoint.names().concat();
            endpoint.await_slot(slot);
            match self.differing(cluster, endpoint, &first).await {
                Ok((differing, moving)) => {
                    let named = |(address, slot)| Difference {
                        endpoint: name.clone(),
                        address,
                        slot,
                    };
                    all.differing.extend(differing.into_iter().map(named));
                    all.moving.extend(moving);
                    all.endpoints.push(name);
                }
                Err(error) => {
                    tracing::debug!(%error, "can't be compared");
                    all.silent.push(name);
                }
            }
        }
        all
    }

    /// Accounts of which the endpoint says something else, with the slot; and those that are not any more what was read first.
    async fn differing(
        &self,
        cluster: &Cluster,
        endpoint: &Cluster,
        first: &Said,
    ) -> Result<(Vec<(Address, u64)>, Vec<Address>), ClusterError> {
        let (theirs, slot, newest) = self.read(endpoint, first).await?;
        let mut unlike = first.clone();
        unlike.retain(|address, said| theirs.get(address) != Some(&*said));
        if unlike.is_empty() {
            return Ok((vec![], vec![]));
        }
        // Not from before what the endpoint has seen.
        cluster.await_slot(newest);
        let (again, ..) = self.read(cluster, &unlike).await?;
        let is_same = |address: &Address| again.get(address) == unlike.get(address);
        let (same, moving): (Vec<Address>, Vec<Address>) =
            unlike.keys().partition(|one| is_same(one));
        let same = same.into_iter().map(|address| (address, slot));
        Ok((same.collect(), moving))
    }

    /// What is said of these accounts, the oldest slot that it is from, and the newest.
    async fn read(
        &self,
        from: &Cluster,
        accounts: &Said,
    ) -> Result<(Said, u64, u64), ClusterError> {
        let asked: Vec<Address> = accounts.keys().copied().collect();
        let found = from.accounts(&asked).await?;
        let said = self.said(asked.into_iter().zip(found.accounts).collect());
        Ok((said, found.slot, found.newest_slot))
    }

    fn said(&self, accounts: Vec<(Address, Option<Account>)>) -> Said {
        let said = accounts.into_iter().map(|(address, account)| {
            let said = account.map(|account| {
                let mut said = account.owner.to_bytes().to_vec();
                match self.part(address, &account) {
                    Some(part) => said.extend(part.into_bytes()),
                    None => said.extend(&account.data),
                }
                said
            });
            (address, said)
        });
        said.collect()
    }

    /// What the bill takes from a table, as text; all of any other account, and of one that can't be read.
    fn part(&self, address: Address, account: &Account) -> Option<String> {
        let data = &account.data;
        match address {
            address if address == self.addresses.ledger => {
                let ledger = LedgerTable::from_bytes(data).ok()?;
                let seat = ledger.seats.get(usize::from(self.seat))?;
                Some(format!("{:?} {}", Silence::from(seat), seat.silent_place))
            }
            address if address == self.addresses.market => {
                let market = Market {
                    events: 0,
                    last_page: 0,
                    supplier_margin: 0,
                    ..read_header::<Market>(data)?
                };
                Some(format!("{market:?}"))
            }
            address if address == self.addresses.meter_table => {
                let table = MeterRecords::from_bytes(data).ok()?;
                let header = MeterTable {
                    events: 0,
                    last_opened: 0,
                    last_finished: 0,
                    ..table.header
                };
                let its = Household::meters_of(&table, self.seat);
                let its = its.map(|(row, meter)| {
                    let service = (meter.service_from, meter.service_until);
                    (meter.number(row), meter.device, service)
                });
                let its: Vec<_> = its.collect();
                let from = Household::meters_from(&table);
                Some(format!("{header:?} {its:?} {from}"))
            }
            address if address == self.addresses.quote_mint => {
                Some(format!("{:?}", Mint::read(account)?))
            }
            _ => None,
        }
    }
}
