//! The file in which one asks another for a signature: a transaction that lacks it, and does not expire.
//!
//! Nothing in it is believed. What is signed is taken apart, made anew from what it was understood to say, and must be the same
//! bytes; so it can hold nothing but what a person is shown.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use base64::{engine::general_purpose::STANDARD, Engine};
use joulebook_client::{instructions::Actor, packing::MAX_LEN, Addresses};
use joulebook_cluster::{Nonce, LAMPORTS_PER_SIGNATURE};
use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{compiled_instruction::CompiledInstruction, Message, VersionedMessage};
use solana_sdk_ids::{compute_budget, system_program};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::CoSigned;

const VERSION: u8 = 1;
/// Bytes of a file: more than any transaction comes to.
const LONGEST: u64 = 16 * 1024;
const MICRO_LAMPORTS: u128 = 1_000_000;
/// Of the two signatures.
const BASE_FEE: u64 = 2 * LAMPORTS_PER_SIGNATURE;

/// As it stands on a disk, in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CoSignatureFile {
    pub version: u8,
    /// Of the cluster, base58.
    pub genesis_hash: String,
    /// Address.
    pub market: String,
    /// As it goes over the wire, base64; zeros where a signature is missing.
    pub transaction: String,
}

/// What a file asks for, once nothing is wrong with it.
#[derive(Clone, Debug)]
pub struct Request {
    pub change: CoSigned,
    pub actor: Actor,
    /// What the one who asks pays, lamports. Whoever signs pays nothing.
    pub fee: u64,
    pub nonce: Nonce,
    transaction: VersionedTransaction,
}

/// Why a file can't be signed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: io::Error },
    #[error("this is no file that asks for a signature ({0}); have it made anew")]
    NoRequest(String),
    #[error(
        "the file is of version {0}, and this program knows 1; use one as new as whoever made it"
    )]
    OtherVersion(u8),
    #[error("the file is for the cluster with the genesis hash {found}, and this is {expected}; check the RPC addresses, or have it made for this cluster")]
    OtherCluster { found: String, expected: Address },
    #[error("the file is for the market {found}, and yours is {expected}; check which community it is for")]
    OtherMarket { found: String, expected: Address },
    #[error("the transaction does something that a file may not ask for; don't sign it")]
    UnknownKind,
    #[error("the transaction does more than what it says; don't sign it")]
    Bent,
    #[error("{found} has to sign this, and your key is that of {own}; give it to whom it is for")]
    ForAnother { found: Address, own: Address },
    #[error("you would pay for this transaction, which whoever asks for it should; don't sign it")]
    YouPay,
    #[error("the signature of {0} is missing or wrong: the file was changed on its way; have it made anew")]
    BadSignature(Address),
}

impl CoSignatureFile {
    /// Of a transaction that the one who asks has signed.
    ///
    /// # Errors
    /// If it can't be written down.
    pub fn new(
        genesis: &Address,
        market: &Address,
        transaction: &VersionedTransaction,
    ) -> Result<CoSignatureFile, FileError> {
        let bytes = wincode::serialize(transaction);
        let bytes = bytes.map_err(|error| FileError::NoRequest(error.to_string()))?;
        Ok(CoSignatureFile {
            version: VERSION,
            genesis_hash: genesis.to_string(),
            market: market.to_string(),
            transaction: STANDARD.encode(bytes),
        })
    }

    /// # Errors
    /// [`FileError`].
    pub fn read(path: &Path) -> Result<CoSignatureFile, FileError> {
        let unreadable = |error| unreadable(path, error);
        let mut bytes = vec![];
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut start = file.take(LONGEST.saturating_add(1));
        start.read_to_end(&mut bytes).map_err(unreadable)?;
        CoSignatureFile::parse(&bytes)
    }

    /// # Errors
    /// [`FileError`].
    pub fn parse(bytes: &[u8]) -> Result<CoSignatureFile, FileError> {
        let no_request = |reason: String| FileError::NoRequest(reason);
        if bytes.len() as u64 > LONGEST {
            return Err(no_request(format!("it has more than {LONGEST} bytes")));
        }
        let file: CoSignatureFile =
            serde_json::from_slice(bytes).map_err(|error| no_request(error.to_string()))?;
        match file.version {
            VERSION => Ok(file),
            other => Err(FileError::OtherVersion(other)),
        }
    }

    /// Writes it into a new file.
    ///
    /// # Errors
    /// Those of the file; if it is there already, too.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let unreadable = |error| unreadable(path, error);
        let text = serde_json::to_string_pretty(self);
        let text = text.map_err(|error| FileError::NoRequest(error.to_string()))?;
        let file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path);
        let mut file = file.map_err(unreadable)?;
        file.write_all(text.as_bytes()).map_err(unreadable)?;
        file.write_all(b"\n").map_err(unreadable)
    }

    /// What it asks `own` for, in this market on this cluster.
    ///
    /// # Errors
    /// [`FileError`] unless it is one of the known kinds and nothing else.
    pub fn examine(
        &self,
        genesis: &Address,
        addresses: &Addresses,
        own: &Address,
    ) -> Result<Request, FileError> {
        if self.genesis_hash != genesis.to_string() {
            return Err(FileError::OtherCluster {
                found: self.genesis_hash.clone(),
                expected: *genesis,
            });
        }
        if self.market != addresses.market.to_string() {
            return Err(FileError::OtherMarket {
                found: self.market.clone(),
                expected: addresses.market,
            });
        }
        let transaction = self.decode()?;
        let VersionedMessage::Legacy(message) = &transaction.message else {
            return Err(FileError::UnknownKind);
        };
        let understood = Understood::of(addresses, message).ok_or(FileError::UnknownKind)?;
        if understood.again() != *message {
            return Err(FileError::Bent);
        }
        let (payer, agreeing) = (understood.payer(), understood.change.agreeing());
        if payer == *own {
            return Err(FileError::YouPay);
        }
        if agreeing != *own {
            return Err(FileError::ForAnother {
                found: agreeing,
                own: *own,
            });
        }
        let signed = transaction.signatures.first();
        let bytes = transaction.message.serialize();
        if !signed.is_some_and(|signature| signature.verify(payer.as_ref(), &bytes)) {
            return Err(FileError::BadSignature(payer));
        }
        Ok(Request {
            change: understood.change,
            actor: understood.actor,
            fee: understood.fee,
            nonce: understood.nonce,
            transaction,
        })
    }

    fn decode(&self) -> Result<VersionedTransaction, FileError> {
        let no_request = |reason: &str| FileError::NoRequest(reason.to_owned());
        let bytes = STANDARD.decode(&self.transaction);
        let bytes = bytes.map_err(|_| no_request("its transaction is no base64"))?;
        if bytes.len() > MAX_LEN {
            return Err(no_request("its transaction is too long"));
        }
        let transaction: Result<VersionedTransaction, _> = wincode::deserialize(&bytes);
        let transaction = transaction.map_err(|_| no_request("its transaction is none"))?;
        let is_sound = transaction.sanitize().is_ok()
            && wincode::serialize(&transaction).is_ok_and(|again| again == bytes);
        match is_sound {
            true => Ok(transaction),
            false => Err(no_request("its transaction is none")),
        }
    }
}

impl Request {
    /// The transaction as it is in the file.
    pub fn unsigned(&self) -> &VersionedTransaction {
        &self.transaction
    }

    /// The transaction with the signature that it lacks.
    pub fn signed(&self, own: &Keypair) -> VersionedTransaction {
        let mut transaction = self.transaction.clone();
        let signature = own.sign_message(&transaction.message.serialize());
        let keys = transaction.message.static_account_keys();
        let place = keys.iter().position(|key| *key == own.pubkey());
        if let Some(missing) = place.and_then(|place| transaction.signatures.get_mut(place)) {
            *missing = signature;
        }
        transaction
    }
}

/// What a message was understood to say.
struct Understood {
    change: CoSigned,
    actor: Actor,
    nonce: Nonce,
    /// Limits and price, as they were asked for.
    budget: Vec<Instruction>,
    fee: u64,
    instruction: Instruction,
}

impl Understood {
    fn of(addresses: &Addresses, message: &Message) -> Option<Understood> {
        let payer = *message.account_keys.first()?;
        let [advance, budget @ .., last] = &message.instructions[..] else {
            return None;
        };
        if program_of(message, advance)? != system_program::ID {
            return None;
        }
        let nonce = Nonce {
            account: *accounts_of(message, advance)?.first()?,
            authority: payer,
            value: message.recent_blockhash,
        };
        let budget = budget.iter().map(|one| {
            let is_budget = program_of(message, one)? == compute_budget::ID;
            let asked = is_budget.then(|| asked_for(&one.data)).flatten()?;
            Some(asked)
        });
        let budget: Vec<Asked> = budget.collect::<Option<_>>()?;
        let accounts = accounts_of(message, last)?;
        let program = program_of(message, last)?;
        let (change, actor) = CoSigned::decode(addresses, &program, &accounts, &last.data)?;
        Some(Understood {
            instruction: change.instruction(addresses, actor),
            change,
            actor,
            nonce,
            fee: fee_of(&budget)?,
            budget: budget.iter().map(Asked::instruction).collect(),
        })
    }

    /// Whoever acts pays, and nobody else: any other payer gives another message.
    fn payer(&self) -> Address {
        self.actor.signer
    }

    /// The message that says this and nothing else.
    fn again(&self) -> Message {
        let mut all = vec![self.nonce.advance()];
        all.extend(self.budget.iter().cloned());
        all.push(self.instruction.clone());
        Message::new_with_blockhash(&all, Some(&self.payer()), &self.nonce.value)
    }
}

/// What an instruction of the compute budget asks for.
#[derive(Clone, Copy)]
enum Asked {
    Units(u32),
    UnitPrice(u64),
    LoadedData(u32),
}

impl Asked {
    fn instruction(&self) -> Instruction {
        match *self {
            Asked::Units(units) => ComputeBudgetInstruction::set_compute_unit_limit(units),
            Asked::UnitPrice(price) => ComputeBudgetInstruction::set_compute_unit_price(price),
            Asked::LoadedData(bytes) => {
                ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(bytes)
            }
        }
    }
}

fn asked_for(data: &[u8]) -> Option<Asked> {
    let (kind, value) = data.split_first()?;
    match kind {
        2 => Some(Asked::Units(u32::from_le_bytes(value.try_into().ok()?))),
        3 => Some(Asked::UnitPrice(u64::from_le_bytes(value.try_into().ok()?))),
        4 => Some(Asked::LoadedData(u32::from_le_bytes(
            value.try_into().ok()?,
        ))),
        _ => None,
    }
}

/// Lamports; `None` if something is asked for twice.
fn fee_of(budget: &[Asked]) -> Option<u64> {
    let (mut units, mut price, mut loaded) = (None, None, None);
    for asked in budget {
        let before = match *asked {
            Asked::Units(value) => units.replace(u64::from(value)),
            Asked::UnitPrice(value) => price.replace(value),
            Asked::LoadedData(value) => loaded.replace(u64::from(value)),
        };
        if before.is_some() {
            return None;
        }
    }
    let priority = u128::from(units?) * u128::from(price.unwrap_or(0));
    let priority = u64::try_from(priority.div_ceil(MICRO_LAMPORTS)).ok()?;
    BASE_FEE.checked_add(priority)
}

fn program_of(message: &Message, instruction: &CompiledInstruction) -> Option<Address> {
    let place = usize::from(instruction.program_id_index);
    message.account_keys.get(place).copied()
}

fn accounts_of(message: &Message, instruction: &CompiledInstruction) -> Option<Vec<Address>> {
    let places = instruction.accounts.iter();
    places
        .map(|place| message.account_keys.get(usize::from(*place)).copied())
        .collect()
}

fn unreadable(path: &Path, error: io::Error) -> FileError {
    FileError::Unreadable {
        path: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests;
