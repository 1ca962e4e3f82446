//! Who orders for all households.

use anyhow::{Context, Result};
use joulebook_client::{
    layout::market::DelegateBounds,
    lookup_table,
    order_packing::{order_bytes, pack_orders, table_addresses, OrderBytes, SeatOrders},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;

use crate::{
    auction::{new_order, TickOrder},
    Household, LocalCommunity, Receipt,
};

/// One key that all households have named.
pub struct Delegate {
    key: Keypair,
    /// What its transactions name by a byte each.
    tables: Vec<AddressLookupTableAccount>,
}

impl Delegate {
    /// Has each household name a new key, whose orders may lock all that it has.
    pub fn named(community: &mut LocalCommunity) -> Result<(Delegate, Vec<Receipt>)> {
        let key = community.chain.new_key();
        let delegate = key.pubkey();
        community.chain.fund(&delegate);
        let mut receipts = vec![];
        for household in &community.households {
            let owner = household.address();
            let bounds = DelegateBounds::of_a_day(u64::MAX);
            let name =
                community
                    .addresses
                    .set_delegate(owner, household.seat, Some(delegate), bounds);
            receipts.push(community.chain.send_from(&household.wallet, &[name])?);
        }
        let owners: Vec<Address> = community
            .households
            .iter()
            .map(Household::address)
            .collect();
        let addresses = table_addresses(&community.addresses, &owners);
        let (create, table) = lookup_table::create(delegate, community.chain.recent_slot());
        let mut make = vec![create];
        make.extend(lookup_table::extend(table, delegate, &addresses));
        for instruction in make {
            receipts.push(community.chain.send_from(&key, &[instruction])?);
        }
        let table = lookup_table::read(table, &community.chain.data(&table));
        let tables = vec![table.context("the lookup table was made")?];
        Ok((Delegate { key, tables }, receipts))
    }

    pub fn key(&self) -> &Keypair {
        &self.key
    }

    pub fn order_bytes(&self, community: &LocalCommunity) -> OrderBytes {
        let owner = |place: usize| {
            let household = community.households.get(place);
            household.map_or_else(Address::default, |household| household.address())
        };
        let owners = [&owner(0), &owner(1)];
        order_bytes(
            &community.addresses,
            &self.key.pubkey(),
            owners,
            &self.tables,
        )
    }

    pub fn place(
        &self,
        community: &mut LocalCommunity,
        start: i64,
        orders: &[(usize, Vec<TickOrder>)],
    ) -> Result<Vec<Receipt>> {
        let seats = orders.iter().map(|(place, orders)| {
            let household = community.households.get(*place);
            let household = household.context("an unknown household")?;
            anyhow::Ok(SeatOrders {
                owner: household.address(),
                seat: household.seat,
                cancelled: vec![],
                placed: orders.iter().map(new_order).collect(),
            })
        });
        let seats = seats.collect::<Result<Vec<_>>>()?;
        let trader = self.key.pubkey();
        let batches = pack_orders(&community.addresses, &trader, start, &seats, &self.tables);
        let sent = batches.iter().map(|batch| {
            let chain = &mut community.chain;
            Ok(chain.send_with_tables(&self.key, &batch.instructions, &self.tables)?)
        });
        sent.collect()
    }
}
