//! The same hostile input for any instruction.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    instructions::SYSTEM_PROGRAM, layout::DISCRIMINATOR_LEN, market::MARKET_ID, oracle::ORACLE_ID,
    registry::REGISTRY_ID,
};
use joulebook_sim::{Chain, Receipt};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::{error::InstructionError, AccountMeta, Instruction};
use solana_keypair::Keypair;

use crate::refused::{needed, refused_when, NamedError};

/// Spoils a good instruction in every way that needs no knowledge of what it does: data cut short at
/// every byte or of no instruction, accounts missing, signatures missing, accounts read-only, forged, of
/// another kind or at another address. Each must be refused by name and change nothing. Then sends the
/// instruction as it is but for trailing bytes, which mean nothing: it must go through, so that it was
/// the spoiling that was refused.
#[track_caller]
pub fn sweep(chain: &mut Chain, instruction: &Instruction, signers: &[&Keypair]) -> Receipt {
    spoil_data(chain, instruction, signers);
    drop_accounts(chain, instruction, signers);
    for place in 0..instruction.accounts.len() {
        spoil_flags(chain, instruction, signers, place);
        spoil_account(chain, instruction, signers, place);
    }
    let mut padded = instruction.clone();
    padded.data.extend_from_slice(&[0xff; 9]);
    let receipt = chain.send(&[padded], &needed(instruction, signers));
    receipt.expect("the instruction that was spoilt is a good one")
}

#[track_caller]
fn spoil_data(chain: &mut Chain, instruction: &Instruction, signers: &[&Keypair]) {
    for len in 0..instruction.data.len() {
        let mut cut = instruction.clone();
        cut.data.truncate(len);
        let reason = match len < DISCRIMINATOR_LEN {
            true => ErrorCode::InstructionFallbackNotFound,
            false => ErrorCode::InstructionDidNotDeserialize,
        };
        let case = format!("data cut to {len} bytes");
        refused_when(&case, chain, &cut, signers, reason);
    }
    let mut unknown = instruction.clone();
    unknown.data[0] ^= 0xff;
    let reason = ErrorCode::InstructionFallbackNotFound;
    refused_when("no such instruction", chain, &unknown, signers, reason);
}

#[track_caller]
fn drop_accounts(chain: &mut Chain, instruction: &Instruction, signers: &[&Keypair]) {
    for len in 0..instruction.accounts.len() {
        let mut cut = instruction.clone();
        cut.accounts.truncate(len);
        let case = format!("only {len} accounts");
        refused_when(&case, chain, &cut, signers, ErrorCode::AccountNotEnoughKeys);
    }
}

#[track_caller]
fn spoil_flags(chain: &mut Chain, instruction: &Instruction, signers: &[&Keypair], place: usize) {
    let meta = &instruction.accounts[place];
    if meta.is_signer {
        let mut unsigned = instruction.clone();
        unsigned.accounts[place].is_signer = false;
        let case = format!("account {place} has not signed");
        refused_when(
            &case,
            chain,
            &unsigned,
            signers,
            ErrorCode::AccountNotSigner,
        );
    }
    if !meta.is_writable {
        return;
    }
    // A new account is created before the others are checked, and the runtime stops that.
    let is_created = |meta: &AccountMeta| meta.is_writable && is_new(chain, &meta.pubkey);
    let creates = instruction.accounts.iter().any(is_created);
    let reason = match creates && (meta.is_signer || is_created(meta)) {
        true => InstructionError::PrivilegeEscalation.failure(),
        false => ErrorCode::ConstraintMut.failure(),
    };
    let mut fixed = instruction.clone();
    fixed.accounts[place].is_writable = false;
    let case = format!("account {place} is read-only");
    refused_when(&case, chain, &fixed, signers, reason);
}

#[track_caller]
fn spoil_account(chain: &mut Chain, instruction: &Instruction, signers: &[&Keypair], place: usize) {
    let meta = &instruction.accounts[place];
    let is_last = place + 1 == instruction.accounts.len();
    if meta.is_signer {
        return;
    }
    let replace = |chain: &mut Chain, by: Address, case: &str, reason: ErrorCode| {
        let mut other = instruction.clone();
        other.accounts[place].pubkey = by;
        let case = format!("account {place} is {case}");
        refused_when(&case, chain, &other, signers, reason);
    };
    if is_last && meta.pubkey == SYSTEM_PROGRAM {
        let reason = ErrorCode::InvalidProgramId;
        replace(chain, REGISTRY_ID, "another program", reason);
        return;
    }
    if meta.pubkey == ORACLE_ID || meta.pubkey == REGISTRY_ID {
        return;
    }
    let Some(account) = chain.svm.get_account(&meta.pubkey) else {
        if meta.is_writable {
            let reason = ErrorCode::ConstraintSeeds;
            replace(chain, Address::new_unique(), "at another address", reason);
        }
        return;
    };
    // What else there is, wallets and tables that grow, has rules of its own.
    let is_state = [MARKET_ID, ORACLE_ID, REGISTRY_ID].contains(&account.owner);
    if !is_state || grows(instruction) {
        return;
    }
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    replace(chain, Address::new_unique(), "not there", reason);
    let foreign = forge(chain, &account, |copy| copy.owner = Address::new_unique());
    replace(chain, foreign, "of another program", reason);
    let reason = ErrorCode::AccountDiscriminatorMismatch;
    let unlike = forge(chain, &account, |copy| {
        copy.data[..DISCRIMINATOR_LEN].fill(0xff)
    });
    replace(chain, unlike, "of another kind", reason);
    let reason = ErrorCode::AccountDiscriminatorNotFound;
    let empty = forge(chain, &account, |copy| copy.data.clear());
    replace(chain, empty, "empty", reason);
}

/// A changed copy of an account at a new address.
pub fn forge(chain: &mut Chain, account: &Account, change: impl FnOnce(&mut Account)) -> Address {
    let address = Address::new_unique();
    let mut copy = account.clone();
    change(&mut copy);
    chain
        .svm
        .set_account(address, copy)
        .expect("an account that runs no code can always be set");
    address
}

/// The account at `address`, copied under another program's name.
pub fn forged_owner(chain: &mut Chain, address: &Address) -> Address {
    let account = chain
        .svm
        .get_account(address)
        .expect("there is one to copy");
    forge(chain, &account, |copy| copy.owner = Address::new_unique())
}

fn is_new(chain: &Chain, address: &Address) -> bool {
    chain.svm.get_account(address).is_none()
}

/// Its table is told apart by the program itself.
fn grows(instruction: &Instruction) -> bool {
    // The same in the market.
    use joulebook_client::oracle::instructions::GROW_TABLE_DISCRIMINATOR;
    instruction.data.starts_with(&GROW_TABLE_DISCRIMINATOR)
}
