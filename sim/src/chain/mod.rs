//! The virtual machine with the programs loaded, and tokens on it.

mod extension;
mod keys;
mod recording;
pub mod token;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use joulebook_client::{
    event_counts::{EventCounts, Gap},
    events::{events, Event},
    market, oracle,
    program_error::ProgramError,
    registry,
};
use litesvm::LiteSVM;
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_instruction::{error::InstructionError, Instruction};
use solana_keypair::Keypair;
use solana_message::{v0, AddressLookupTableAccount, Message, VersionedMessage};
use solana_signer::Signer;
use solana_slot_hashes::SlotHashes;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use crate::checkout;
use keys::Keys;
pub use recording::Recorded;
pub use token::Token;

/// What a transaction may weigh on the wire, bytes.
pub const MAX_TRANSACTION: usize = 1232;

/// The virtual machine with the three programs loaded.
pub struct Chain {
    pub svm: LiteSVM,
    /// Pays every transaction's fee.
    pub payer: Keypair,
    /// Which events there were.
    pub counts: EventCounts,
    /// Those that were missing in a log.
    pub gaps: Vec<Gap>,
    keys: Keys,
    recording: Option<Vec<Recorded>>,
}

/// What a transaction that went through left behind.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Of the whole transaction.
    pub compute_units: u64,
    /// Lamports.
    pub fee: u64,
    pub logs: Vec<String>,
}

/// Why a transaction was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("registry: {0}")]
    Registry(registry::errors::RegistryError),
    #[error("oracle: {0}")]
    Oracle(oracle::errors::OracleError),
    #[error("market: {0}")]
    Market(market::errors::MarketError),
    /// A named error of the framework or another program, by its number.
    #[error("error {0}")]
    Custom(u32),
    #[error("{0}")]
    Transaction(TransactionError),
    #[error("the transaction has {0} bytes, more than the network takes")]
    TooLarge(usize),
}

impl Chain {
    /// Loads `registry.so`, `oracle.so` and `market.so` from `programs`. `seed` decides every key.
    ///
    /// # Errors
    /// A sentence that says which file is missing and how to make it.
    pub fn new(programs: &Path, seed: u64) -> Result<Chain, String> {
        // A log that is cut short would miss events.
        let mut svm = LiteSVM::new()
            .with_transaction_history(0)
            .with_log_bytes_limit(None);
        for (id, name) in [
            (registry::REGISTRY_ID, "registry"),
            (oracle::ORACLE_ID, "oracle"),
            (market::MARKET_ID, "market"),
        ] {
            let file = programs.join(name).with_extension("so");
            svm.add_program_from_file(id, &file).map_err(|error| {
                format!(
                    "cannot load {}: {error}; build it with `make build`",
                    file.display()
                )
            })?;
        }
        let mut keys = Keys::from_seed(seed);
        let mut chain = Chain {
            svm,
            payer: keys.next(),
            counts: EventCounts::default(),
            gaps: Vec::new(),
            keys,
            recording: None,
        };
        let payer = chain.payer.pubkey();
        chain.fund(&payer);
        Ok(chain)
    }

    /// Takes every signature for given that a transaction asks for, so that a program's address can sign without the
    /// program: to another program that looks as a call of it does.
    pub fn without_signature_checks(mut self) -> Chain {
        self.svm = self.svm.with_sigverify(false);
        self
    }

    /// Where `make build` puts the programs: `target/deploy` of the checkout, or `JOULEBOOK_PROGRAMS`.
    pub fn programs_dir() -> PathBuf {
        let named = std::env::var_os("JOULEBOOK_PROGRAMS").map(PathBuf::from);
        named.unwrap_or_else(|| checkout().join("target/deploy"))
    }

    /// Gives `address` lamports enough for anything.
    pub fn fund(&mut self, address: &Address) {
        let account = Account {
            lamports: 1_000_000_000_000,
            ..Account::default()
        };
        self.svm
            .set_account(*address, account)
            .expect("a plain account can always be set");
    }

    /// Unix time of the Clock sysvar, seconds.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Sets the Clock sysvar's unix time.
    pub fn set_time(&mut self, unix_timestamp: i64) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.unix_timestamp = unix_timestamp;
        clock.slot += 1;
        self.svm.set_sysvar(&clock);
    }

    /// Sends one transaction, paid by [`Chain::payer`].
    ///
    /// # Errors
    /// Why the chain refused it; its state is as before but for the fee.
    pub fn send(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Receipt, Failure> {
        let payer = self.payer.insecure_clone();
        self.send_paid_by(&payer, instructions, signers, &[])
    }

    /// Sends one transaction that a wallet signs and pays for by itself.
    ///
    /// # Errors
    /// Likewise.
    pub fn send_from(
        &mut self,
        wallet: &Keypair,
        instructions: &[Instruction],
    ) -> Result<Receipt, Failure> {
        self.send_paid_by(wallet, instructions, &[], &[])
    }

    /// The same, with addresses from lookup tables.
    ///
    /// # Errors
    /// Likewise.
    pub fn send_with_tables(
        &mut self,
        wallet: &Keypair,
        instructions: &[Instruction],
        tables: &[AddressLookupTableAccount],
    ) -> Result<Receipt, Failure> {
        self.send_paid_by(wallet, instructions, &[], tables)
    }

    fn send_paid_by(
        &mut self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
        tables: &[AddressLookupTableAccount],
    ) -> Result<Receipt, Failure> {
        let blockhash = self.svm.latest_blockhash();
        let message = match tables {
            [] => VersionedMessage::Legacy(Message::new_with_blockhash(
                instructions,
                Some(&payer.pubkey()),
                &blockhash,
            )),
            tables => v0::Message::try_compile(&payer.pubkey(), instructions, tables, blockhash)
                .map(VersionedMessage::V0)
                .map_err(|_| Failure::Transaction(TransactionError::TooManyAccountLocks))?,
        };
        let mut all: Vec<&Keypair> = vec![payer];
        all.extend(signers.iter().filter(|key| key.pubkey() != payer.pubkey()));
        all.dedup_by_key(|key| key.pubkey());
        let size = message.serialize().len() + 1 + 64 * all.len();
        if size > MAX_TRANSACTION {
            return Err(Failure::TooLarge(size));
        }
        let transaction = match self.svm.get_sigverify() {
            true => VersionedTransaction::try_new(message, &all)
                .map_err(|_| Failure::Transaction(TransactionError::SignatureFailure))?,
            false => unsigned(message),
        };
        let before = self.moment(instructions);
        let result = match self.svm.send_transaction(transaction) {
            Ok(meta) => {
                let events = events(&meta.logs);
                let missing = events.iter().filter_map(|event| self.counts.take(event));
                self.gaps.extend(missing);
                self.record(before);
                Ok(Receipt {
                    compute_units: meta.compute_units_consumed,
                    fee: meta.fee,
                    logs: meta.logs,
                })
            }
            Err(failed) => {
                if std::env::var_os("JOULEBOOK_LOGS").is_some() {
                    let logs = failed.meta.logs.join("\n");
                    // Nobody may be listening; `eprintln!` would panic then.
                    let _ = writeln!(io::stderr(), "{:?}\n{logs}", failed.err);
                }
                Err(Failure::of(failed.err))
            }
        };
        // The same transaction sent again is another one.
        self.svm.expire_blockhash();
        result
    }

    /// A slot of which the SlotHashes sysvar says that it has a block.
    pub fn recent_slot(&mut self) -> u64 {
        let slot = self.svm.get_sysvar::<Clock>().slot;
        let hashes = SlotHashes::new(&[(slot, self.svm.latest_blockhash())]);
        self.svm.set_sysvar(&hashes);
        // What is looked up in a table must have been there for a slot.
        let now = self.now();
        self.set_time(now);
        slot
    }

    /// An account's data; empty if there is none.
    pub fn data(&self, address: &Address) -> Vec<u8> {
        self.svm
            .get_account(address)
            .map(|account| account.data)
            .unwrap_or_default()
    }

    pub fn lamports(&self, address: &Address) -> u64 {
        self.svm.get_balance(address).unwrap_or(0)
    }
}

/// A transaction with signatures that are not one.
fn unsigned(message: VersionedMessage) -> VersionedTransaction {
    let count = message.header().num_required_signatures;
    VersionedTransaction {
        signatures: vec![Default::default(); count.into()],
        message,
    }
}

impl Receipt {
    /// What was reported, in order, and not how it was numbered: each number is 0 here.
    pub fn events(&self) -> Vec<Event> {
        let mut events = events(&self.logs);
        for number in events.iter_mut().filter_map(Event::number_mut) {
            *number = 0;
        }
        events
    }

    /// Compute units of `program`'s own invocations at the top, by instruction.
    pub fn units_of(&self, program: &Address) -> Vec<u64> {
        let prefix = format!("Program {program} consumed ");
        self.logs
            .iter()
            .filter_map(|line| line.strip_prefix(&prefix))
            .filter_map(|rest| rest.split(' ').next()?.parse().ok())
            .collect()
    }
}

impl Failure {
    fn of(error: TransactionError) -> Failure {
        let TransactionError::InstructionError(_, InstructionError::Custom(code)) = error else {
            return Failure::Transaction(error);
        };
        match ProgramError::from_code(code) {
            Some(ProgramError::Registry(error)) => Failure::Registry(error),
            Some(ProgramError::Oracle(error)) => Failure::Oracle(error),
            Some(ProgramError::Market(error)) => Failure::Market(error),
            None => Failure::Custom(code),
        }
    }
}
