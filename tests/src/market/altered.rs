//! Instructions and accounts altered out of shape.

use joulebook_sim::Chain;
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::refused::Snapshot;

/// The instruction with account `from` replaced by `to` wherever it stands.
#[track_caller]
pub fn swap(instruction: &Instruction, from: Address, to: Address) -> Instruction {
    let mut altered = instruction.clone();
    let mut found = false;
    for meta in altered
        .accounts
        .iter_mut()
        .filter(|meta| meta.pubkey == from)
    {
        meta.pubkey = to;
        found = true;
    }
    assert!(found, "the instruction does not name {from}");
    altered
}

/// Writes over an account's data from `offset` on.
pub fn write(chain: &mut Chain, address: &Address, offset: usize, bytes: &[u8]) {
    change(chain, address, |account| {
        account.data[offset..offset + bytes.len()].copy_from_slice(bytes);
    });
}

/// Changes an account as no instruction could.
pub fn change(chain: &mut Chain, address: &Address, change: impl FnOnce(&mut Account)) {
    let mut account = chain.svm.get_account(address).unwrap_or_default();
    change(&mut account);
    chain
        .svm
        .set_account(*address, account)
        .expect("an account that runs no code can always be set");
}

/// Puts accounts back as they were.
pub fn restore(chain: &mut Chain, accounts: &Snapshot) {
    for (address, account) in accounts {
        let was = account.clone().unwrap_or_default();
        change(chain, address, |account| *account = was);
    }
}
