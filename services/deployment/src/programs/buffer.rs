//! Code on its way: written piece by piece into an account of its own, until all of it is there.

use std::time::Duration;

use futures_util::{stream, StreamExt};
use joulebook_cluster::{ClusterError, Outgoing, SendError};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_loader_v3_interface::{instruction as loader, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use tokio::time::sleep;

use super::{deployer::sent, Deployer, Program, ProgramError};

/// Bytes of code that one transaction writes: it fits beside two signatures, limits and a price.
pub(super) const CHUNK: usize = 840;
/// What writing one computes at most.
const WRITE_UNITS: u32 = 10_000;
/// Writes that are under way at the same time.
const AT_ONCE: usize = 16;
/// Writes that are signed with the same blockhash: a slow node takes a minute for a few hundred, and then it has expired.
const WITH_ONE_BLOCKHASH: usize = 64;
/// Each round writes what the round before did not bring.
pub(super) const ROUNDS: usize = 30;
const FILL_POLL: Duration = Duration::from_secs(1);
/// Polls without a piece more, behind which what was sent counts as lost.
const STILL: u32 = 4;

impl Deployer<'_> {
    /// Writes the program's code into its buffer, which belongs to the authority then.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn write(
        &self,
        program: &Program,
        announce: impl Fn(&str),
    ) -> Result<Address, ProgramError> {
        let buffer = program.buffer(&self.payer.pubkey());
        self.create_buffer(program, buffer).await?;
        let mut because = "writes were lost".to_owned();
        for round in 0..ROUNDS {
            let missing = self.missing(program, buffer).await?;
            if missing.is_empty() {
                return Ok(buffer);
            }
            if round == 0 {
                let name = program.name;
                announce(&format!("{name}: writing {} pieces of code", missing.len()));
            }
            if let Some(refusal) = self.write_all(program, buffer, &missing).await? {
                because = refusal;
            }
            self.wait_while_it_fills(program, buffer).await?;
        }
        Err(ProgramError::Incomplete {
            name: program.name,
            buffer,
            because,
        })
    }

    /// What was sent may still land, and would be paid for twice if it were sent again.
    async fn wait_while_it_fills(
        &self,
        program: &Program,
        buffer: Address,
    ) -> Result<(), ProgramError> {
        let mut still = 0;
        let mut least = usize::MAX;
        while still < STILL {
            sleep(FILL_POLL).await;
            let missing = self.missing(program, buffer).await?.len();
            if missing == 0 {
                return Ok(());
            }
            still = if missing < least { 0 } else { still + 1 };
            least = least.min(missing);
        }
        Ok(())
    }

    /// Whose the program's buffer is, if all of its code is in it.
    ///
    /// # Errors
    /// If the cluster can't be read.
    pub async fn owner_of_whole_buffer(
        &self,
        program: &Program,
    ) -> Result<Option<Address>, ProgramError> {
        let buffer = program.buffer(&self.payer.pubkey());
        let account = self.cluster.account(buffer).await?;
        let account = account.filter(|account| account.owner == bpf_loader_upgradeable::ID);
        let Some(account) = account else {
            return Ok(None);
        };
        let is_whole = self.missing(program, buffer).await?.is_empty();
        Ok(buffer_authority(&account.data).filter(|_| is_whole))
    }

    /// Gives a buffer to somebody else, who deploys from it.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn give_buffer(&self, buffer: Address, to: &Address) -> Result<(), ProgramError> {
        let own = self.authority.pubkey();
        let give = loader::set_buffer_authority(&buffer, &own, to);
        self.send("giving the buffer", &[give], &[self.authority])
            .await
    }

    /// Anyone can send lamports to its address, and nobody else can make an account of it: that takes the payer's signature.
    async fn create_buffer(&self, program: &Program, buffer: Address) -> Result<(), ProgramError> {
        let (payer, authority) = (self.payer.pubkey(), self.authority.pubkey());
        let len = UpgradeableLoaderState::size_of_buffer(program.code.len());
        let found = self.cluster.account(buffer).await?;
        let lamports = match &found {
            Some(account) if account.owner == bpf_loader_upgradeable::ID => {
                let is_own = buffer_authority(&account.data) == Some(authority);
                return match is_own && account.data.len() == len {
                    true => Ok(()),
                    false => Err(ProgramError::OtherBuffer {
                        name: program.name,
                        buffer,
                    }),
                };
            }
            Some(account) => account.lamports,
            None => 0,
        };
        let missing = self.cluster.rent(len).await?.saturating_sub(lamports);
        let (seed, owner) = (program.seed(), bpf_loader_upgradeable::ID);
        let create = [
            system::transfer(&payer, &buffer, missing),
            system::allocate_with_seed(&buffer, &payer, &seed, len as u64, &owner),
            system::assign_with_seed(&buffer, &payer, &seed, &owner),
        ];
        // The first of the two makes an account with a key of its own.
        let initialize =
            loader::create_buffer(&payer, &buffer, &authority, missing, program.code.len())
                .unwrap_or_default()
                .pop();
        let all: Vec<Instruction> = create.into_iter().chain(initialize).collect();
        self.send("creating a buffer", &all, &[]).await
    }

    /// Offsets of the pieces that the buffer does not have.
    async fn missing(
        &self,
        program: &Program,
        buffer: Address,
    ) -> Result<Vec<usize>, ProgramError> {
        let account = self.cluster.account(buffer).await?;
        let data = account.map(|account| account.data).unwrap_or_default();
        let head = UpgradeableLoaderState::size_of_buffer_metadata();
        let written = data.get(head..).unwrap_or_default();
        let pieces = (0..program.code.len()).step_by(CHUNK);
        Ok(pieces
            .filter(|offset| {
                let piece = piece(&program.code, *offset);
                written.get(*offset..*offset + piece.len()) != Some(piece)
            })
            .collect())
    }

    /// Sends these pieces; what became of them, the buffer tells. Says why one was refused, if one was.
    async fn write_all(
        &self,
        program: &Program,
        buffer: Address,
        offsets: &[usize],
    ) -> Result<Option<String>, ProgramError> {
        let mut refusal = None;
        for some in offsets.chunks(WITH_ONE_BLOCKHASH) {
            if let Some(refused) = self.write_some(program, buffer, some).await? {
                refusal = Some(refused);
            }
        }
        Ok(refusal)
    }

    async fn write_some(
        &self,
        program: &Program,
        buffer: Address,
        offsets: &[usize],
    ) -> Result<Option<String>, ProgramError> {
        let blockhash = self.cluster.recent_blockhash().await?;
        let authority = self.authority.pubkey();
        let writes = offsets.iter().map(|offset| async move {
            let bytes = piece(&program.code, *offset).to_vec();
            let write = loader::write(&buffer, &authority, *offset as u32, bytes);
            let outgoing = Outgoing {
                instructions: &[write],
                payer: self.payer,
                signers: &[self.authority],
            };
            self.cluster.post(outgoing, WRITE_UNITS, blockhash).await
        });
        let mut writes = stream::iter(writes).buffer_unordered(AT_ONCE);
        let mut refusal = None;
        while let Some(written) = writes.next().await {
            match written {
                Ok(_) => {}
                Err(error @ SendError::Cluster(ClusterError::Unreachable { .. })) => {
                    return Err(sent("writing code", error));
                }
                Err(error) => refusal = Some(error.to_string()),
            }
        }
        Ok(refusal)
    }
}

fn piece(code: &[u8], offset: usize) -> &[u8] {
    let rest = code.get(offset..).unwrap_or_default();
    &rest[..rest.len().min(CHUNK)]
}

/// Whose a buffer is, as its head says: 4 bytes of kind, 1 that says whether it is somebody's.
fn buffer_authority(data: &[u8]) -> Option<Address> {
    let is_there = data.get(4) == Some(&1);
    let key: [u8; 32] = data.get(5..37)?.try_into().ok()?;
    is_there.then(|| key.into())
}

#[cfg(test)]
mod tests {
    use joulebook_client::packing::{transaction_len, MAX_LEN};
    use solana_compute_budget_interface::ComputeBudgetInstruction;

    use super::*;

    #[test]
    fn pieces_are_the_whole_code() {
        let code: Vec<u8> = (0..2_000_u32).map(|byte| byte as u8).collect();
        let pieces: Vec<u8> = (0..code.len())
            .step_by(CHUNK)
            .flat_map(|offset| piece(&code, offset).to_vec())
            .collect();
        assert_eq!(pieces, code);
        assert!(piece(&code, 2_000).is_empty());
    }

    #[test]
    fn a_piece_fits_into_a_transaction() {
        let [payer, authority, buffer] = [[1; 32], [2; 32], [3; 32]].map(Address::new_from_array);
        let write = loader::write(&buffer, &authority, 0, vec![0; CHUNK]);
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(WRITE_UNITS);
        let price = ComputeBudgetInstruction::set_compute_unit_price(1);
        assert!(transaction_len(&payer, &[limit, price, write]) <= MAX_LEN);
    }
}
