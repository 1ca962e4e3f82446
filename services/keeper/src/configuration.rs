use std::time::Duration;

use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{key::KeySource, logs::LogOptions, observe::ObserveOptions};
use serde::Deserialize;
use solana_address::Address;

use crate::decision::Pace;

/// What a keeper needs; `keeper.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// Pays fees.
    pub key: KeySource,
    /// Addresses of markets.
    pub markets: Vec<String>,
    #[serde(default = "second")]
    pub poll_ms: u64,
    #[serde(default)]
    pub stagger_ms: u64,
    #[serde(default = "yes")]
    pub reward: bool,
    #[serde(default)]
    pub pace: Pace,
    /// Lamports below which it warns.
    #[serde(default = "low")]
    pub low_balance: u64,
    /// Lamports that it pays in fees within a day at most, of all markets.
    #[serde(default = "low")]
    pub daily_fees: u64,
    pub cluster: ClusterOptions,
    pub observe: Option<ObserveOptions>,
    #[serde(default)]
    pub log: LogOptions,
}

/// A configuration that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("markets: none is named; give the address of at least one")]
    NoMarket,
    #[error("markets: {0} is no address; 32 bytes in base58 are expected")]
    NoAddress(String),
    #[error("markets: {0} is named twice")]
    Twice(Address),
}

impl Configuration {
    /// # Errors
    /// [`ConfigurationError`].
    pub fn addresses(&self) -> Result<Vec<Address>, ConfigurationError> {
        let mut addresses: Vec<Address> = vec![];
        for text in &self.markets {
            let address = text
                .parse()
                .map_err(|_| ConfigurationError::NoAddress(text.clone()))?;
            if addresses.contains(&address) {
                return Err(ConfigurationError::Twice(address));
            }
            addresses.push(address);
        }
        match addresses.is_empty() {
            true => Err(ConfigurationError::NoMarket),
            false => Ok(addresses),
        }
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(10))
    }

    pub(crate) fn stagger(&self) -> Duration {
        Duration::from_millis(self.stagger_ms)
    }
}

fn second() -> u64 {
    1_000
}

fn yes() -> bool {
    true
}

fn low() -> u64 {
    50_000_000
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../keeper.toml");

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        let read: Configuration = config::parse(EXAMPLE).expect("the example");
        assert_eq!(
            read.addresses(),
            Err(ConfigurationError::NoAddress("MARKET".into()))
        );
        assert_eq!(read.poll(), Duration::from_secs(1));
    }

    #[test]
    fn given_markets_that_are_none_or_the_same_when_asked_then_it_says_so() {
        let with = |markets: &[&str]| {
            let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
            read.markets = markets.iter().map(|market| (*market).to_owned()).collect();
            read.addresses()
        };
        let market = Address::new_from_array([7; 32]);
        let text = market.to_string();
        assert_eq!(with(&[]), Err(ConfigurationError::NoMarket));
        assert_eq!(
            with(&[&text, &text]),
            Err(ConfigurationError::Twice(market))
        );
        assert_eq!(with(&[&text]), Ok(vec![market]));
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = EXAMPLE.replace("poll-ms", "pol-ms");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("pol-ms"), "{error}");
    }
}
