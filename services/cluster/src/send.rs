//! Transactions, from instructions to what became of them.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use joulebook_client::{packing::transaction_len_with, program_error::ProgramError};
use solana_address::Address;
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::{error::InstructionError, Instruction};
use solana_keypair::Keypair;
use solana_message::{v0, AddressLookupTableAccount, Message, VersionedMessage};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::{RpcSendTransactionConfig, RpcSimulateTransactionConfig};
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use solana_transaction_status_client_types::TransactionStatus;
use tokio::time::{sleep, Instant};
use tracing::debug;

use crate::{Cluster, ClusterError};

/// The most bytes that a transaction may have: what every network takes.
const MAX_LEN: usize = 1_232;
const MAX_UNITS: u32 = 1_400_000;
/// Compute units that the instructions take which ask for limits and offer a price.
const LIMITS_UNITS: u32 = 450;
/// Loaded account data is counted in pages of so many bytes.
const DATA_PAGE: u32 = 32 * 1024;
/// The same bytes are sent again as long as they can land.
const RESEND: Duration = Duration::from_secs(2);
/// Signatures that are remembered: those of some minutes, for as long as a blockhash can be signed with.
const REMEMBERED: usize = 4_096;
/// How often it is asked whether an airdrop has come.
const AIRDROP_POLLS: u32 = 100;
/// How often, in polls, it is asked whether the transaction can still land.
const HEIGHT_POLLS: u32 = 8;

/// A transaction to be sent.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// Without instructions that ask for compute units: what was asked for is measured. Those that are there are left out.
    pub instructions: &'a [Instruction],
    pub payer: &'a Keypair,
    /// Whoever has to sign beside who pays.
    pub signers: &'a [&'a Keypair],
}

/// A transaction that is in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    pub signature: Signature,
    pub slot: u64,
    /// What it was allowed to compute.
    pub units: u32,
    /// What was paid for it, lamports.
    pub fee: u64,
}

/// What became of a transaction that did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent, and nothing paid.
    #[error("{}", words(.error))]
    Refused {
        error: TransactionError,
        logs: Vec<String>,
    },
    /// It landed, cost its fee, and changed nothing.
    #[error("{} (transaction {signature})", words(.error))]
    Failed {
        signature: Signature,
        error: TransactionError,
    },
    #[error("transaction {signature} was not taken into any block in time; send it anew")]
    Expired { signature: Signature },
    /// It may still land, or have landed.
    #[error("nobody says what became of transaction {signature} ({because}); look it up before anything is sent in its place")]
    Unknown {
        signature: Signature,
        because: Box<ClusterError>,
    },
    #[error("the transaction has {0} bytes, more than the 1,232 that a network takes; send less at once")]
    TooLarge(usize),
    #[error("the transaction can't be signed: {0}")]
    Unsigned(String),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl SendError {
    /// The error of the program or of the chain, if that is what it was.
    pub fn error(&self) -> Option<&TransactionError> {
        match self {
            SendError::Refused { error, .. } | SendError::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The named error of one of the three programs.
    pub fn program_error(&self) -> Option<ProgramError> {
        self.error().and_then(program_error)
    }

    /// Whether it computed more than it may.
    pub fn computed_too_much(&self) -> bool {
        matches!(
            self.error(),
            Some(TransactionError::InstructionError(
                _,
                InstructionError::ComputationalBudgetExceeded
                    | InstructionError::ProgramFailedToComplete
            ))
        )
    }
}

fn program_error(error: &TransactionError) -> Option<ProgramError> {
    match error {
        TransactionError::InstructionError(_, InstructionError::Custom(code)) => {
            ProgramError::from_code(*code)
        }
        _ => None,
    }
}

fn words(error: &TransactionError) -> String {
    match program_error(error) {
        Some(error) => error.to_string(),
        None => error.to_string(),
    }
}

/// What a transaction asks for beside its instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub units: u32,
    /// Bytes.
    pub loaded_data: Option<u32>,
    /// Micro-lamports.
    pub unit_price: u64,
}

impl Cluster {
    /// Sends a transaction and waits until it is confirmed. What it computes and loads is measured first, which also finds out
    /// what would fail, and costs nothing.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, outgoing: Outgoing<'_>) -> Result<Landed, SendError> {
        let signed = self.sign(outgoing, &[]).await?;
        self.send_signed(&signed).await
    }

    /// Sends a transaction that asks for so many compute units, measures nothing and waits for nothing: for many at once whose
    /// work can be looked for in accounts.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn post(
        &self,
        outgoing: Outgoing<'_>,
        units: u32,
        blockhash: Hash,
    ) -> Result<Signature, SendError> {
        let limits = Limits {
            units,
            loaded_data: None,
            unit_price: self.unit_price(outgoing.instructions, units).await,
        };
        let all = with_limits(&outgoing.payer.pubkey(), outgoing.instructions, limits, &[])?;
        let transaction = signed(&outgoing, &all, blockhash, &[])?;
        self.broadcast(&transaction).await?;
        Ok(transaction.signatures.first().copied().unwrap_or_default())
    }

    /// A recent blockhash, to sign with.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn recent_blockhash(&self) -> Result<Hash, ClusterError> {
        Ok(self.blockhash().await?.0)
    }

    /// Asks a test cluster for lamports, and waits until they are there.
    ///
    /// # Errors
    /// [`SendError`]; no other cluster gives any.
    pub async fn airdrop(&self, to: Address, lamports: u64) -> Result<(), SendError> {
        let before = self.balance(to).await?;
        let ask =
            |client: Arc<RpcClient>| async move { client.request_airdrop(&to, lamports).await };
        let signature = self.ask("an airdrop", ask).await?;
        for _ in 0..AIRDROP_POLLS {
            sleep(self.options.confirmation_poll()).await;
            if self.balance(to).await? > before {
                return Ok(());
            }
        }
        Err(SendError::Expired { signature })
    }

    /// What became of a transaction, also long ago; `None` if no block has it.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn look_up(
        &self,
        signature: Signature,
    ) -> Result<Option<TransactionStatus>, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let signatures = [signature];
            client
                .get_signature_statuses_with_history(&signatures)
                .await
        };
        let answer = self.ask("the fate of a transaction", ask).await?;
        Ok(answer.value.into_iter().flatten().next())
    }

    pub(crate) async fn measure(
        &self,
        outgoing: &Outgoing<'_>,
        instructions: &[Instruction],
        tables: &[AddressLookupTableAccount],
    ) -> Result<Limits, SendError> {
        let payer = outgoing.payer.pubkey();
        let most = Limits {
            units: MAX_UNITS,
            loaded_data: None,
            unit_price: 0,
        };
        let all = with_limits(&payer, instructions, most, tables)?;
        let message = message(&payer, &all, Hash::default(), tables)?;
        let count = message.header().num_required_signatures;
        let transaction = VersionedTransaction {
            signatures: vec![Signature::default(); count.into()],
            message,
        };
        let ask = |client: Arc<RpcClient>| {
            let transaction = &transaction;
            let config = RpcSimulateTransactionConfig {
                replace_recent_blockhash: true,
                commitment: Some(CommitmentConfig::confirmed()),
                min_context_slot: self.seen(),
                ..RpcSimulateTransactionConfig::default()
            };
            async move {
                client
                    .simulate_transaction_with_config(transaction, config)
                    .await
            }
        };
        let answer = self.ask("a trial of the transaction", ask).await?.value;
        if let Some(error) = answer.err {
            return Err(SendError::Refused {
                error: error.into(),
                logs: answer.logs.unwrap_or_default(),
            });
        }
        let used = answer.units_consumed.unwrap_or(u64::from(MAX_UNITS));
        Ok(Limits {
            units: with_margin(used),
            loaded_data: answer.loaded_accounts_data_size.map(whole_pages),
            unit_price: 0,
        })
    }

    /// Notes the signature; whether it was not among the last ones noted.
    pub(crate) fn is_new(&self, signature: Option<&Signature>) -> bool {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let signature = signature.copied().unwrap_or_default();
        if sent.contains(&signature) {
            return false;
        }
        if sent.len() >= REMEMBERED {
            sent.pop_front();
        }
        sent.push_back(signature);
        true
    }

    pub(crate) async fn blockhash(&self) -> Result<(Hash, u64), ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let confirmed = CommitmentConfig::confirmed();
            client.get_latest_blockhash_with_commitment(confirmed).await
        };
        self.ask("a recent blockhash", ask).await
    }

    /// Sends the same bytes until they are in a block, or can't be any more.
    pub(crate) async fn deliver(
        &self,
        transaction: &VersionedTransaction,
        last_valid: u64,
    ) -> Result<(Signature, u64), SendError> {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let unknown = |because| SendError::Unknown {
            signature,
            because: Box::new(because),
        };
        let mut sent = None;
        for poll in 1u32.. {
            if sent.is_none_or(|at: Instant| at.elapsed() >= RESEND) {
                match self.broadcast(transaction).await {
                    Ok(()) => {}
                    // What was sent before may still land.
                    Err(error) if sent.is_some() => debug!(%error, "sent once only"),
                    Err(error @ ClusterError::Refused { is_first: true, .. }) => {
                        return Err(error.into())
                    }
                    Err(because) => return Err(unknown(because)),
                }
                sent = Some(Instant::now());
            }
            sleep(self.options.confirmation_poll()).await;
            if let Some(slot) = outcome(signature, self.status(signature).await.map_err(unknown)?)?
            {
                return Ok((signature, slot));
            }
            if poll % HEIGHT_POLLS == 0 && self.height().await.map_err(unknown)? > last_valid {
                let status = self.look_up(signature).await.map_err(unknown)?;
                let slot = outcome(signature, status)?;
                return slot
                    .map(|slot| (signature, slot))
                    .ok_or(SendError::Expired { signature });
            }
        }
        Err(SendError::Expired { signature })
    }

    async fn broadcast(&self, transaction: &VersionedTransaction) -> Result<(), ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let config = RpcSendTransactionConfig {
                skip_preflight: true,
                preflight_commitment: Some(CommitmentLevel::Confirmed),
                max_retries: Some(0),
                ..RpcSendTransactionConfig::default()
            };
            client
                .send_transaction_with_config(transaction, config)
                .await
        };
        self.ask("sending a transaction", ask).await.map(|_| ())
    }

    async fn status(
        &self,
        signature: Signature,
    ) -> Result<Option<TransactionStatus>, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let signatures = [signature];
            client.get_signature_statuses(&signatures).await
        };
        let answer = self.ask("the state of a transaction", ask).await?;
        Ok(answer.value.into_iter().flatten().next())
    }

    pub(crate) async fn height(&self) -> Result<u64, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let confirmed = CommitmentConfig::confirmed();
            client.get_block_height_with_commitment(confirmed).await
        };
        self.ask("the block height", ask).await
    }
}

/// The slot of a transaction that is confirmed; `None` while it is not.
pub(crate) fn outcome(
    signature: Signature,
    status: Option<TransactionStatus>,
) -> Result<Option<u64>, SendError> {
    let confirmed =
        |status: &TransactionStatus| status.satisfies_commitment(CommitmentConfig::confirmed());
    let Some(status) = status.filter(confirmed) else {
        return Ok(None);
    };
    match status.err {
        Some(error) => Err(SendError::Failed { signature, error }),
        None => Ok(Some(status.slot)),
    }
}

fn with_margin(used: u64) -> u32 {
    let used = u32::try_from(used).unwrap_or(MAX_UNITS);
    // The same call takes other units when rows have changed in between.
    let more = used / 10;
    used.saturating_add(more)
        .saturating_add(LIMITS_UNITS)
        .min(MAX_UNITS)
}

fn whole_pages(bytes: u32) -> u32 {
    // One page more: a table may have grown.
    bytes
        .div_ceil(DATA_PAGE)
        .saturating_add(1)
        .saturating_mul(DATA_PAGE)
}

/// With the limits in front; those that a transaction can do without are left out where it would become too large.
pub(crate) fn with_limits(
    payer: &Address,
    instructions: &[Instruction],
    limits: Limits,
    tables: &[AddressLookupTableAccount],
) -> Result<Vec<Instruction>, SendError> {
    let units = ComputeBudgetInstruction::set_compute_unit_limit(limits.units);
    let price = (limits.unit_price > 0)
        .then(|| ComputeBudgetInstruction::set_compute_unit_price(limits.unit_price));
    let loaded = limits
        .loaded_data
        .map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit);
    let with = |limits: Vec<Instruction>| [limits, instructions.to_vec()].concat();
    let tried = [
        with(
            [Some(units.clone()), price.clone(), loaded]
                .into_iter()
                .flatten()
                .collect(),
        ),
        with([Some(units.clone()), price].into_iter().flatten().collect()),
        with(vec![units]),
    ];
    let len = |all: &[Instruction]| transaction_len_with(payer, all, tables).unwrap_or(usize::MAX);
    let least = len(&tried[2]);
    tried
        .into_iter()
        .find(|all| len(all) <= MAX_LEN)
        .ok_or(SendError::TooLarge(least))
}

/// With addresses of lookup tables, if there are any.
fn message(
    payer: &Address,
    instructions: &[Instruction],
    blockhash: Hash,
    tables: &[AddressLookupTableAccount],
) -> Result<VersionedMessage, SendError> {
    if tables.is_empty() {
        let message = Message::new_with_blockhash(instructions, Some(payer), &blockhash);
        return Ok(VersionedMessage::Legacy(message));
    }
    v0::Message::try_compile(payer, instructions, tables, blockhash)
        .map(VersionedMessage::V0)
        .map_err(|error| SendError::Unsigned(error.to_string()))
}

pub(crate) fn signed(
    outgoing: &Outgoing<'_>,
    instructions: &[Instruction],
    blockhash: Hash,
    tables: &[AddressLookupTableAccount],
) -> Result<VersionedTransaction, SendError> {
    let payer = outgoing.payer;
    let message = message(&payer.pubkey(), instructions, blockhash, tables)?;
    let mut signers: Vec<&Keypair> = vec![payer];
    for signer in outgoing.signers {
        if signers
            .iter()
            .all(|known| known.pubkey() != signer.pubkey())
        {
            signers.push(signer);
        }
    }
    VersionedTransaction::try_new(message, &signers)
        .map_err(|error: SignerError| SendError::Unsigned(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_leave_room_and_stay_within_what_is_allowed() {
        assert_eq!(with_margin(10_000), 11_450);
        assert_eq!(with_margin(1_390_000), MAX_UNITS);
        assert_eq!(with_margin(u64::MAX), MAX_UNITS);
        assert_eq!(whole_pages(1), 2 * DATA_PAGE);
        assert_eq!(whole_pages(DATA_PAGE), 2 * DATA_PAGE);
    }

    #[test]
    fn what_does_not_fit_is_left_out_before_the_transaction_is_refused() {
        let payer = Address::new_from_array([1; 32]);
        let limits = Limits {
            units: 1,
            loaded_data: Some(1),
            unit_price: 1,
        };
        let count = |len: usize| {
            let data = vec![0; len];
            let one = Instruction::new_with_bytes([2; 32].into(), &data, vec![]);
            with_limits(&payer, &[one], limits, &[]).map(|all| all.len())
        };
        assert_eq!(count(100), Ok(4));
        let longest = (0..1_232)
            .rev()
            .find(|len| count(*len).is_ok())
            .expect("one fits");
        assert_eq!(count(longest), Ok(2));
        assert!(matches!(
            count(longest + 1),
            Err(SendError::TooLarge(1_233))
        ));
    }

    #[test]
    fn a_refusal_says_what_the_program_says() {
        let error = TransactionError::InstructionError(0, InstructionError::Custom(6200));
        let refused = SendError::Refused {
            error,
            logs: vec![],
        };
        assert!(refused.to_string().starts_with("market: "), "{refused}");
        assert!(refused.program_error().is_some());
    }
}
