use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{key::KeySource, logs::LogOptions};
use serde::Deserialize;
use solana_address::Address;

/// More windows than anybody plans ahead.
const MAX_WINDOWS: u32 = 10_000;

/// What it needs to queue a market's tasks; `crank.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// Pays rent, rewards and fees; an authority of the queue.
    pub key: KeySource,
    /// Address of the market.
    pub market: String,
    /// Address of TukTuk's queue.
    pub queue: Option<String>,
    /// How many windows ahead tasks are queued for.
    #[serde(default = "day")]
    pub windows: u32,
    /// Lamports that a task offers; the queue's least if nothing is said.
    pub task_reward: Option<u64>,
    #[serde(default = "yes")]
    pub reward: bool,
    #[serde(default = "yes")]
    pub catch_up: bool,
    pub cluster: ClusterOptions,
    #[serde(default)]
    pub log: LogOptions,
}

/// A configuration that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("{key}: {text} is no address; 32 bytes in base58 are expected")]
    NoAddress { key: &'static str, text: String },
    #[error("queue: none is named; name one, or create it: joulebook crank create")]
    NoQueue,
    #[error("windows: {0} can't be planned ahead; 1 to 10,000 can")]
    Windows(u32),
}

impl Configuration {
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.market()?;
        if self.queue.is_some() {
            self.queue()?;
        }
        match (1..=MAX_WINDOWS).contains(&self.windows) {
            true => Ok(()),
            false => Err(ConfigurationError::Windows(self.windows)),
        }
    }

    /// # Errors
    /// [`ConfigurationError::NoAddress`].
    pub fn market(&self) -> Result<Address, ConfigurationError> {
        address("market", &self.market)
    }

    /// # Errors
    /// [`ConfigurationError::NoAddress`], [`ConfigurationError::NoQueue`].
    pub fn queue(&self) -> Result<Address, ConfigurationError> {
        let queue = self.queue.as_ref().ok_or(ConfigurationError::NoQueue)?;
        address("queue", queue)
    }
}

fn address(key: &'static str, text: &str) -> Result<Address, ConfigurationError> {
    text.parse().map_err(|_| ConfigurationError::NoAddress {
        key,
        text: text.to_owned(),
    })
}

/// Of quarter hours.
fn day() -> u32 {
    96
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../crank.toml");

    fn read(text: &str) -> Configuration {
        config::parse(text).expect("it can be read")
    }

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        let no_market = ConfigurationError::NoAddress {
            key: "market",
            text: "MARKET".into(),
        };
        assert_eq!(read(EXAMPLE).check(), Err(no_market));
        assert_eq!(read(EXAMPLE).windows, 96);
    }

    #[test]
    fn given_no_queue_when_it_is_asked_for_then_it_says_how_to_get_one() {
        let address = Address::new_from_array([7; 32]).to_string();
        let mut read = read(&EXAMPLE.replace("MARKET", &address));
        read.queue = None;
        assert_eq!(read.check(), Ok(()));
        assert_eq!(read.queue(), Err(ConfigurationError::NoQueue));
    }

    #[test]
    fn given_windows_that_nobody_plans_when_checked_then_they_are_refused() {
        let address = Address::new_from_array([7; 32]).to_string();
        for (windows, is_fine) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
            let mut read = read(
                &EXAMPLE
                    .replace("MARKET", &address)
                    .replace("QUEUE", &address),
            );
            read.windows = windows;
            let expected = match is_fine {
                true => Ok(()),
                false => Err(ConfigurationError::Windows(windows)),
            };
            assert_eq!(read.check(), expected, "{windows}");
        }
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = EXAMPLE.replace("catch-up", "catchup");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("catchup"), "{error}");
    }
}
