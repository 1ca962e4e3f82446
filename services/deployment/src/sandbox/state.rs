use std::{fs, io, path::Path};

use joulebook_client::{Addresses, MARKET_ID, ORACLE_ID, REGISTRY_ID};
use serde::{Deserialize, Serialize};
use solana_signer::Signer;

use super::{
    keys::{device, file_of, wallet},
    parties::{AllSettled, Settled},
    Keys, SandboxParameters, TestToken, DECIMALS,
};

/// Where everything of a sandbox is. Addresses are base58; paths of keys are seen from the file's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sandbox {
    pub version: u8,
    pub rpc_url: String,
    pub ws_url: String,
    pub genesis_hash: String,
    pub programs: Programs,
    pub token: TokenState,
    pub community: String,
    pub market: String,
    pub meter_table: String,
    pub authority: Wallet,
    pub payer: Wallet,
    pub keeper: Wallet,
    pub gateway: Wallet,
    /// Delegate of every household.
    pub agent: Wallet,
    pub supplier: Member,
    pub grid_operator: Member,
    pub households: Vec<HouseholdState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    pub registry: String,
    pub oracle: String,
    pub market: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenState {
    pub mint: String,
    pub program: String,
    pub decimals: u8,
    /// Who can mint more.
    pub authority: Wallet,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    pub address: String,
    /// Path of its keypair file.
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub address: String,
    pub key: String,
    pub seat: u16,
    pub token_account: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HouseholdState {
    pub name: String,
    pub address: String,
    pub key: String,
    pub seat: u16,
    pub participant_index: u16,
    pub token_account: String,
    pub delegate: Wallet,
    pub meters: Vec<MeterState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterState {
    /// Its number, which it signs.
    pub number: u32,
    /// Its row in the meter table.
    pub index: u16,
    /// From when on its energy counts: the start of a page, unix seconds.
    pub service_from: i64,
    pub device: DeviceState,
    /// `ed25519`.
    pub kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceState {
    pub public_key: String,
    pub key: String,
}

impl Sandbox {
    /// # Errors
    /// If the file can't be read, or is none of a sandbox.
    pub fn read(path: &Path) -> io::Result<Sandbox> {
        serde_json::from_slice(&fs::read(path)?).map_err(io::Error::other)
    }
}

pub(super) fn write(path: &Path, sandbox: &Sandbox) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(sandbox).map_err(io::Error::other)?;
    text.push('\n');
    // Whoever waits for the file finds all of it.
    let draft = path.with_extension("new");
    fs::write(&draft, text)?;
    fs::rename(&draft, path)
}

pub(super) fn describe(
    (rpc_url, ws_url): (&str, &str),
    genesis_hash: &str,
    addresses: &Addresses,
    keys: &Keys,
    token: &TestToken,
    parameters: &SandboxParameters,
    settled: &AllSettled,
) -> Sandbox {
    let path = |name: &str| file_of(name).display().to_string();
    let own = |key: &solana_keypair::Keypair, name: &str| Wallet {
        address: key.pubkey().to_string(),
        key: path(name),
    };
    let member = |of: Settled, name: &str| Member {
        address: of.wallet.to_string(),
        key: path(name),
        seat: of.seat,
        token_account: token.account_of(&of.wallet).to_string(),
    };
    let households = settled.households.iter().zip(&parameters.households);
    let households = households.zip(&keys.households).enumerate();
    Sandbox {
        version: 1,
        rpc_url: rpc_url.into(),
        ws_url: ws_url.into(),
        genesis_hash: genesis_hash.into(),
        programs: Programs {
            registry: REGISTRY_ID.to_string(),
            oracle: ORACLE_ID.to_string(),
            market: MARKET_ID.to_string(),
        },
        token: TokenState {
            mint: token.mint.to_string(),
            program: token.program.to_string(),
            decimals: DECIMALS,
            authority: own(&keys.mint_authority, "mint-authority"),
        },
        community: addresses.community.to_string(),
        market: addresses.market.to_string(),
        meter_table: addresses.meter_table.to_string(),
        authority: own(&keys.authority, "authority"),
        payer: own(&keys.payer, "payer"),
        keeper: own(&keys.keeper, "keeper"),
        gateway: own(&keys.gateway, "gateway"),
        agent: own(&keys.agent, "agent"),
        supplier: member(settled.supplier, "supplier"),
        grid_operator: member(settled.grid_operator, "grid-operator"),
        households: households
            .map(
                |(place, ((settled, household), (_, meter)))| HouseholdState {
                    name: household.name.clone(),
                    address: settled.wallet.to_string(),
                    key: path(&wallet(place)),
                    seat: settled.seat,
                    participant_index: settled.seat,
                    token_account: token.account_of(&settled.wallet).to_string(),
                    delegate: own(&keys.agent, "agent"),
                    meters: settled
                        .meter
                        .map(|(number, service_from)| MeterState {
                            number,
                            service_from,
                            index: joulebook_client::layout::oracle::Meter::row(number),
                            device: DeviceState {
                                public_key: meter.pubkey().to_string(),
                                key: path(&device(place)),
                            },
                            kind: "ed25519".into(),
                        })
                        .into_iter()
                        .collect(),
                },
            )
            .collect(),
    }
}
