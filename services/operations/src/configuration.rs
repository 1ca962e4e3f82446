use std::collections::BTreeMap;

use joulebook_cluster::ClusterOptions;
use joulebook_daemon::key::KeySource;
use serde::Deserialize;
use solana_address::Address;

use crate::OperationError;

/// What an operator or a member needs; `operations.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// Whoever acts; pays fees and rent.
    pub key: KeySource,
    /// Address of the market.
    pub market: String,
    /// Lamports below which a balance is low.
    #[serde(default = "low")]
    pub low_balance: u64,
    /// Wallets whose balance is looked at beside one's own, by name.
    #[serde(default)]
    pub watch: BTreeMap<String, String>,
    pub cluster: ClusterOptions,
}

impl Configuration {
    /// # Errors
    /// If the market's is no address.
    pub fn market(&self) -> Result<Address, OperationError> {
        address("market", &self.market)
    }

    /// Names and addresses.
    ///
    /// # Errors
    /// If one is no address.
    pub fn watched(&self) -> Result<Vec<(String, Address)>, OperationError> {
        let watched = self.watch.iter();
        watched
            .map(|(name, text)| Ok((name.clone(), address("watch", text)?)))
            .collect()
    }
}

fn address(key: &'static str, text: &str) -> Result<Address, OperationError> {
    text.parse().map_err(|_| OperationError::NoAddress {
        key,
        text: text.into(),
    })
}

fn low() -> u64 {
    50_000_000
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../operations.toml");

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        let read: Configuration = config::parse(EXAMPLE).expect("the example");
        let error = read.market().expect_err("a word in an address's place");
        assert_eq!(
            error.to_string(),
            "market: MARKET is no address; 32 bytes in base58 are expected"
        );
        assert_eq!(read.low_balance, low());
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = EXAMPLE.replace("low-balance", "low-balence");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("low-balence"), "{error}");
    }
}
