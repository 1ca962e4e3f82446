//! Transactions, from instructions to what became of them.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use solana_address::Address;
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{v0, AddressLookupTableAccount, Message, VersionedMessage};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::{RpcSendTransactionConfig, RpcSimulateTransactionConfig};
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_status_client_types::TransactionStatus;
use tokio::time::{sleep, Instant};
use tracing::debug;

use crate::{
    error::behind,
    limits::{with_limits, Limits},
    Cluster, ClusterError, SendError,
};

/// The same bytes are sent again as long as they can land.
const RESEND: Duration = Duration::from_secs(2);
/// Signatures that are remembered: those of some minutes, for as long as a blockhash can be signed with.
const REMEMBERED: usize = 4_096;
/// How often it is asked whether an airdrop has come.
const AIRDROP_POLLS: u32 = 100;
/// Transactions that one request may ask about.
const STATUSES_AT_ONCE: usize = 256;
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
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        match self.broadcast(&transaction).await {
            Ok(()) => {}
            // An endpoint that was asked before and did not answer may have taken it: that may be why it is refused now.
            Err(
                error @ ClusterError::Refused {
                    is_first: false, ..
                },
            ) => {
                debug!(%error, "it may be there");
            }
            Err(error @ ClusterError::Refused { .. })
                if self.status(signature).await?.is_some() =>
            {
                debug!(%error, "it was there before");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(signature)
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

    /// The same, and who answers that no block has it knows all blocks up to `slot`: one endpoint may tell that a transaction can't
    /// come any more, and another that is behind not know yet that it has.
    pub(crate) async fn look_up_at(
        &self,
        signature: Signature,
        slot: u64,
    ) -> Result<Option<TransactionStatus>, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let signatures = [signature];
            let answer = client
                .get_signature_statuses_with_history(&signatures)
                .await?;
            let is_behind = answer.context.slot < slot;
            let status = answer.value.into_iter().flatten().next();
            match status.is_none() && is_behind {
                true => Err(behind(answer.context.slot)),
                false => Ok(status),
            }
        };
        self.ask("the fate of a transaction", ask).await
    }

    /// What became of each of many transactions, as far as blocks of late tell: the slot in which one is confirmed, or how it
    /// failed; `None` for one that is not confirmed.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn outcomes(
        &self,
        signatures: &[Signature],
    ) -> Result<Vec<Option<Result<u64, SendError>>>, ClusterError> {
        let mut outcomes = Vec::with_capacity(signatures.len());
        for batch in signatures.chunks(STATUSES_AT_ONCE) {
            let ask =
                |client: Arc<RpcClient>| async move { client.get_signature_statuses(batch).await };
            let answer = self.ask("the states of transactions", ask).await?;
            let statuses = answer.value.into_iter().chain(std::iter::repeat(None));
            let all = batch.iter().zip(statuses);
            outcomes.extend(all.map(|(signature, status)| outcome(*signature, status).transpose()));
        }
        Ok(outcomes)
    }

    pub(crate) async fn measure(
        &self,
        outgoing: &Outgoing<'_>,
        instructions: &[Instruction],
        tables: &[AddressLookupTableAccount],
    ) -> Result<Limits, SendError> {
        self.measure_as(outgoing.payer.pubkey(), instructions, tables)
            .await
    }

    pub(crate) async fn measure_as(
        &self,
        payer: Address,
        instructions: &[Instruction],
        tables: &[AddressLookupTableAccount],
    ) -> Result<Limits, SendError> {
        let all = with_limits(&payer, instructions, Limits::MOST, tables)?;
        let message = message(&payer, &all, Hash::default(), tables)?;
        let count = message.header().num_required_signatures;
        let transaction = VersionedTransaction {
            signatures: vec![Signature::default(); count.into()],
            message,
        };
        let (units, loaded_data) = self.try_transaction(&transaction, true).await?;
        Ok(Limits::measured(units, loaded_data))
    }

    /// What a transaction as it stands would be refused for now; else the compute units that it takes, and the bytes that it
    /// loads. Its signatures don't matter; its blockhash neither, if any may stand in its place.
    pub(crate) async fn try_transaction(
        &self,
        transaction: &VersionedTransaction,
        any_blockhash: bool,
    ) -> Result<(Option<u64>, Option<u32>), SendError> {
        let ask = |client: Arc<RpcClient>| {
            let config = RpcSimulateTransactionConfig {
                replace_recent_blockhash: any_blockhash,
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
        Ok((answer.units_consumed, answer.loaded_accounts_data_size))
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
                    // An endpoint that was asked before and did not answer may have taken it: that may be why it is refused now.
                    Err(error @ ClusterError::Refused { .. }) => debug!(%error, "it may be there"),
                    Err(because) => return Err(unknown(because)),
                }
                sent = Some(Instant::now());
            }
            sleep(self.options.confirmation_poll()).await;
            if let Some(slot) = outcome(signature, self.status(signature).await.map_err(unknown)?)?
            {
                return Ok((signature, slot));
            }
            if poll % HEIGHT_POLLS != 0 {
                continue;
            }
            let tip = self.tip().await.map_err(unknown)?;
            if tip.height > last_valid {
                let status = self
                    .look_up_at(signature, tip.slot)
                    .await
                    .map_err(unknown)?;
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

    /// The latest block that is confirmed. What is read from now on knows of it.
    pub(crate) async fn tip(&self) -> Result<Tip, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let confirmed = CommitmentConfig::confirmed();
            client.get_epoch_info_with_commitment(confirmed).await
        };
        let info = self.ask("the block height", ask).await?;
        self.saw(info.absolute_slot);
        Ok(Tip {
            slot: info.absolute_slot,
            height: info.block_height,
        })
    }
}

/// A block, by both of its numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tip {
    pub slot: u64,
    /// How many blocks are before it: what a transaction's last one is named by.
    pub height: u64,
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
