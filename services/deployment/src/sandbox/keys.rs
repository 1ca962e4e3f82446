use std::{
    fs,
    path::{Path, PathBuf},
};

use joulebook_daemon::key;
use solana_keypair::Keypair;

use super::SandboxError;

/// The folder, beside the state file.
const FOLDER: &str = "keys";

/// Everybody's keys.
pub(super) struct Keys {
    pub payer: Keypair,
    pub authority: Keypair,
    pub keeper: Keypair,
    pub gateway: Keypair,
    /// Delegate of every household.
    pub agent: Keypair,
    pub supplier: Keypair,
    pub grid_operator: Keypair,
    pub mint: Keypair,
    pub mint_authority: Keypair,
    /// Wallet and meter of each household.
    pub households: Vec<(Keypair, Keypair)>,
}

impl Keys {
    /// Reads the keys in a folder, and makes those that are missing.
    pub fn in_folder(folder: &Path, households: usize) -> Result<Keys, SandboxError> {
        let keys = folder.join(FOLDER);
        fs::create_dir_all(&keys).map_err(|error| SandboxError::File {
            path: keys.display().to_string(),
            error,
        })?;
        let key = |name: &str| -> Result<Keypair, SandboxError> {
            let path = folder.join(file_of(name));
            if path.exists() {
                return Ok(key::read_file(&path)?);
            }
            let new = Keypair::new();
            key::write_new(&path, &new).map_err(|error| SandboxError::File {
                path: path.display().to_string(),
                error,
            })?;
            Ok(new)
        };
        let household = |index: usize| Ok((key(&wallet(index))?, key(&device(index))?));
        Ok(Keys {
            payer: key("payer")?,
            authority: key("authority")?,
            keeper: key("keeper")?,
            gateway: key("gateway")?,
            agent: key("agent")?,
            supplier: key("supplier")?,
            grid_operator: key("grid-operator")?,
            mint: key("mint")?,
            mint_authority: key("mint-authority")?,
            households: (0..households)
                .map(household)
                .collect::<Result<_, SandboxError>>()?,
        })
    }
}

/// The path of a key, seen from the state file's folder.
pub(super) fn file_of(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name).with_extension("json")
}

pub(super) fn wallet(household: usize) -> String {
    format!("household-{household}")
}

pub(super) fn device(household: usize) -> String {
    format!("meter-{household}")
}
