//! Programs on a cluster, through the instructions of the upgradeable loader.
//!
//! Code is written into a buffer whose address follows from the payer and the code, so that an interrupted deployment finds it
//! again and writes what is missing. What a program runs is compared byte for byte.

use std::{fs, path::Path, time::Duration};

use futures_util::{stream, StreamExt};
use joulebook_client::{MARKET_ID, ORACLE_ID, REGISTRY_ID};
use joulebook_cluster::{Cluster, ClusterError, Outgoing, SendError};
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_loader_v3_interface::{
    get_program_data_address, instruction as loader, instruction::MINIMUM_EXTEND_PROGRAM_BYTES,
    state::UpgradeableLoaderState,
};
use solana_sdk_ids::{bpf_loader_upgradeable, system_program};
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use tokio::time::sleep;

/// Bytes of code that one transaction writes: it fits beside two signatures, limits and a price.
const CHUNK: usize = 840;
/// What writing one computes at most.
const WRITE_UNITS: u32 = 10_000;
/// Writes that are under way at the same time.
const AT_ONCE: usize = 16;
/// Each round writes what the round before did not bring.
const ROUNDS: usize = 30;
const FILL_POLL: Duration = Duration::from_secs(1);
/// Polls without a piece more, behind which what was sent counts as lost.
const STILL: u32 = 4;

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

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("{file}: {error}; build the programs with `make programs`")]
    NotBuilt { file: String, error: std::io::Error },
    #[error("{name} is at {address}, but that is no program")]
    NoProgram {
        name: &'static str,
        address: Address,
    },
    #[error("{name} can be upgraded by {authority} alone, which is not the key given; have it sign, or write a buffer for it (`--buffer-for`)")]
    OtherAuthority {
        name: &'static str,
        authority: String,
    },
    #[error("{name} is not deployed, and the keypair of its address {address} is not at hand; name the folder that holds {name}.json under `programs.keys`")]
    NoKey {
        name: &'static str,
        address: Address,
    },
    #[error("the keypair given for {name} is that of {found}, and the programs and clients are built for {expected}")]
    OtherKey {
        name: &'static str,
        expected: Address,
        found: Address,
    },
    #[error("{name}: the buffer {buffer} is not complete after {ROUNDS} rounds ({because}); run this again to go on")]
    Incomplete {
        name: &'static str,
        buffer: Address,
        because: String,
    },
    #[error("{name}: the buffer {buffer} is there and belongs to somebody else than the authority given; have that one upgrade from it, or close it")]
    OtherBuffer { name: &'static str, buffer: Address },
    #[error("{to} belongs to the program {owner}, and can sign nothing; of a Squads multisignature, name the vault")]
    NoSigner { to: Address, owner: Address },
    #[error("{name} on chain is not what was built; bring it up to date before it is handed over")]
    NotTheSame { name: &'static str },
    #[error("{what}: {error}")]
    Send { what: String, error: Box<SendError> },
    #[error(transparent)]
    Cluster(#[from] ClusterError),
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

    fn seed(&self) -> String {
        let mut hash = self.hash();
        hash.truncate(32);
        hash
    }
}

/// Who signs for programs.
#[derive(Clone, Copy)]
pub struct Deployer<'a> {
    pub cluster: &'a Cluster,
    pub payer: &'a Keypair,
    pub authority: &'a Keypair,
}

impl Deployer<'_> {
    /// Deploys a program that is missing, upgrades another one, and leaves the same alone. `key` is that of its address, for the
    /// first time.
    ///
    /// # Errors
    /// [`ProgramError`]; what was written stays in the buffer, and a second call goes on.
    pub async fn bring(
        &self,
        program: &Program,
        key: Option<&Keypair>,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let name = program.name;
        match program.status(self.cluster).await? {
            ProgramStatus::Same { .. } => Ok(()),
            ProgramStatus::Missing => {
                let address = program.address;
                let key = key.ok_or(ProgramError::NoKey { name, address })?;
                if key.pubkey() != address {
                    return Err(ProgramError::OtherKey {
                        name,
                        expected: address,
                        found: key.pubkey(),
                    });
                }
                self.write(program, &announce).await?;
                announce(&format!("{name}: deploying"));
                self.deploy(program, key).await
            }
            ProgramStatus::Other { room, authority } => {
                let own = self.authority.pubkey();
                if authority != Some(own) {
                    let authority = authority
                        .map_or_else(|| "nobody".to_owned(), |authority| authority.to_string());
                    return Err(ProgramError::OtherAuthority { name, authority });
                }
                self.write(program, &announce).await?;
                self.upgrade(program, room, &announce).await
            }
        }
    }

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

    /// Gives the right to upgrade to somebody else, a multisignature say, who need not sign. It can't be taken back.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn hand_over(&self, program: &Program, to: &Address) -> Result<(), ProgramError> {
        let own = self.authority.pubkey();
        let hand = loader::set_upgrade_authority(&program.address, &own, Some(to));
        self.send("handing over the program", &[hand], &[self.authority])
            .await
    }

    /// Whether an address can sign at all, as far as one can tell: accounts of programs can't.
    ///
    /// # Errors
    /// [`ProgramError::NoSigner`].
    pub async fn check_signer(&self, to: &Address) -> Result<(), ProgramError> {
        let account = self.cluster.account(*to).await?;
        match account.filter(|account| account.owner != system_program::ID) {
            None => Ok(()),
            Some(account) => Err(ProgramError::NoSigner {
                to: *to,
                owner: account.owner,
            }),
        }
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

    /// Gives a program's account room for its code, if it has less.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn make_room(
        &self,
        program: &Program,
        room: usize,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let missing = program.code.len().saturating_sub(room);
        if missing == 0 {
            return Ok(());
        }
        announce(&format!(
            "{}: making room for {missing} bytes more",
            program.name
        ));
        let more = u32::try_from(missing).unwrap_or(u32::MAX);
        let more = more.max(MINIMUM_EXTEND_PROGRAM_BYTES);
        let payer = self.payer.pubkey();
        let extend = loader::extend_program(&program.address, Some(&payer), more);
        self.send("making room", &[extend], &[]).await
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

    async fn deploy(&self, program: &Program, key: &Keypair) -> Result<(), ProgramError> {
        let payer = self.payer.pubkey();
        let rent = self
            .cluster
            .rent(UpgradeableLoaderState::size_of_program())
            .await?;
        let deploy = loader::deploy_with_max_program_len(
            &payer,
            &program.address,
            &program.buffer(&payer),
            &self.authority.pubkey(),
            rent,
            program.code.len(),
            true,
        );
        let deploy = deploy.unwrap_or_default();
        self.send("deploying", &deploy, &[key, self.authority])
            .await
    }

    async fn upgrade(
        &self,
        program: &Program,
        room: usize,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let (name, payer) = (program.name, self.payer.pubkey());
        self.make_room(program, room, &announce).await?;
        announce(&format!("{name}: upgrading"));
        let buffer = program.buffer(&payer);
        let authority = self.authority.pubkey();
        let upgrade = loader::upgrade(&program.address, &buffer, &authority, &payer, true);
        self.send("upgrading", &[upgrade], &[self.authority]).await
    }

    async fn send(
        &self,
        what: &str,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<(), ProgramError> {
        let outgoing = Outgoing {
            instructions,
            payer: self.payer,
            signers,
        };
        let result = self.cluster.send(outgoing).await;
        result.map(|_| ()).map_err(|error| sent(what, error))
    }
}

fn sent(what: &str, error: SendError) -> ProgramError {
    ProgramError::Send {
        what: what.to_owned(),
        error: Box::new(error),
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

/// Who may upgrade, as the head of the account with the code says: 4 bytes of kind, 8 of slot, 1 that says whether there is one.
fn authority_of(metadata: &[u8]) -> Option<Address> {
    let is_there = metadata.get(12) == Some(&1);
    let key: [u8; 32] = metadata.get(13..45)?.try_into().ok()?;
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
