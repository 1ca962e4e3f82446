//! Configuration from a TOML file, which the environment may overrule.

use std::path::{Path, PathBuf};

use figment::{
    providers::{Env, Format, Toml},
    Figment,
};
use serde::de::DeserializeOwned;

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: there is no such file; name the configuration with --config")]
    NoFile { path: PathBuf },
    #[error("{path}: {reason}")]
    Invalid { path: PathBuf, reason: String },
}

/// Reads a configuration. A variable such as `JOULEBOOK_KEEPER_CLUSTER__TIMEOUT_MS` overrules the key `timeout-ms` of the table
/// `cluster`, with `JOULEBOOK_KEEPER_` as `prefix`. A key that means nothing is an error, if `T` denies unknown fields.
///
/// # Errors
/// [`ConfigError`], with the key.
pub fn read<T: DeserializeOwned>(path: &Path, prefix: &str) -> Result<T, ConfigError> {
    if !path.is_file() {
        return Err(ConfigError::NoFile { path: path.into() });
    }
    let environment = Env::prefixed(prefix)
        .map(|key| {
            key.as_str()
                .to_lowercase()
                .replace("__", ".")
                .replace('_', "-")
                .into()
        })
        .lowercase(false);
    let figment = Figment::new()
        .merge(Toml::file_exact(path))
        .merge(environment);
    figment.extract().map_err(|error| ConfigError::Invalid {
        path: path.into(),
        reason: reasons(error),
    })
}

/// Reads a configuration from text alone.
///
/// # Errors
/// What is wrong with it, with the key.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let figment = Figment::new().merge(Toml::string(text));
    figment.extract().map_err(reasons)
}

/// Each mistake, and where it is.
fn reasons(error: figment::Error) -> String {
    let reason = |error: figment::Error| {
        let key = error.path.join(".");
        let from_environment = error
            .metadata
            .as_ref()
            .is_some_and(|metadata| metadata.name.contains("environment"));
        let place = match (key.is_empty(), from_environment) {
            (true, _) => String::new(),
            (false, false) => format!("{key}: "),
            (false, true) => format!("{key} (from the environment): "),
        };
        format!("{place}{}", error.kind)
    };
    let all: Vec<String> = error.into_iter().map(reason).collect();
    all.join("; ")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct Sample {
        listen: String,
        #[serde(default)]
        inner: Inner,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
    struct Inner {
        timeout_ms: u64,
    }

    fn read_text(text: &str, prefix: &str) -> Result<Sample, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sample.toml");
        fs::write(&path, text).expect("a file");
        read(&path, prefix).map_err(|error| error.to_string())
    }

    #[test]
    fn given_a_file_when_it_is_read_then_its_tables_are_there() {
        let read = read_text(
            "listen = 'a'\n[inner]\ntimeout-ms = 5\n",
            "JOULEBOOK_NOTHING_",
        );
        let inner = Inner { timeout_ms: 5 };
        let listen = "a".to_owned();
        assert_eq!(read, Ok(Sample { listen, inner }));
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_the_key_is_named() {
        let error = read_text("listen = 'a'\nlitsen = 'b'\n", "JOULEBOOK_NOTHING_");
        let error = error.expect_err("an unknown key");
        assert!(error.contains("litsen"), "{error}");
    }

    #[test]
    fn given_a_wrong_value_when_it_is_read_then_its_place_is_named() {
        let error = read_text(
            "listen = 'a'\n[inner]\ntimeout-ms = 'x'\n",
            "JOULEBOOK_NOTHING_",
        );
        let error = error.expect_err("a word is no number");
        assert!(error.contains("inner.timeout-ms"), "{error}");
    }

    #[test]
    fn given_no_file_when_it_is_read_then_that_is_said() {
        let error = read::<Sample>(Path::new("/nowhere/sample.toml"), "JOULEBOOK_NOTHING_");
        let error = error.expect_err("no file").to_string();
        assert!(
            error.contains("/nowhere/sample.toml: there is no such file"),
            "{error}"
        );
    }
}
