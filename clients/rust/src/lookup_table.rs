//! Lookup tables: accounts by which a transaction names addresses in a byte each, where they are 32 otherwise.

use solana_address::Address;
use solana_address_lookup_table_interface::{
    instruction::{create_lookup_table, extend_lookup_table},
    state::AddressLookupTable,
};
use solana_instruction::Instruction;
use solana_message::AddressLookupTableAccount;

/// Addresses that an instruction adds, so that it fits into a transaction.
const AT_ONCE: usize = 20;
/// The most that a table holds.
pub const MAX_ADDRESSES: usize = 256;

/// The instruction that makes a new table of `authority`, who pays for it and alone adds to it, and its address. `recent_slot` is
/// one of the last 512 that have a block.
pub fn create(authority: Address, recent_slot: u64) -> (Instruction, Address) {
    create_lookup_table(authority, authority, recent_slot)
}

/// The instructions that add addresses to a table, each for a transaction of its own. They count from the next slot on.
pub fn extend(table: Address, authority: Address, addresses: &[Address]) -> Vec<Instruction> {
    let parts = addresses.chunks(AT_ONCE);
    let extend =
        |part: &[Address]| extend_lookup_table(table, authority, Some(authority), part.to_vec());
    parts.map(extend).collect()
}

/// A table as transactions are compiled with it; `None` if that account is none, or is about to be closed.
pub fn read(key: Address, data: &[u8]) -> Option<AddressLookupTableAccount> {
    let table = AddressLookupTable::deserialize(data).ok()?;
    (table.meta.deactivation_slot == u64::MAX).then(|| AddressLookupTableAccount {
        key,
        addresses: table.addresses.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packing::{transaction_len, MAX_LEN};

    #[test]
    fn given_many_addresses_when_a_table_is_extended_then_each_part_fits_into_a_transaction() {
        let authority = Address::new_from_array([1; 32]);
        let (create, table) = create(authority, 7);
        assert!(transaction_len(&authority, &[create]) <= MAX_LEN);
        let addresses = vec![Address::new_from_array([2; 32]); MAX_ADDRESSES];
        let parts = extend(table, authority, &addresses);
        assert_eq!(parts.len(), 13);
        for part in parts {
            assert!(transaction_len(&authority, &[part]) <= MAX_LEN);
        }
    }

    #[test]
    fn given_bytes_that_are_no_table_when_read_then_there_is_none() {
        let key = Address::default();
        assert!(read(key, &[]).is_none() && read(key, &[7; 60]).is_none());
    }
}
