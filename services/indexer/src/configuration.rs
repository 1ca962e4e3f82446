use std::{net::SocketAddr, time::Duration};

use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{http::HttpOptions, logs::LogOptions, observe::ObserveOptions};
use serde::Deserialize;
use solana_address::Address;

use crate::copies::{ClickHouseOptions, ClickHouseOptionsError};

/// What an indexer needs; `indexer.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// The path of a file, or `postgres://…`.
    pub database: String,
    /// Addresses of markets.
    pub markets: Vec<String>,
    #[serde(default = "second")]
    pub poll_ms: u64,
    /// How often the events of markets are followed.
    #[serde(default = "five_seconds")]
    pub events_poll_ms: u64,
    /// Whether events that no endpoint has any more are noted as missing, and passed.
    #[serde(default)]
    pub pass_event_gaps: bool,
    /// Readings are forgotten after so many days; never without.
    pub keep_readings_days: Option<u32>,
    /// The time zone of months where a request names none.
    #[serde(default = "utc")]
    pub zone: String,
    /// Where all rows are copied to; nowhere without.
    pub clickhouse: Option<ClickHouseOptions>,
    pub cluster: ClusterOptions,
    /// Where questions are answered; nowhere without.
    pub http: Option<HttpOptions>,
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
    #[error("zone: {0} is no time zone; write it as Europe/Vienna, or UTC")]
    NoZone(String),
    #[error("http.listen and observe.listen: both are {0}; choose another port for one of them")]
    SamePort(SocketAddr),
    #[error("keep-readings-days: bills of a month need its readings; keep them for 62 days at least, or leave the key out")]
    ForgetsTooSoon,
    #[error(transparent)]
    ClickHouse(#[from] ClickHouseOptionsError),
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

    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.addresses()?;
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            return Err(ConfigurationError::NoZone(self.zone.clone()));
        }
        if self.keep_readings_days.is_some_and(|days| days < 62) {
            return Err(ConfigurationError::ForgetsTooSoon);
        }
        if let Some(clickhouse) = &self.clickhouse {
            clickhouse.check()?;
        }
        match (&self.http, &self.observe) {
            (Some(http), Some(observe))
                if http.listen == observe.listen && http.listen.port() != 0 =>
            {
                Err(ConfigurationError::SamePort(http.listen))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(10))
    }

    pub(crate) fn events_poll(&self) -> Duration {
        Duration::from_millis(self.events_poll_ms.max(10))
    }
}

fn second() -> u64 {
    1_000
}

fn five_seconds() -> u64 {
    5_000
}

fn utc() -> String {
    "UTC".to_owned()
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../indexer.toml");

    fn example() -> Configuration {
        config::parse(EXAMPLE).expect("the example")
    }

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        let error = ConfigurationError::NoAddress("MARKET".into());
        assert_eq!(example().check(), Err(error));
        assert_eq!(example().poll(), Duration::from_secs(1));
    }

    #[test]
    fn given_contradictions_when_it_is_checked_then_they_are_named() {
        let market = Address::new_from_array([7; 32]).to_string();
        let with = |change: fn(&mut Configuration)| {
            let mut read = example();
            read.markets = vec![market.clone()];
            change(&mut read);
            read.check()
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|read| read.markets.clear()),
            Err(ConfigurationError::NoMarket)
        );
        assert_eq!(
            with(|read| read.zone = "Mars/Base".into()),
            Err(ConfigurationError::NoZone("Mars/Base".into()))
        );
        assert_eq!(
            with(|read| read.keep_readings_days = Some(30)),
            Err(ConfigurationError::ForgetsTooSoon)
        );
        let same = with(|read| {
            if let (Some(http), Some(observe)) = (&mut read.http, &read.observe) {
                http.listen = observe.listen;
            }
        });
        assert!(matches!(same, Err(ConfigurationError::SamePort(_))));
        let no_http = with(|read| {
            let table = "[clickhouse]\nurl = \"tcp://127.0.0.1:9000\"";
            let text = format!("{EXAMPLE}\n{table}");
            read.clickhouse = config::parse::<Configuration>(&text)
                .expect("the example")
                .clickhouse;
        });
        let expected = ClickHouseOptionsError::NoHttp;
        assert_eq!(no_http, Err(ConfigurationError::ClickHouse(expected)));
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = EXAMPLE.replace("poll-ms", "pol-ms");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("pol-ms"), "{error}");
    }
}
