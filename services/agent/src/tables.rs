//! A lookup table of the agent's own: with it, orders of a third more seats fit into a transaction.

use anyhow::{Context, Result};
use joulebook_client::lookup_table::{self, MAX_ADDRESSES};
use joulebook_cluster::{Cluster, Outgoing};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;
use tracing::info;

use crate::{figures, store::Store};

/// The table, or none yet.
#[derive(Clone, Debug, Default)]
pub struct Table {
    found: Option<AddressLookupTableAccount>,
}

impl Table {
    /// What transactions are compiled with.
    pub fn all(&self) -> Vec<AddressLookupTableAccount> {
        self.found.iter().cloned().collect()
    }

    /// Makes the table, or adds to it what it lacks of these addresses. What was added counts from the next slot on.
    ///
    /// # Errors
    /// If the cluster can't be read, or refuses it. Orders go without it then.
    pub async fn keep(
        &mut self,
        cluster: &Cluster,
        key: &Keypair,
        store: &Store,
        wanted: &[Address],
        day: i64,
    ) -> Result<()> {
        let has = |address: &Address| {
            let found = self.found.as_ref();
            found.is_some_and(|table| table.addresses.contains(address))
        };
        if wanted.iter().all(has) {
            return Ok(());
        }
        let address = match store.lookup_table()? {
            Some(address) if read(cluster, address).await?.is_some() => address,
            _ => make(cluster, key, store, day).await?,
        };
        let table = read(cluster, address).await?;
        let table = table.context("the lookup table that was made is not there yet")?;
        let room = MAX_ADDRESSES.saturating_sub(table.addresses.len());
        let missing = wanted.iter().filter(|one| !table.addresses.contains(one));
        let missing: Vec<Address> = missing.take(room).copied().collect();
        for extend in lookup_table::extend(address, key.pubkey(), &missing) {
            send(cluster, key, store, extend, day).await?;
        }
        if !missing.is_empty() {
            info!(table = %address, addresses = missing.len(), "the lookup table was extended");
        }
        self.found = read(cluster, address).await?;
        Ok(())
    }
}

async fn make(cluster: &Cluster, key: &Keypair, store: &Store, day: i64) -> Result<Address> {
    let slot = cluster.recent_slot().await?;
    let (create, address) = lookup_table::create(key.pubkey(), slot);
    // Noted first: a table that nobody knows of would keep its rent for ever.
    store.note_lookup_table(&address)?;
    send(cluster, key, store, create, day).await?;
    info!(table = %address, "a lookup table was made; its rent comes back when it is closed");
    Ok(address)
}

async fn read(cluster: &Cluster, address: Address) -> Result<Option<AddressLookupTableAccount>> {
    let account = cluster.account(address).await?;
    Ok(account.and_then(|account| lookup_table::read(address, &account.data)))
}

async fn send(
    cluster: &Cluster,
    key: &Keypair,
    store: &Store,
    instruction: Instruction,
    day: i64,
) -> Result<()> {
    let outgoing = Outgoing {
        instructions: &[instruction],
        payer: key,
        signers: &[],
    };
    let landed = cluster.send(outgoing).await?;
    store.spend(day, landed.fee)?;
    figures::sent("lookup_table", landed.fee);
    Ok(())
}
