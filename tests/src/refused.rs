//! Calls that must be refused by name and leave everything as it was.

use std::mem::offset_of;

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::{
        market::{Ledger, Market},
        oracle::MeterTable,
        registry::Community,
        Account as _, DISCRIMINATOR_LEN,
    },
    oracle::errors::OracleError,
    registry::errors::RegistryError,
};
use joulebook_sim::{Chain, Failure};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::{error::InstructionError, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_transaction_error::TransactionError;

/// An error with a name, of a program, the framework or the runtime.
pub trait NamedError {
    fn failure(self) -> Failure;
}

impl NamedError for Failure {
    fn failure(self) -> Failure {
        self
    }
}

impl NamedError for RegistryError {
    fn failure(self) -> Failure {
        Failure::Registry(self)
    }
}

impl NamedError for OracleError {
    fn failure(self) -> Failure {
        Failure::Oracle(self)
    }
}

impl NamedError for ErrorCode {
    fn failure(self) -> Failure {
        Failure::Custom(self.into())
    }
}

impl NamedError for InstructionError {
    fn failure(self) -> Failure {
        Failure::Transaction(TransactionError::InstructionError(0, self))
    }
}

/// The system program's `AccountAlreadyInUse`: the answer to creating an account twice.
pub const ALREADY_IN_USE: Failure = Failure::Custom(0);
/// The system program's `ResultWithNegativeLamports`: the payer has not got the rent.
pub const TOO_POOR: Failure = Failure::Custom(1);

/// All that the chain knows of some accounts.
pub type Snapshot = Vec<(Address, Option<Account>)>;

pub fn snapshot(chain: &Chain, addresses: &[Address]) -> Snapshot {
    let state = |address: &Address| {
        let mut account = chain.svm.get_account(address);
        if let Some(account) = &mut account {
            forget_events(&mut account.data);
        }
        (*address, account)
    };
    addresses.iter().map(state).collect()
}

/// Makes the number of events that an account has counted zero: a call that changes nothing else may report something.
pub fn forget_events(data: &mut [u8]) {
    for (discriminator, offset) in [
        (Community::DISCRIMINATOR, offset_of!(Community, events)),
        (MeterTable::DISCRIMINATOR, offset_of!(MeterTable, events)),
        (Market::DISCRIMINATOR, offset_of!(Market, events)),
        (Ledger::DISCRIMINATOR, offset_of!(Ledger, events)),
    ] {
        let start = DISCRIMINATOR_LEN + offset;
        let is_this = data.starts_with(&discriminator);
        if let Some(events) = data.get_mut(start..start + 8).filter(|_| is_this) {
            events.fill(0);
        }
    }
}

/// The accounts an instruction names, without the one that pays the fee of every transaction.
pub fn accounts_of(chain: &Chain, instruction: &Instruction) -> Vec<Address> {
    let payer = chain.payer.pubkey();
    let keys = instruction.accounts.iter().map(|meta| meta.pubkey);
    keys.filter(|key| *key != payer).collect()
}

/// Those of `keys` whose signature `instruction` asks for.
pub fn needed<'k>(instruction: &Instruction, keys: &[&'k Keypair]) -> Vec<&'k Keypair> {
    let asks_for = |key: &Keypair| {
        let mut signing = instruction.accounts.iter().filter(|meta| meta.is_signer);
        signing.any(|meta| meta.pubkey == key.pubkey())
    };
    keys.iter().copied().filter(|key| asks_for(key)).collect()
}

/// Sends `instruction`, expects it to fail for exactly this reason, and the accounts it names to be as
/// before.
#[track_caller]
pub fn refused(
    chain: &mut Chain,
    instruction: &Instruction,
    signers: &[&Keypair],
    reason: impl NamedError,
) {
    refused_when("", chain, instruction, signers, reason);
}

/// As [`refused`]; `case` tells which of several it was.
#[track_caller]
pub fn refused_when(
    case: &str,
    chain: &mut Chain,
    instruction: &Instruction,
    signers: &[&Keypair],
    reason: impl NamedError,
) {
    let watched = accounts_of(chain, instruction);
    let before = snapshot(chain, &watched);
    let signers = needed(instruction, signers);
    let outcome = chain.send(std::slice::from_ref(instruction), &signers);
    let outcome = outcome.map(|receipt| receipt.logs);
    assert_eq!(outcome, Err(reason.failure()), "{case}");
    let after = snapshot(chain, &watched);
    assert!(before == after, "{case}: a refused call changed something");
}
