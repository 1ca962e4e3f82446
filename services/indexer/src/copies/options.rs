//! Where ClickHouse is: the table `[clickhouse]` of a configuration.

use std::{path::PathBuf, time::Duration};

use joulebook_daemon::key::KeySource;
use serde::Deserialize;
use url::Url;

/// Where copies of rows go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClickHouseOptions {
    /// Of its HTTP interface.
    pub url: Url,
    /// Its own database for these copies.
    #[serde(default = "joulebook")]
    pub database: String,
    #[serde(default = "default_user")]
    pub user: String,
    pub password: Option<KeySource>,
    /// Certificates that its own is held against; the public ones without.
    pub ca: Option<PathBuf>,
    /// Between two looks at what was written since.
    #[serde(default = "ten_seconds")]
    pub poll_ms: u64,
    /// Of one request.
    #[serde(default = "minute")]
    pub timeout_ms: u64,
}

/// Options that contradict themselves. Nothing of an address with a password in it is shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClickHouseOptionsError {
    #[error("clickhouse.url: neither http://HOST:8123 nor https://HOST:8443; its HTTP interface is asked")]
    NoHttp,
    #[error("clickhouse.url: nothing but a host and a port is taken from it; name the rest with `database`, `user` and `password`")]
    MoreThanHost,
    #[error("clickhouse.ca: {0} is not encrypted; write https://, or leave the key out")]
    NotEncrypted(String),
}

impl ClickHouseOptions {
    /// # Errors
    /// [`ClickHouseOptionsError`].
    pub fn check(&self) -> Result<(), ClickHouseOptionsError> {
        let url = &self.url;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(ClickHouseOptionsError::NoHttp);
        }
        let has_more = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if has_more {
            return Err(ClickHouseOptionsError::MoreThanHost);
        }
        match self.ca.is_some() && url.scheme() == "http" {
            true => Err(ClickHouseOptionsError::NotEncrypted(url.to_string())),
            false => Ok(()),
        }
    }

    pub(super) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(10))
    }

    pub(super) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.max(10))
    }
}

fn joulebook() -> String {
    "joulebook".to_owned()
}

fn default_user() -> String {
    "default".to_owned()
}

fn ten_seconds() -> u64 {
    10_000
}

fn minute() -> u64 {
    60_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> ClickHouseOptions {
        ClickHouseOptions {
            url: url.parse().expect("a URL"),
            database: joulebook(),
            user: default_user(),
            password: None,
            ca: None,
            poll_ms: 0,
            timeout_ms: 0,
        }
    }

    #[test]
    fn given_an_address_when_it_is_checked_then_it_has_a_host_and_a_port_alone() {
        assert_eq!(at("http://127.0.0.1:8123").check(), Ok(()));
        assert_eq!(at("https://clickhouse.example:8443").check(), Ok(()));
        for url in ["tcp://127.0.0.1:9000", "clickhouse://host/joulebook"] {
            assert_eq!(at(url).check(), Err(ClickHouseOptionsError::NoHttp));
        }
        for url in [
            "http://me@host:8123",
            "http://me:secret@host:8123",
            "http://host:8123/?user=me&password=secret",
        ] {
            let error = at(url).check().expect_err("refused");
            assert_eq!(error, ClickHouseOptionsError::MoreThanHost);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn given_certificates_and_an_address_in_the_clear_when_checked_then_that_is_said() {
        let mut options = at("http://host:8123");
        options.ca = Some("ca.pem".into());
        let error = options.check().expect_err("refused");
        assert!(error.to_string().contains("https"), "{error}");
        options.url = "https://host:8443".parse().expect("a URL");
        assert_eq!(options.check(), Ok(()));
    }
}
