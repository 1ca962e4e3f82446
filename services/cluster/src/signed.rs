//! Transactions whose signature is known before anything is sent: who notes it first can tell after a crash what became of them.

use std::sync::Arc;

use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_message::AddressLookupTableAccount;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    send::{outcome, signed, with_limits},
    Cluster, ClusterError, Landed, Outgoing, SendError,
};

/// A transaction that is signed and not sent yet.
#[derive(Clone, Debug)]
pub struct Signed {
    transaction: VersionedTransaction,
    pub signature: Signature,
    /// The last block that can take it.
    pub last_valid: u64,
    /// Compute units that it asks for.
    pub units: u32,
    /// What it pays, lamports.
    pub fee: u64,
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is confirmed, and did its work or failed.
    Landed { is_done: bool },
    /// It is in no block, and none can take it any more.
    Lost,
    /// It may yet land.
    Open,
}

impl Cluster {
    /// Measures and signs a transaction, with addresses of lookup tables, and sends nothing.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn sign(
        &self,
        outgoing: Outgoing<'_>,
        tables: &[AddressLookupTableAccount],
    ) -> Result<Signed, SendError> {
        let is_limit = |one: &&Instruction| one.program_id == solana_sdk_ids::compute_budget::ID;
        let instructions: Vec<Instruction> = outgoing
            .instructions
            .iter()
            .filter(|one| !is_limit(one))
            .cloned()
            .collect();
        let mut limits = self.measure(&outgoing, &instructions, tables).await?;
        limits.unit_price = self.unit_price(&instructions, limits.units).await;
        let (blockhash, last_valid) = self.blockhash().await?;
        let payer = outgoing.payer.pubkey();
        let sign = |limits| {
            let all = with_limits(&payer, &instructions, limits, tables)?;
            signed(&outgoing, &all, blockhash, tables)
        };
        let mut transaction = sign(limits)?;
        // The same bytes would be the same transaction, which is done once only.
        while !self.is_new(transaction.signatures.first()) {
            limits.units = limits.units.saturating_add(1);
            transaction = sign(limits)?;
        }
        let signatures = transaction.signatures.len() as u64;
        let fee = 5_000 * signatures
            + (u128::from(limits.unit_price) * u128::from(limits.units)).div_ceil(1_000_000) as u64;
        Ok(Signed {
            signature: transaction.signatures.first().copied().unwrap_or_default(),
            transaction,
            last_valid,
            units: limits.units,
            fee,
        })
    }

    /// Sends it, and waits until it is confirmed.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send_signed(&self, signed: &Signed) -> Result<Landed, SendError> {
        let (signature, slot) = self.deliver(&signed.transaction, signed.last_valid).await?;
        // What is read from now on knows of it.
        self.saw(slot);
        Ok(Landed {
            signature,
            slot,
            units: signed.units,
            fee: signed.fee,
        })
    }

    /// What became of a transaction that blocks up to `last_valid` could take.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn fate(&self, signature: Signature, last_valid: u64) -> Result<Fate, ClusterError> {
        // In this sequence: what is in no block then, and could not come any more, never will.
        let is_over = self.height().await? > last_valid;
        let status = self.look_up(signature).await?;
        let slot = status.as_ref().map(|status| status.slot);
        let fate = match outcome(signature, status) {
            Ok(Some(_)) => Fate::Landed { is_done: true },
            Err(_) => Fate::Landed { is_done: false },
            Ok(None) if is_over && slot.is_none() => Fate::Lost,
            Ok(None) => Fate::Open,
        };
        if let (Some(slot), Fate::Landed { .. }) = (slot, fate) {
            self.saw(slot);
        }
        Ok(fate)
    }

    /// The newest slot that cannot be given up any more.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn finalized_slot(&self) -> Result<u64, ClusterError> {
        let ask = |client: Arc<RpcClient>| async move {
            let finalized = CommitmentConfig::finalized();
            client.get_slot_with_commitment(finalized).await
        };
        self.ask("the slot", ask).await
    }
}
