use joulebook_cluster::{ClusterError, SendError};
use solana_address::Address;

use super::buffer::ROUNDS;

/// Why a program is not on the cluster as it was built.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("{file}: {error}; build the programs with `make programs`")]
    NotBuilt { file: String, error: std::io::Error },
    #[error("{file} is not the {name} that is built for {address}; build the programs with the addresses they are deployed at (`cargo xtask keys`, `make programs`)")]
    OtherProgram {
        file: String,
        name: &'static str,
        address: Address,
    },
    #[error("{name} is at {address}, but that is no program")]
    NoProgram {
        name: &'static str,
        address: Address,
    },
    #[error("{lamports} lamports lie at {address}, where the loader would create the account with the code of {name}: it creates none where something lies, and nobody can take them away. Build the programs for other addresses (`cargo xtask keys`)")]
    Occupied {
        name: &'static str,
        lamports: u64,
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
    #[error("there is no account {0} on this cluster; check the address, and if it is right, send it some lamports first: who holds the programs can't be changed back")]
    NoHolder(Address),
    #[error("{name} on chain is not what was built; bring it up to date before it is handed over")]
    NotTheSame { name: &'static str },
    #[error("{what}: {error}")]
    Send { what: String, error: Box<SendError> },
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}
