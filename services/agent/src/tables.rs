//! A lookup table of the agent's own: with it, orders of a third more seats fit into a transaction.
//!
//! A transaction names an account by its place in the table, and is compiled with what an endpoint says is there. One that swaps
//! two places has a household's orders placed for another. So the agent keeps what it put in, and in which sequence: nobody else
//! can add anything, and nothing is ever taken out.

use anyhow::{bail, Result};
use joulebook_client::lookup_table::{self, MAX_ADDRESSES};
use joulebook_cluster::{Cluster, Outgoing, SendError};
use joulebook_daemon::clock::machine_clock;
use joulebook_units::{UnixTime, SECONDS_PER_DAY};
use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;
use tracing::info;

use crate::{figures, rest::Rest, store::Store};

/// After a table was made no other is for so long, seconds: or an endpoint that denies it would have rents paid again and again. By
/// this machine's clock, which no endpoint tells.
const LASTS: i64 = 7 * SECONDS_PER_DAY;

/// A table that was made, as its maker knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTable {
    address: [u8; 32],
    /// When it was made, by this machine's clock, unix seconds.
    at: i64,
    /// What was sent to be added, in that sequence.
    added: Vec<[u8; 32]>,
}

/// What of a table can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Usable {
    addresses: Vec<Address>,
    /// Whether it ends where its maker thinks, or before: else nobody knows in which place another address would be.
    can_grow: bool,
}

impl OwnTable {
    /// One that is empty, made at that time, unix seconds.
    pub fn new(address: Address, at: i64) -> OwnTable {
        OwnTable {
            address: address.to_bytes(),
            at,
            added: vec![],
        }
    }

    fn address(&self) -> Address {
        Address::from(self.address)
    }

    /// What can be used of it if it holds `found`; `None` if that is not what was put in.
    fn usable(&self, found: &[Address]) -> Option<Usable> {
        let agrees = self
            .added
            .iter()
            .zip(found)
            .all(|(added, found)| *added == found.to_bytes());
        agrees.then(|| Usable {
            addresses: found.iter().take(self.added.len()).copied().collect(),
            can_grow: found.len() <= self.added.len(),
        })
    }

    fn rests(&self, now: i64) -> bool {
        let rest = Rest {
            since: self.at,
            seconds: LASTS,
        };
        !rest.is_over(now)
    }
}

/// The table, or none yet.
#[derive(Clone, Debug, Default)]
pub struct Table {
    found: Option<AddressLookupTableAccount>,
}

/// Whose table it is, and where.
#[derive(Clone, Copy)]
pub struct Keeping<'a> {
    pub cluster: &'a Cluster,
    pub key: &'a Keypair,
    pub store: &'a Store,
    /// The chain's clock, unix seconds.
    pub now: i64,
}

impl Table {
    /// What transactions are compiled with.
    pub fn all(&self) -> Vec<AddressLookupTableAccount> {
        self.found.iter().cloned().collect()
    }

    /// Makes the table, or adds to it what it lacks of these addresses. What was added counts from the next slot on.
    ///
    /// # Errors
    /// If the cluster can't be read, or refuses it, or tells of another table than was made. Orders go without it then.
    pub async fn keep(&mut self, keeping: Keeping<'_>, wanted: &[Address]) -> Result<()> {
        let has = |address: &Address| {
            let found = self.found.as_ref();
            found.is_some_and(|table| table.addresses.contains(address))
        };
        if wanted.iter().all(has) {
            return Ok(());
        }
        self.found = None;
        let mut own = match keeping.store.lookup_table()? {
            Some(own) => own,
            None => keeping.make().await?,
        };
        let mut usable = keeping.usable(&own).await?;
        if usable.is_none() && !own.rests(machine_clock()) {
            own = keeping.make().await?;
            usable = keeping.usable(&own).await?;
        }
        let Some(mut usable) = usable else {
            let address = own.address();
            bail!("the lookup table {address} is not there, or not as it was made, by what an endpoint says; another is made a week after it");
        };
        if usable.can_grow
            && keeping
                .add(&mut own, usable.addresses.len(), wanted)
                .await?
        {
            match keeping.usable(&own).await? {
                Some(grown) => usable = grown,
                None => bail!("the lookup table {} is not as it was made", own.address()),
            }
        }
        self.found = Some(AddressLookupTableAccount {
            key: own.address(),
            addresses: usable.addresses,
        });
        Ok(())
    }
}

impl Keeping<'_> {
    async fn usable(&self, own: &OwnTable) -> Result<Option<Usable>> {
        let account = self.cluster.account(own.address()).await?;
        let table = account.and_then(|account| lookup_table::read(own.address(), &account.data));
        Ok(table.and_then(|table| own.usable(&table.addresses)))
    }

    async fn make(&self) -> Result<OwnTable> {
        let slot = self.cluster.recent_slot().await?;
        let (create, address) = lookup_table::create(self.key.pubkey(), slot);
        let own = OwnTable::new(address, machine_clock());
        // Noted first: a table that nobody knows of would keep its rent for ever.
        self.store.note_lookup_table(Some(&own))?;
        if let Err(error) = self.send(create).await {
            // Then nothing was sent.
            if let Some(SendError::Refused { .. }) = error.downcast_ref() {
                self.store.note_lookup_table(None)?;
            }
            return Err(error);
        }
        info!(table = %address, "a lookup table was made; its rent comes back when it is closed");
        Ok(own)
    }

    /// Adds what the table lacks, of which `there` addresses are there; whether there was any.
    async fn add(&self, own: &mut OwnTable, there: usize, wanted: &[Address]) -> Result<bool> {
        // What was sent before and is not there goes first, as it was: it may yet come.
        let before: Vec<Address> = own
            .added
            .iter()
            .skip(there)
            .map(|one| Address::from(*one))
            .collect();
        let room = MAX_ADDRESSES.saturating_sub(own.added.len());
        let is_missing = |one: &&Address| !own.added.contains(&one.to_bytes());
        let missing: Vec<Address> = wanted
            .iter()
            .filter(is_missing)
            .take(room)
            .copied()
            .collect();
        let all = [before, missing.clone()].concat();
        if all.is_empty() {
            return Ok(false);
        }
        own.added
            .extend(missing.iter().map(|address| address.to_bytes()));
        self.store.note_lookup_table(Some(own))?;
        for extend in lookup_table::extend(own.address(), self.key.pubkey(), &all) {
            self.send(extend).await?;
        }
        info!(table = %own.address(), addresses = all.len(), "the lookup table was extended");
        Ok(true)
    }

    async fn send(&self, instruction: Instruction) -> Result<()> {
        let outgoing = Outgoing {
            instructions: &[instruction],
            payer: self.key,
            signers: &[],
        };
        let landed = self.cluster.send(outgoing).await?;
        self.store.spend(UnixTime(self.now).day(), landed.fee)?;
        figures::sent("lookup_table", landed.fee);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn table(added: &[u8]) -> OwnTable {
        OwnTable {
            added: added.iter().map(|byte| [*byte; 32]).collect(),
            ..OwnTable::new(address(9), 100)
        }
    }

    fn usable(added: &[u8], found: &[u8]) -> Option<(usize, bool)> {
        let found: Vec<Address> = found.iter().copied().map(address).collect();
        let usable = table(added).usable(&found)?;
        assert_eq!(usable.addresses, found[..usable.addresses.len()]);
        Some((usable.addresses.len(), usable.can_grow))
    }

    #[test]
    fn given_what_an_endpoint_says_of_a_table_when_it_is_another_than_was_made_then_it_is_not_used()
    {
        assert_eq!(usable(&[1, 2, 3], &[1, 2, 3]), Some((3, true)));
        assert_eq!(usable(&[1, 2, 3], &[1, 3, 2]), None, "two are swapped");
        assert_eq!(usable(&[1, 2, 3], &[1, 2, 4]), None);
        // The last was sent and has not come, or the endpoint is behind.
        assert_eq!(usable(&[1, 2, 3], &[1, 2]), Some((2, true)));
        assert_eq!(usable(&[1, 2, 3], &[]), Some((0, true)));
        // It came twice: what it holds is known, where more would be is not.
        assert_eq!(usable(&[1, 2, 3], &[1, 2, 3, 3]), Some((3, false)));
        assert_eq!(usable(&[], &[1]), Some((0, false)));
    }

    #[test]
    fn given_a_table_that_was_made_when_a_week_is_over_then_another_may_be() {
        let rests = [99, 100, 99 + LASTS, 100 + LASTS].map(|now| table(&[]).rests(now));
        assert_eq!(rests, [false, true, true, false]);
    }
}
