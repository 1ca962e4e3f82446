use std::{fs, path::Path};

use joulebook_client::{MARKET_ID, ORACLE_ID, REGISTRY_ID};
use joulebook_cluster::Cluster;
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_loader_v3_interface::{
    get_program_data_address, instruction::MINIMUM_EXTEND_PROGRAM_BYTES,
    state::UpgradeableLoaderState,
};
use solana_sdk_ids::{bpf_loader_upgradeable, system_program};

use super::{buffer::CHUNK, ProgramError};

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
                let program = Program {
                    name,
                    address,
                    code,
                };
                match program.is_itself() {
                    true => Ok(program),
                    false => Err(ProgramError::OtherProgram {
                        file: file.display().to_string(),
                        name,
                        address,
                    }),
                }
            })
            .collect()
    }

    /// Whether the code names itself as this program and has this address, which every program compares its own with.
    fn is_itself(&self) -> bool {
        let holds = |part: &[u8]| self.code.windows(part.len()).any(|bytes| bytes == part);
        let name = format!("\0name\0Joulebook {}\0", self.name);
        holds(name.as_bytes()) && holds(self.address.as_ref())
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

    /// Bytes that an account with room for `room` bytes of code must get more; the loader adds no less than
    /// [`MINIMUM_EXTEND_PROGRAM_BYTES`] at once.
    pub fn growth(&self, room: usize) -> usize {
        match self.code.len().saturating_sub(room) {
            0 => 0,
            missing => missing.max(MINIMUM_EXTEND_PROGRAM_BYTES as usize),
        }
    }

    /// # Errors
    /// If something else is at its address, or the cluster can't be read.
    pub async fn status(&self, cluster: &Cluster) -> Result<ProgramStatus, ProgramError> {
        let data_address = get_program_data_address(&self.address);
        let found = cluster.accounts(&[self.address, data_address]).await?;
        let account = |place: usize| found.accounts.get(place).and_then(Option::as_ref);
        // Anyone can send lamports to its address.
        let program = account(0)
            .filter(|program| program.owner != system_program::ID || !program.data.is_empty());
        let Some(program) = program else {
            return match account(1) {
                None => Ok(ProgramStatus::Missing),
                Some(occupying) => Err(ProgramError::Occupied {
                    name: self.name,
                    lamports: occupying.lamports,
                    address: data_address,
                }),
            };
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

    /// Transactions that write its code into a buffer.
    pub fn pieces(&self) -> usize {
        self.code.len().div_ceil(CHUNK)
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
    fn given_code_of_another_program_or_built_for_another_address_when_asked_then_it_is_not_itself()
    {
        let code = |name: &str, address: &Address| {
            let text = format!("…\0name\0Joulebook {name}\0…");
            [text.as_bytes(), address.as_ref(), b"more"].concat()
        };
        let is_itself = |code: Vec<u8>| {
            let program = Program {
                name: "market",
                address: MARKET_ID,
                code,
            };
            program.is_itself()
        };
        assert!(is_itself(code("market", &MARKET_ID)));
        assert!(!is_itself(code("oracle", &MARKET_ID)));
        assert!(!is_itself(code("market", &ORACLE_ID)));
        assert!(!is_itself(vec![]));
    }

    #[test]
    fn given_code_that_has_grown_when_room_is_made_then_it_is_no_less_than_the_loader_adds() {
        let program = Program {
            name: "market",
            address: MARKET_ID,
            code: vec![0; 30_000],
        };
        assert_eq!(program.growth(30_000), 0);
        assert_eq!(program.growth(40_000), 0);
        assert_eq!(program.growth(29_999), 10_240);
        assert_eq!(program.growth(10_000), 20_000);
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
