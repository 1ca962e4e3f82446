//! The three programs: where they are on disk and on chain.

use std::{fs, path::Path};

use solana_pubkey::Pubkey;
use surfpool_core::surfnet::locker::SurfnetSvmLocker;

use crate::fault::Fault;

const IDLS: [(&str, &str); 3] = [
    ("registry", include_str!("../../../idl/registry.json")),
    ("oracle", include_str!("../../../idl/oracle.json")),
    ("market", include_str!("../../../idl/market.json")),
];

pub struct Program {
    pub name: &'static str,
    pub address: Pubkey,
    elf: Vec<u8>,
}

/// Those of a folder, at the addresses that their IDLs say.
///
/// # Errors
/// If one is missing.
pub fn read(folder: &Path) -> Result<Vec<Program>, Fault> {
    let mut programs = vec![];
    let mut missing = vec![];
    for (name, idl) in IDLS {
        let file = format!("{name}.so");
        match fs::read(folder.join(&file)) {
            Ok(elf) => programs.push(Program {
                name,
                address: address_of(idl)?,
                elf,
            }),
            Err(_) => missing.push(file),
        }
    }
    match missing.is_empty() {
        true => Ok(programs),
        false => Err(Fault::NoPrograms {
            missing: missing.join(" and "),
            folder: folder.display().to_string(),
        }),
    }
}

fn address_of(idl: &str) -> Result<Pubkey, Fault> {
    let broken = || Fault::Surfpool("an IDL has no address; run make generate".to_owned());
    let idl: serde_json::Value = serde_json::from_str(idl).map_err(|_| broken())?;
    let address = idl.get("address").and_then(|address| address.as_str());
    address
        .and_then(|address| address.parse().ok())
        .ok_or_else(broken)
}

/// Puts a program at its address; `authority` may upgrade it. Without one, the authority is the system program, which signs
/// nothing.
///
/// # Errors
/// Surfpool's.
pub async fn load(
    node: &SurfnetSvmLocker,
    program: &Program,
    authority: Option<Pubkey>,
) -> Result<(), Fault> {
    let written = node.write_program(program.address, authority, 0, &program.elf, &None);
    written
        .await
        .map_err(|error| Fault::Surfpool(format!("loading {}: {error}", program.name)))
}
