//! Secret keys. They come from files that nobody else can read, or from a command; never from arguments or the environment, which
//! others can see.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;
use solana_keypair::Keypair;

/// Where a secret key is: the path of a keypair file, 64 numbers as JSON, or a command that prints one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum KeySource {
    File(PathBuf),
    /// Program and arguments; prints the 64 numbers as JSON, or base58.
    Command {
        command: Vec<String>,
    },
}

/// Why a key can't be used. Nothing of the key is in it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{path}: {error}")]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{path} can be read by others; make it yours alone: chmod 600 {path}")]
    ReadableByOthers { path: PathBuf },
    #[error("{path} belongs to another user; copy it, or run as its owner")]
    OfAnother { path: PathBuf },
    #[error("{from} holds no keypair; 64 numbers as JSON are expected, as `solana-keygen new` writes them")]
    NoKeypair { from: String },
    #[error("the command {program} for a key failed: {reason}")]
    CommandFailed { program: String, reason: String },
}

impl KeySource {
    /// # Errors
    /// [`KeyError`].
    pub fn read(&self) -> Result<Keypair, KeyError> {
        let text = self.read_secret()?;
        match self {
            KeySource::File(path) => keypair(&text, &path.display().to_string()),
            KeySource::Command { command } => keypair(&text, program_of(command)),
        }
    }

    /// What is there, of another kind of secret than a keypair: a PIN, a password.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn read_secret(&self) -> Result<String, KeyError> {
        match self {
            KeySource::File(path) => read_secret_file(path),
            KeySource::Command { command } => run(command),
        }
    }
}

/// # Errors
/// [`KeyError`].
pub fn read_file(path: &Path) -> Result<Keypair, KeyError> {
    let text = read_secret_file(path)?;
    keypair(&text, &path.display().to_string())
}

/// The text of a file that nobody else can read.
///
/// # Errors
/// [`KeyError`].
pub fn read_secret_file(path: &Path) -> Result<String, KeyError> {
    let unreadable = |error| KeyError::Unreadable {
        path: path.into(),
        error,
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.mode() & 0o077 != 0 {
        return Err(KeyError::ReadableByOthers { path: path.into() });
    }
    let user = rustix::process::geteuid();
    if !user.is_root() && metadata.uid() != user.as_raw() {
        return Err(KeyError::OfAnother { path: path.into() });
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// Writes a keypair into a new file that its owner alone can read.
///
/// # Errors
/// Those of the file; if it is there already, too.
pub fn write_new(path: &Path, key: &Keypair) -> io::Result<()> {
    let numbers = serde_json::to_vec(&key.to_bytes().to_vec()).map_err(io::Error::other)?;
    write_new_secret(path, &numbers)
}

/// Writes a secret into a new file that its owner alone can read.
///
/// # Errors
/// Those of the file; if it is there already, too.
pub fn write_new_secret(path: &Path, secret: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    io::Write::write_all(&mut file, secret)?;
    file.sync_all()
}

fn program_of(command: &[String]) -> &str {
    command.first().map_or("(none)", String::as_str)
}

fn run(command: &[String]) -> Result<String, KeyError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(KeyError::CommandFailed {
            program: program_of(command).into(),
            reason: "no program is named".into(),
        });
    };
    let failed = |reason: String| KeyError::CommandFailed {
        program: program.clone(),
        reason,
    };
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn keypair(text: &str, from: &str) -> Result<Keypair, KeyError> {
    let bytes = match serde_json::from_str::<Vec<u8>>(text) {
        Ok(bytes) => Some(bytes),
        Err(_) => bs58::decode(text.trim()).into_vec().ok(),
    };
    bytes
        .and_then(|bytes| Keypair::try_from(bytes.as_slice()).ok())
        .ok_or_else(|| KeyError::NoKeypair { from: from.into() })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use solana_signer::Signer;

    use super::*;

    #[test]
    fn given_a_key_when_it_is_written_then_it_is_read_again_and_nobody_else_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.json");
        let key = Keypair::new();
        write_new(&path, &key).expect("written");
        assert_eq!(read_file(&path).expect("read").pubkey(), key.pubkey());
        assert!(write_new(&path, &key).is_err(), "it is there already");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        let error = read_file(&path).expect_err("readable by others");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn given_a_command_when_it_prints_a_key_then_that_is_read() {
        let key = Keypair::new();
        let command = ["echo".to_owned(), key.to_base58_string()].to_vec();
        let read = KeySource::Command { command }.read().expect("read");
        assert_eq!(read.pubkey(), key.pubkey());
    }

    #[test]
    fn given_what_is_no_key_when_it_is_read_then_nothing_of_it_is_repeated() {
        for secret in ["[1,2,3]", "secret", ""] {
            let command = ["echo".to_owned(), secret.to_owned()].to_vec();
            let error = KeySource::Command { command }.read().expect_err("no key");
            assert_eq!(
                error.to_string(),
                "echo holds no keypair; 64 numbers as JSON are expected, as `solana-keygen new` writes them"
            );
        }
        let command = ["false".to_owned()].to_vec();
        let error = KeySource::Command { command }.read().expect_err("no key");
        assert!(
            error
                .to_string()
                .contains("the command false for a key failed"),
            "{error}"
        );
    }
}
