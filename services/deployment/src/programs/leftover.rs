//! Buffers that nobody deployed from: each locks as much rent as a program.

use joulebook_cluster::AccountFilter;
use solana_address::Address;
use solana_loader_v3_interface::{instruction as loader, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_signer::Signer;

use super::{Deployer, ProgramError};

/// Buffers that are looked for at most.
const MOST: usize = 1_000;
/// Of an account that is a buffer of somebody: 4 bytes of kind, 1 that says that there is an authority.
const OWNED_BUFFER: [u8; 5] = [1, 0, 0, 0, 1];

/// A buffer that belongs to the authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub address: Address,
    /// What closing it gives back.
    pub lamports: u64,
}

impl Deployer<'_> {
    /// All buffers of the authority, whatever was to become of them.
    ///
    /// # Errors
    /// [`ProgramError`]; not every endpoint answers this.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, ProgramError> {
        let mut bytes = OWNED_BUFFER.to_vec();
        bytes.extend_from_slice(self.authority.pubkey().as_ref());
        let filters = [AccountFilter::Bytes { offset: 0, bytes }];
        let head = UpgradeableLoaderState::size_of_buffer_metadata();
        let loader = bpf_loader_upgradeable::ID;
        let found = self
            .cluster
            .program_accounts(loader, &filters, Some(head), MOST)
            .await?;
        let leftovers = found.into_iter().map(|(address, account)| Leftover {
            address,
            lamports: account.lamports,
        });
        Ok(leftovers.collect())
    }

    /// Closes a buffer of the authority; its rent goes to who pays.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn close(&self, leftover: &Leftover) -> Result<(), ProgramError> {
        let (payer, authority) = (self.payer.pubkey(), self.authority.pubkey());
        let close = loader::close_any(&leftover.address, &payer, Some(&authority), None, false);
        self.send("closing a buffer", &[close], &[self.authority])
            .await
    }
}
