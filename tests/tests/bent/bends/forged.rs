//! Copies that anybody could have made: under another program's name, or of an account that anybody can create.

use solana_account::Account;
use solana_address::Address;

use super::Bender;

impl Bender<'_, '_> {
    /// A copy of the account at `address` at a new one, and what it is. `None` if there is none, or it is
    /// one already.
    pub(super) fn forge(&mut self, address: &Address) -> Option<(Address, &'static str)> {
        let mut account = self.stage.svm.get_account(address)?;
        if account.executable || self.stage.is_forged(address) {
            return None;
        }
        let how = match self.idl.is_program(&account.owner) {
            true => self.forge_owner(&mut account),
            false => self.forge_content(&mut account),
        };
        let forged = address_of(address, how);
        self.stage.forge(forged, account);
        Some((forged, how))
    }

    /// Nobody but the program makes accounts of its own.
    fn forge_owner(&mut self, account: &mut Account) -> &'static str {
        match self.random.below(3) {
            0 => {
                account.owner = Address::new_from_array([7; 32]);
                "a copy under an unknown program"
            }
            1 => {
                let known = &self.idl.instructions;
                let others = known.iter().map(|one| one.program);
                let others: Vec<Address> =
                    others.filter(|program| *program != account.owner).collect();
                account.owner = self.random.pick(&others);
                "a copy under another of the programs"
            }
            _ => {
                account.owner = Address::default();
                "a copy under the system program"
            }
        }
    }

    /// Wallets, token accounts, mints.
    fn forge_content(&mut self, account: &mut Account) -> &'static str {
        match self.random.below(4) {
            0 => {
                account.owner = Address::new_from_array([7; 32]);
                "a copy under an unknown program"
            }
            1 => {
                account.data.clear();
                "an empty copy"
            }
            2 => {
                account.data.iter_mut().for_each(|byte| *byte = !*byte);
                "a negative"
            }
            _ => "a copy",
        }
    }
}

/// Of a copy, always the same.
fn address_of(original: &Address, how: &str) -> Address {
    let mut bytes = original.to_bytes();
    bytes[0] ^= 0x5a;
    bytes[1] ^= how.len() as u8;
    Address::new_from_array(bytes)
}
