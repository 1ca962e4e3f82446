//! Transactions that do not expire: they name the value of a nonce account in a recent blockhash's place, and whoever is not at
//! hand signs them days later. The value changes with each that lands, so each lands once.

use solana_account::Account;
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_sdk_ids::system_program;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction::advance_nonce_account;
use solana_transaction::versioned::VersionedTransaction;

use crate::{limits::with_limits, Cluster, ClusterError, Outgoing, SendError};

/// Bytes of a nonce account.
pub const NONCE_LEN: usize = 80;
/// Compute units that the nonce's change takes.
const ADVANCE_UNITS: u32 = 300;
/// Of the kinds and states that a nonce account was ever written in, those that are in use: of the present version, initialized.
const IN_USE: [u8; 8] = [1, 0, 0, 0, 1, 0, 0, 0];
/// Blocks for which a transaction is sent again and again.
const PATIENCE: u64 = 150;

/// A nonce account, and what it says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    pub account: Address,
    /// Who signs for its changes.
    pub authority: Address,
    /// What a transaction names in a blockhash's place.
    pub value: Hash,
}

impl Nonce {
    /// `None` for any other account.
    pub fn of(address: Address, account: &Account) -> Option<Nonce> {
        let rest = account.data.strip_prefix(&IN_USE)?;
        let (authority, rest) = rest.split_first_chunk::<32>()?;
        let (value, _) = rest.split_first_chunk::<32>()?;
        let is_nonce = account.owner == system_program::ID && account.data.len() == NONCE_LEN;
        is_nonce.then(|| Nonce {
            account: address,
            authority: Address::from(*authority),
            value: Hash::new_from_array(*value),
        })
    }

    /// The instruction that every transaction with this nonce begins with.
    pub fn advance(&self) -> Instruction {
        advance_nonce_account(&self.account, &self.authority)
    }
}

impl Cluster {
    /// `None` if no nonce account is there.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub async fn nonce(&self, address: Address) -> Result<Option<Nonce>, ClusterError> {
        let account = self.account(address).await?;
        Ok(account.and_then(|account| Nonce::of(address, &account)))
    }

    /// Measures an instruction and signs it with a nonce, as who pays. Whoever else has to sign is missing.
    ///
    /// # Errors
    /// [`SendError`]; what would fail now is refused.
    pub async fn sign_durably(
        &self,
        instruction: &Instruction,
        payer: &Keypair,
        nonce: &Nonce,
    ) -> Result<VersionedTransaction, SendError> {
        let instructions = std::slice::from_ref(instruction);
        let outgoing = Outgoing {
            instructions,
            payer,
            signers: &[],
        };
        let mut limits = self.measure(&outgoing, instructions, &[]).await?;
        limits.units = limits.units.saturating_add(ADVANCE_UNITS);
        limits.unit_price = self.unit_price(instructions, limits.units).await;
        let advance = nonce.advance();
        let both = [advance.clone(), instruction.clone()];
        let mut all = with_limits(&payer.pubkey(), &both, limits, &[])?;
        // It is a transaction with a nonce only if that comes first.
        all.retain(|one| *one != advance);
        all.insert(0, advance);
        let message = Message::new_with_blockhash(&all, Some(&payer.pubkey()), &nonce.value);
        let count = usize::from(message.header.num_required_signatures);
        let mut transaction = VersionedTransaction {
            signatures: vec![Signature::default(); count],
            message: VersionedMessage::Legacy(message),
        };
        let signature = payer.sign_message(&transaction.message.serialize());
        // Who pays is the first.
        if let Some(first) = transaction.signatures.first_mut() {
            *first = signature;
        }
        Ok(transaction)
    }

    /// What an instruction would be refused for now; nobody needs to sign.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn try_out(
        &self,
        instruction: &Instruction,
        payer: Address,
    ) -> Result<(), SendError> {
        self.measure_as(payer, std::slice::from_ref(instruction), &[])
            .await
            .map(|_| ())
    }

    /// What a transaction with a nonce would be refused for now, with the limits that it has; nobody needs to have signed it.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn try_out_durable(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<(), SendError> {
        self.try_transaction(transaction, false).await.map(|_| ())
    }

    /// Sends a transaction with a nonce that everybody has signed, and waits until it is confirmed. The same bytes can be sent
    /// again at any time.
    ///
    /// # Errors
    /// [`SendError`]; of one that no block took yet, [`SendError::Waiting`]: it may still land.
    pub async fn send_durable(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Signature, SendError> {
        let last = self.tip().await?.height.saturating_add(PATIENCE);
        let delivered = self.deliver(transaction, last).await;
        let (signature, slot) = delivered.map_err(|error| match error {
            SendError::Expired { signature } => SendError::Waiting { signature },
            other => other,
        })?;
        self.saw(slot);
        Ok(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(data: Vec<u8>) -> Account {
        Account {
            lamports: 1,
            data,
            owner: system_program::ID,
            ..Account::default()
        }
    }

    #[test]
    fn a_nonce_is_read_from_its_account_and_from_no_other() {
        let mut data = IN_USE.to_vec();
        data.extend([7; 32]);
        data.extend([9; 32]);
        data.extend(5_000_u64.to_le_bytes());
        let address = Address::new_from_array([1; 32]);
        let nonce = Nonce::of(address, &account(data.clone())).expect("a nonce");
        assert_eq!(nonce.authority, Address::new_from_array([7; 32]));
        assert_eq!(nonce.value, Hash::new_from_array([9; 32]));
        assert_eq!(Nonce::of(address, &account(data[..79].to_vec())), None);
        assert_eq!(Nonce::of(address, &account(vec![0; NONCE_LEN])), None);
        let mut other = account(data);
        other.owner = Address::new_from_array([3; 32]);
        assert_eq!(Nonce::of(address, &other), None);
    }
}
