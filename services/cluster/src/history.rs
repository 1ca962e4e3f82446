//! What happened, from transactions. A node keeps them for a while, or for good; what it has not is told from what is not there.

use std::sync::Arc;

use serde_json::json;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::{AccountMeta, Instruction};
use solana_rpc_client::{
    nonblocking::rpc_client::RpcClient, rpc_client::GetConfirmedSignaturesForAddress2Config,
};
use solana_rpc_client_api::{config::RpcTransactionConfig, request::RpcRequest};
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_status_client_types::{
    option_serializer::OptionSerializer, EncodedConfirmedTransactionWithStatusMeta,
    UiTransactionEncoding, UiTransactionStatusMeta,
};

use crate::{Cluster, ClusterError};

/// The most signatures that a node tells at once.
pub const SIGNATURES_AT_ONCE: usize = 1_000;
/// Legacy transactions, those of version 0, and those of version 1.
const NEWEST_VERSION: u8 = 1;

/// A transaction that touched an account, by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastSignature {
    pub signature: Signature,
    pub slot: u64,
    /// When its block was made, unix seconds; not all nodes say so.
    pub time: Option<i64>,
    /// It changed nothing.
    pub has_failed: bool,
}

/// A transaction that did its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTransaction {
    pub signature: Signature,
    pub slot: u64,
    /// When its block was made, unix seconds; not all nodes say so.
    pub time: Option<i64>,
    /// Its own, without those that programs called.
    pub instructions: Vec<Instruction>,
    pub logs: Vec<String>,
}

/// A page of signatures, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastSignatures {
    pub signatures: Vec<PastSignature>,
    /// Whether the node tells of no earlier one.
    pub is_last: bool,
}

impl Cluster {
    /// The newest slot that can't be taken back any more.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn final_slot(&self) -> Result<u64, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let finalized = CommitmentConfig::finalized();
            client.get_slot_with_commitment(finalized).await
        };
        self.ask("the final slot", ask).await
    }

    /// Transactions that can't be taken back any more and touched `address`, the newest first: those before `before`, and after
    /// `until`, [`SIGNATURES_AT_ONCE`] of them.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn signatures(
        &self,
        address: Address,
        before: Option<Signature>,
        until: Option<Signature>,
    ) -> Result<PastSignatures, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let config = GetConfirmedSignaturesForAddress2Config {
                before,
                until,
                limit: Some(SIGNATURES_AT_ONCE),
                commitment: Some(CommitmentConfig::finalized()),
            };
            client
                .get_signatures_for_address_with_config(&address, config)
                .await
        };
        let what = "the transactions of an account";
        let mut answer = self.ask(what, ask).await?;
        // One that keeps less tells a shorter list, without saying so.
        if answer.len() < SIGNATURES_AT_ONCE && self.has_others() {
            let is_full = |list: &Vec<_>| list.len() >= SIGNATURES_AT_ONCE;
            let others = self.ask_each(what, ask, is_full).await;
            for list in others.into_iter().flatten().flatten() {
                if list.len() > answer.len() {
                    answer = list;
                }
            }
        }
        let is_last = answer.len() < SIGNATURES_AT_ONCE;
        let mut signatures = Vec::with_capacity(answer.len());
        for one in answer {
            let signature = one.signature.parse();
            signatures.push(PastSignature {
                signature: signature.map_err(|_| ClusterError::Unreadable {
                    what: "the list of an account's transactions",
                })?,
                slot: one.slot,
                time: one.block_time,
                has_failed: one.err.is_some(),
            });
        }
        Ok(PastSignatures {
            signatures,
            is_last,
        })
    }

    /// A transaction that can't be taken back any more; `None` if no endpoint has it. That its signers have signed it is verified
    /// here; that it landed, and what it logged, is believed.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn transaction(
        &self,
        signature: Signature,
    ) -> Result<Option<PastTransaction>, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let config = RpcTransactionConfig {
                encoding: Some(UiTransactionEncoding::Base64),
                commitment: Some(CommitmentConfig::finalized()),
                max_supported_transaction_version: Some(NEWEST_VERSION),
            };
            let request = json!([signature.to_string(), config]);
            client
                .send::<Option<EncodedConfirmedTransactionWithStatusMeta>>(
                    RpcRequest::GetTransaction,
                    request,
                )
                .await
        };
        let what = "a transaction";
        let mut answer = self.ask(what, ask).await?;
        if answer.is_none() && self.has_others() {
            let each = self.ask_each(what, ask, Option::is_some).await;
            let mut silent = None;
            for one in each {
                match one {
                    Ok(one) => answer = answer.or(one.flatten()),
                    Err(error) => silent = Some(error),
                }
            }
            // One that does not answer may have it.
            if let (None, Some(error)) = (&answer, silent) {
                return Err(error);
            }
        }
        let Some(found) = answer else { return Ok(None) };
        read(signature, found).map(Some)
    }
}

/// # Errors
/// If it is another transaction, or none that its signers have signed: whoever tells that is no witness.
fn read(
    signature: Signature,
    found: EncodedConfirmedTransactionWithStatusMeta,
) -> Result<PastTransaction, ClusterError> {
    let unreadable = ClusterError::Unreadable {
        what: "a transaction",
    };
    let transaction = found.transaction.transaction.decode();
    let transaction = transaction.filter(|one| one.signatures.first() == Some(&signature));
    let Some(transaction) = transaction else {
        return Err(unreadable);
    };
    match is_signed(&transaction) {
        true => past(signature, &transaction, found).ok_or(unreadable),
        false => Err(ClusterError::Forged(signature)),
    }
}

/// Whether each of those who must sign it has, over its very bytes.
fn is_signed(transaction: &VersionedTransaction) -> bool {
    let message = &transaction.message;
    let signers = usize::from(message.header().num_required_signatures);
    let bytes = message.serialize();
    let keys = message.static_account_keys().iter().take(signers);
    let mut signed = keys.zip(&transaction.signatures);
    transaction.signatures.len() == signers
        && message.static_account_keys().len() >= signers
        && signed.all(|(key, signature)| signature.verify(key.as_ref(), &bytes))
}

fn past(
    signature: Signature,
    transaction: &VersionedTransaction,
    found: EncodedConfirmedTransactionWithStatusMeta,
) -> Option<PastTransaction> {
    let meta = found.transaction.meta?;
    let mut keys = transaction.message.static_account_keys().to_vec();
    keys.extend(loaded(&meta)?);
    let instructions = transaction.message.instructions().iter().map(|one| {
        let key = |place: u8| keys.get(usize::from(place)).copied();
        let accounts = one.accounts.iter().map(|place| {
            let key = key(*place)?;
            Some(AccountMeta::new_readonly(key, false))
        });
        Some(Instruction {
            program_id: key(one.program_id_index)?,
            accounts: accounts.collect::<Option<_>>()?,
            data: one.data.clone(),
        })
    });
    Some(PastTransaction {
        signature,
        slot: found.slot,
        time: found.block_time,
        instructions: instructions.collect::<Option<_>>()?,
        logs: match meta.log_messages {
            OptionSerializer::Some(logs) => logs,
            _ => vec![],
        },
    })
}

/// Addresses from lookup tables: writable ones, then the others.
fn loaded(meta: &UiTransactionStatusMeta) -> Option<Vec<Address>> {
    let OptionSerializer::Some(loaded) = &meta.loaded_addresses else {
        return Some(vec![]);
    };
    let all = loaded.writable.iter().chain(&loaded.readonly);
    all.map(|address| address.parse().ok()).collect()
}
