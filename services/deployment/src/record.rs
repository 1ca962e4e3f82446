use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde::Serialize;

use crate::programs::Program;

/// What a deployment left on a cluster, to be kept and compared.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub version: u8,
    pub deployed_at: String,
    pub genesis_hash: String,
    pub programs: Vec<ProgramRecord>,
    pub authority: String,
    pub community: String,
    pub market: String,
    pub meter_table: String,
    pub mint: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramRecord {
    pub name: &'static str,
    pub address: String,
    pub bytes: usize,
    /// SHA-256 of the file that was deployed, hexadecimal.
    pub sha256: String,
}

impl ProgramRecord {
    pub fn of(program: &Program) -> ProgramRecord {
        ProgramRecord {
            name: program.name,
            address: program.address.to_string(),
            bytes: program.code.len(),
            sha256: program.hash(),
        }
    }
}

impl Record {
    /// The time in the format of RFC 3339.
    pub fn now() -> String {
        Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// # Errors
    /// Those of the file.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        fs::write(path, text)
    }
}
