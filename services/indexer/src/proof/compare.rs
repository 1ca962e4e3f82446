//! Whether endpoints tell the same of the accounts that a bill stands on.
//!
//! Accounts change while they are read. So one that differs is read once more from where it was read first: if that still says what
//! it said before, it has not changed in between, and the other endpoint says otherwise of the same slots.

use std::collections::BTreeMap;

use joulebook_client::{tables::LedgerTable, Addresses};
use joulebook_cluster::{Account, Cluster, ClusterError};
use joulebook_settlement::Silence;
use solana_address::Address;

use super::{Comparison, Difference};

/// How often an account that goes on changing is compared.
const ROUNDS: usize = 4;

/// What is compared.
pub(super) struct Compared<'a> {
    pub addresses: &'a Addresses,
    /// Of the ledger, this seat's silence alone: all of it changes with every order.
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
            match self.differing(cluster, endpoint, first.clone()).await {
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

    /// Accounts of which the endpoint says something else, with the slot; and those that go on changing.
    async fn differing(
        &self,
        cluster: &Cluster,
        endpoint: &Cluster,
        mut before: Said,
    ) -> Result<(Vec<(Address, u64)>, Vec<Address>), ClusterError> {
        let mut differing = vec![];
        for _ in 0..ROUNDS {
            let (theirs, slot, newest) = self.read(endpoint, &before).await?;
            before.retain(|address, said| theirs.get(address) != Some(&*said));
            if before.is_empty() {
                break;
            }
            // Not from before what the endpoint has seen.
            cluster.await_slot(newest);
            let (again, _, newest) = self.read(cluster, &before).await?;
            endpoint.await_slot(newest);
            let same = before
                .iter()
                .filter(|(address, said)| again.get(*address) == Some(*said));
            let same: Vec<(Address, u64)> = same.map(|(address, _)| (*address, slot)).collect();
            before = again;
            for (address, _) in &same {
                before.remove(address);
            }
            differing.extend(same);
        }
        Ok((differing, before.into_keys().collect()))
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
                if address == self.addresses.ledger {
                    said.extend(self.silence(&account.data).unwrap_or_default());
                } else {
                    said.extend(&account.data);
                }
                said
            });
            (address, said)
        });
        said.collect()
    }

    /// The household's part of a ledger.
    fn silence(&self, ledger: &[u8]) -> Option<Vec<u8>> {
        let ledger = LedgerTable::from_bytes(ledger).ok()?;
        let seat = ledger.seats.get(usize::from(self.seat))?;
        Some(format!("{:?} {}", Silence::from(seat), seat.silent_place).into_bytes())
    }
}
