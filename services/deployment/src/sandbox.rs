//! A community to try things with: on a local node, or on any cluster that gives lamports away. Whoever lives in it has keys in a
//! folder, and one file says where everything is.

mod keys;
mod parties;
mod state;
mod token;

use std::{io, path::Path};

use joulebook_client::{layout::market::DelegateBounds, market::types::StandingEntry, Addresses};
use joulebook_cluster::{AmountError, Cluster, ClusterError, SendError};
use joulebook_daemon::key::KeyError;
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    founding::{Founding, FoundingError},
    MarketConfiguration,
};

use keys::Keys;
pub use state::{
    DeviceState, HouseholdState, Member, MeterState, Programs, Sandbox, TokenState, Wallet,
};
pub use token::TestToken;

/// Of the community, among the authority's.
const COMMUNITY: u64 = 1;
/// What wallets get that pay for something, lamports.
const ALLOWANCE: u64 = 100_000_000_000;
/// What the one gets that pays for all tables, lamports.
const FOUNDING_ALLOWANCE: u64 = 2_000_000_000_000;
pub(crate) const DECIMALS: u8 = 6;

/// What a sandbox is made of.
#[derive(Clone, Debug)]
pub struct SandboxParameters {
    pub name: String,
    pub market: MarketConfiguration,
    pub households: Vec<SandboxHousehold>,
    /// Atoms in the supplier's seat.
    pub supplier_deposit: u64,
    /// How far the agent's orders may go for each household.
    pub agent_bounds: DelegateBounds,
}

/// A household that buys and sells, with one meter.
#[derive(Clone, Debug)]
pub struct SandboxHousehold {
    pub name: String,
    /// Watts that its connection carries.
    pub max_import: u32,
    pub max_export: u32,
    /// Atoms in its seat.
    pub deposit: u64,
    pub standing_orders: Vec<StandingEntry>,
}

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{path}: {error}")]
    File { path: String, error: io::Error },
    #[error(transparent)]
    Amount(#[from] AmountError),
    #[error(transparent)]
    Founding(#[from] FoundingError),
    #[error("{what}: {error}")]
    Send { what: String, error: Box<SendError> },
    #[error("the programs are not on this cluster; start the local node (`make node`), or deploy them (`joulebook deploy`)")]
    NoPrograms,
    #[error("{0}")]
    Impossible(String),
}

/// Makes a sandbox whose state file is `path`; its keys are in a folder beside that. What is there already is gone on with.
///
/// # Errors
/// [`SandboxError`].
pub async fn build_sandbox(
    cluster: &Cluster,
    urls: (&str, &str),
    path: &Path,
    parameters: &SandboxParameters,
    announce: impl Fn(&str),
) -> Result<Sandbox, SandboxError> {
    let genesis = cluster.genesis_hash().await?;
    check_programs(cluster).await?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let keys = Keys::in_folder(folder, parameters.households.len())?;
    announce("lamports for everybody");
    parties::fund(cluster, &keys).await?;
    announce("the test token");
    let token = TestToken::create(cluster, &keys.payer, &keys.mint, &keys.mint_authority).await?;

    let authority = keys.authority.pubkey();
    let addresses = Addresses::new(
        Addresses::community_of(&authority, COMMUNITY),
        token.mint,
        token.program,
        joulebook_client::addresses::Rings {
            market: parameters.market.number,
            window_seconds: parameters.market.window_seconds(),
            page_windows: parameters.market.windows_per_page,
            books: parameters.market.books(),
            pages: parameters.market.pages(),
        },
    );
    let founding = Founding {
        cluster,
        addresses,
        id: COMMUNITY,
        name: parameters.name.clone(),
        zones: vec!["feeder 1".into()],
        meter_table: parameters.market.meter_table(genesis.to_bytes()),
        market: parameters.market.create_market(DECIMALS)?,
        standing_orders: parameters.market.standing_orders,
        decimals: DECIMALS,
        payer: &keys.payer,
        authority: &keys.authority,
        supplier: (&keys.supplier).into(),
        grid_operator: (&keys.grid_operator).into(),
    };
    founding.found(&announce).await?;
    let party = parties::Settlers {
        cluster,
        addresses: &founding.addresses,
        keys: &keys,
        token: &token,
    };
    let settled = party.settle_in(parameters, &announce).await?;
    let sandbox = state::describe(
        urls,
        &genesis.to_string(),
        &founding.addresses,
        &keys,
        &token,
        parameters,
        &settled,
    );
    state::write(path, &sandbox).map_err(|error| SandboxError::File {
        path: path.display().to_string(),
        error,
    })?;
    Ok(sandbox)
}

/// The address of a sandbox's authority, whose key is made if it is not there: a node is told of it before the sandbox exists.
///
/// # Errors
/// If the key can't be read or written.
pub fn sandbox_authority(folder: &Path) -> Result<Address, SandboxError> {
    Ok(Keys::in_folder(folder, 0)?.authority.pubkey())
}

async fn check_programs(cluster: &Cluster) -> Result<(), SandboxError> {
    let programs: [Address; 3] = [
        joulebook_client::REGISTRY_ID,
        joulebook_client::ORACLE_ID,
        joulebook_client::MARKET_ID,
    ];
    let found = cluster.heads(&programs, 0).await?;
    let all = found.accounts.iter().all(|account| {
        let is_program = |account: &joulebook_cluster::Account| account.executable;
        account.as_ref().is_some_and(is_program)
    });
    match all {
        true => Ok(()),
        false => Err(SandboxError::NoPrograms),
    }
}
