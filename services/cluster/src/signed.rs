//! Transactions whose signature is known before anything is sent: who notes it first can tell after a crash what became of them.

use solana_instruction::Instruction;
use solana_message::AddressLookupTableAccount;
use solana_sdk_ids::sysvar::slot_hashes;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    limits::{checked_signatures, with_limits},
    send::{outcome, signed},
    Cluster, ClusterError, Landed, Outgoing, SendError,
};

/// Of an entry of the SlotHashes sysvar: a slot, and the hash of its bank.
const SLOT_HASH_LEN: usize = 8 + 32;
/// Entries that are looked at.
const SLOTS: usize = 32;
const SLOT_HASHES_LEN: usize = 8 + 64 * SLOT_HASH_LEN;

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
        Ok(Signed {
            signature: transaction.signatures.first().copied().unwrap_or_default(),
            last_valid,
            units: limits.units,
            fee: limits.fee(transaction.signatures.len() + checked_signatures(&instructions)),
            transaction,
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
        let tip = self.tip().await?;
        let is_over = tip.height > last_valid;
        let status = match is_over {
            true => self.look_up_at(signature, tip.slot).await?,
            false => self.look_up(signature).await?,
        };
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

    /// A slot that has a block, as programs see it: what a lookup table is made with.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn recent_slot(&self) -> Result<u64, ClusterError> {
        let heads = self.heads(&[slot_hashes::ID], SLOT_HASHES_LEN).await?;
        recent_slot(heads.data(0)).ok_or(ClusterError::Unreadable {
            what: "the list of recent slots",
        })
    }
}

/// The oldest of the first slots of the SlotHashes sysvar: the less likely is its block given up.
fn recent_slot(data: &[u8]) -> Option<u64> {
    let (count, entries) = data.split_first_chunk()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let entries = entries.chunks_exact(SLOT_HASH_LEN).take(count);
    let slot = entries.take(SLOTS).next_back()?.first_chunk()?;
    Some(u64::from_le_bytes(*slot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_recent_slots_when_one_is_chosen_then_it_is_the_oldest_of_the_first() {
        let of = |slots: &[u64]| {
            let mut data = (slots.len() as u64).to_le_bytes().to_vec();
            for slot in slots {
                data.extend(slot.to_le_bytes());
                data.extend([7; 32]);
            }
            data.resize(SLOT_HASHES_LEN, 0);
            recent_slot(&data)
        };
        assert_eq!(of(&[90, 88, 87]), Some(87));
        let many: Vec<u64> = (0..100).map(|age| 1_000 - age).collect();
        assert_eq!(of(&many[..52]), Some(1_000 - 31));
        assert_eq!(of(&[]), None);
        assert_eq!(recent_slot(&[1]), None);
    }
}
