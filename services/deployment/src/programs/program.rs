use std::{fs, path::Path};

use joulebook_client::{MARKET_ID, ORACLE_ID, REGISTRY_ID};
use joulebook_cluster::Cluster;
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_loader_v3_interface::{get_program_data_address, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;

use super::ProgramError;

/// A program as it is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub name: &'static str,
    pub address: Address,
    pub code: Vec<u8>,
}

/// How a program stands on a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramStatus {
    Missing,
    /// It is this code, byte for byte.
    Same {
        authority: Option<Address>,
    },
    /// It is another one. `room` is how many bytes its account has for code.
    Other {
        room: usize,
        authority: Option<Address>,
    },
}

impl Program {
    /// The three programs, as they are in a folder.
    ///
    /// # Errors
    /// If one is missing.
    pub fn all(folder: &Path) -> Result<Vec<Program>, ProgramError> {
        let programs = [
            ("registry", REGISTRY_ID),
            ("oracle", ORACLE_ID),
            ("market", MARKET_ID),
        ];
        programs
            .into_iter()
            .map(|(name, address)| {
                let file = folder.join(name).with_extension("so");
                let code = fs::read(&file).map_err(|error| ProgramError::NotBuilt {
                    file: file.display().to_string(),
                    error,
                })?;
                Ok(Program {
                    name,
                    address,
                    code,
                })
            })
            .collect()
    }

    /// SHA-256 of the code, in hexadecimal.
    pub fn hash(&self) -> String {
        let hash = Sha256::digest(&self.code);
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Bytes of the account that holds its code.
    pub fn account_len(&self) -> usize {
        UpgradeableLoaderState::size_of_programdata(self.code.len())
    }

    /// # Errors
    /// If something else is at its address, or the cluster can't be read.
    pub async fn status(&self, cluster: &Cluster) -> Result<ProgramStatus, ProgramError> {
        let data_address = get_program_data_address(&self.address);
        let found = cluster.accounts(&[self.address, data_address]).await?;
        let Some(program) = &found.accounts[0] else {
            return Ok(ProgramStatus::Missing);
        };
        let head = UpgradeableLoaderState::size_of_programdata_metadata();
        let data = found.data(1);
        if program.owner != bpf_loader_upgradeable::ID || data.len() < head {
            return Err(ProgramError::NoProgram {
                name: self.name,
                address: self.address,
            });
        }
        let (metadata, code) = data.split_at(head);
        let authority = authority_of(metadata);
        let same =
            code.starts_with(&self.code) && code[self.code.len()..].iter().all(|byte| *byte == 0);
        Ok(match same {
            true => ProgramStatus::Same { authority },
            false => ProgramStatus::Other {
                room: code.len(),
                authority,
            },
        })
    }

    /// Where its code is written before it is deployed.
    pub fn buffer(&self, payer: &Address) -> Address {
        let address = Address::create_with_seed(payer, &self.seed(), &bpf_loader_upgradeable::ID);
        // Fails for seeds longer than 32 bytes alone.
        address.unwrap_or_default()
    }

    pub(super) fn seed(&self) -> String {
        let mut hash = self.hash();
        hash.truncate(32);
        hash
    }
}

/// Who may upgrade, as the head of the account with the code says: 4 bytes of kind, 8 of slot, 1 that says whether there is one.
fn authority_of(metadata: &[u8]) -> Option<Address> {
    let is_there = metadata.get(12) == Some(&1);
    let key: [u8; 32] = metadata.get(13..45)?.try_into().ok()?;
    is_there.then(|| key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_follows_from_payer_and_code() {
        let program = |byte| Program {
            name: "market",
            address: MARKET_ID,
            code: vec![byte],
        };
        let [one, two] = [[1; 32], [2; 32]].map(Address::new_from_array);
        assert_ne!(program(1).buffer(&one), program(1).buffer(&two));
        assert_ne!(program(1).buffer(&one), program(2).buffer(&one));
        assert_eq!(program(1).buffer(&one), program(1).buffer(&one));
        assert_ne!(program(1).buffer(&one), Address::default());
    }

    #[test]
    fn the_authority_is_read_if_there_is_one() {
        let mut metadata = vec![0; 45];
        metadata[13..].fill(7);
        assert_eq!(authority_of(&metadata), None);
        metadata[12] = 1;
        assert_eq!(authority_of(&metadata), Some([7; 32].into()));
        assert_eq!(authority_of(&metadata[..20]), None);
    }
}
