use std::{path::PathBuf, time::Duration};

use jiff::tz::TimeZone;
use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{key::KeySource, logs::LogOptions, mqtt, observe::ObserveOptions};
use rumqttc::MqttOptions;
use serde::Deserialize;
use solana_address::Address;
use url::Url;

use crate::{household::Household, sensors::Language};

/// Bytes of a packet that the connection bears: what a whole message of ours takes several times.
const PACKET: usize = 256 * 1024;
/// Characters of a topic, a name or a unit at most.
const LONGEST: usize = 128;
/// It is looked so often at least before what was seen is old.
const LOOKS: u64 = 2;

/// What a feed needs; `home.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// Address of the market.
    pub market: String,
    /// The household's wallet.
    pub household: String,
    /// An indexer's address; without one there are fewer sensors.
    pub indexer: Option<Url>,
    /// What a token stands for.
    #[serde(default = "tokens")]
    pub currency: String,
    #[serde(default)]
    pub language: Language,
    /// Of the device in Home Assistant.
    #[serde(default = "name")]
    pub name: String,
    /// Of days and months.
    #[serde(default = "utc")]
    pub zone: String,
    #[serde(default = "half_a_minute")]
    pub poll_ms: u64,
    /// After which what was not seen again is no longer shown.
    #[serde(default = "five_minutes")]
    pub expire_seconds: u32,
    pub mqtt: BrokerOptions,
    pub cluster: ClusterOptions,
    pub observe: Option<ObserveOptions>,
    #[serde(default)]
    pub log: LogOptions,
}

/// The table `[mqtt]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BrokerOptions {
    /// `mqtt://host:port`, or `mqtts://host:port` with TLS.
    pub url: Url,
    /// Without one it is `joulebook-home-` and the wallet's first characters: two connections of one name put each other out.
    pub client_id: Option<String>,
    pub user: Option<String>,
    pub password: Option<KeySource>,
    /// Certificates that the broker's is held against, PEM.
    pub ca: Option<PathBuf>,
    /// Home Assistant's discovery prefix.
    #[serde(default = "homeassistant")]
    pub discovery: String,
    /// Begins the topics of what is told.
    #[serde(default = "joulebook")]
    pub topic: String,
    /// Home Assistant says `online` there when it has started.
    #[serde(default = "birth")]
    pub birth: String,
}

/// A configuration that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("{key}: {text} is no address; 32 bytes in base58 are expected")]
    NoAddress { key: &'static str, text: String },
    #[error("indexer: {0} is no http:// or https:// address")]
    Indexer(Url),
    #[error("{0}: 1 to {LONGEST} characters are expected, none of them a control character")]
    Text(&'static str),
    #[error("zone: {0} is no time zone; write it as Europe/Vienna, or UTC")]
    Zone(String),
    #[error("expire-seconds: it is looked every {poll_ms} ms, so what was seen would be old before it is seen again; choose {least} or more")]
    ExpiresTooSoon { poll_ms: u64, least: u64 },
    #[error("mqtt.{0}: a topic without wildcards is expected, of 1 to {LONGEST} characters")]
    Topic(&'static str),
    #[error(transparent)]
    Broker(#[from] mqtt::AddressError),
}

impl Configuration {
    /// Whether its parts can be used, also together.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.household()?;
        self.time_zone()?;
        let indexer = self.indexer.as_ref();
        if let Some(url) = indexer.filter(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(ConfigurationError::Indexer(url.clone()));
        }
        for (key, text) in [("currency", &self.currency), ("name", &self.name)] {
            if !is_text(text) {
                return Err(ConfigurationError::Text(key));
            }
        }
        let least = self
            .poll_ms
            .saturating_mul(LOOKS)
            .div_ceil(1_000)
            .max(LOOKS);
        if u64::from(self.expire_seconds) < least {
            let poll_ms = self.poll_ms;
            return Err(ConfigurationError::ExpiresTooSoon { poll_ms, least });
        }
        self.mqtt.check()
    }

    /// # Errors
    /// [`ConfigurationError`].
    pub fn household(&self) -> Result<Household, ConfigurationError> {
        Ok(Household {
            market: address("market", &self.market)?,
            owner: address("household", &self.household)?,
        })
    }

    /// # Errors
    /// [`ConfigurationError`].
    pub fn time_zone(&self) -> Result<TimeZone, ConfigurationError> {
        TimeZone::get(&self.zone).map_err(|_| ConfigurationError::Zone(self.zone.clone()))
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(100))
    }

    pub(crate) fn expires(&self) -> Duration {
        Duration::from_secs(self.expire_seconds.into())
    }
}

impl BrokerOptions {
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.broker().check()?;
        let topics = [
            ("discovery", &self.discovery),
            ("topic", &self.topic),
            ("birth", &self.birth),
        ];
        for (key, topic) in topics {
            if !is_text(topic) || !rumqttc::valid_topic(topic) {
                return Err(ConfigurationError::Topic(key));
            }
        }
        Ok(())
    }

    /// A connection that begins anew each time: what counts is retained at the broker.
    ///
    /// # Errors
    /// [`mqtt::FileError`].
    pub fn connection(&self, household: &Household) -> Result<MqttOptions, mqtt::FileError> {
        let usual = || mqtt::client_id("home", &household.owner.to_string());
        let name = self.client_id.clone().unwrap_or_else(usual);
        let mut options = self.broker().connection(&name)?;
        options
            .set_clean_session(true)
            .set_max_packet_size(PACKET, PACKET);
        Ok(options)
    }

    fn broker(&self) -> mqtt::Broker<'_> {
        mqtt::Broker {
            url: &self.url,
            user: self.user.as_deref(),
            password: self.password.as_ref(),
            ca: self.ca.as_deref(),
        }
    }
}

fn is_text(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn address(key: &'static str, text: &str) -> Result<Address, ConfigurationError> {
    let no_address = |_| ConfigurationError::NoAddress {
        key,
        text: text.to_owned(),
    };
    text.parse().map_err(no_address)
}

fn tokens() -> String {
    "tokens".into()
}

fn name() -> String {
    "Joulebook".into()
}

fn utc() -> String {
    "UTC".into()
}

fn half_a_minute() -> u64 {
    30_000
}

fn five_minutes() -> u32 {
    300
}

fn homeassistant() -> String {
    "homeassistant".into()
}

fn joulebook() -> String {
    "joulebook".into()
}

fn birth() -> String {
    "homeassistant/status".into()
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../home.toml");

    fn example(change: impl FnOnce(&mut Configuration)) -> Result<(), ConfigurationError> {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.market = Address::new_from_array([7; 32]).to_string();
        read.household = Address::new_from_array([8; 32]).to_string();
        change(&mut read);
        read.check()
    }

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        assert_eq!(example(|_| ()), Ok(()));
        let read: Configuration = config::parse(EXAMPLE).expect("the example");
        let no_market = read.check();
        assert!(
            matches!(
                no_market,
                Err(ConfigurationError::NoAddress { key: "market", .. })
            ),
            "{no_market:?}"
        );
    }

    #[test]
    fn given_the_example_without_comments_when_it_is_read_then_its_proposals_are_known_too() {
        let proposed: String = EXAMPLE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(proposal) if !proposal.starts_with(' ') => format!("{proposal}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let read: Configuration = config::parse(&proposed).expect("proposals");
        assert!(read.mqtt.ca.is_some() && read.mqtt.client_id.is_some());
    }

    #[test]
    fn given_what_can_not_be_when_checked_then_it_is_said() {
        let refused = |change: fn(&mut Configuration)| example(change).expect_err("refused");
        assert_eq!(
            refused(|read| read.zone = "Mars/Base".into()),
            ConfigurationError::Zone("Mars/Base".into())
        );
        assert_eq!(
            refused(|read| read.currency = String::new()),
            ConfigurationError::Text("currency")
        );
        assert_eq!(
            refused(|read| read.expire_seconds = 59),
            ConfigurationError::ExpiresTooSoon {
                poll_ms: 30_000,
                least: 60
            }
        );
        assert_eq!(
            refused(|read| read.mqtt.topic = "a/#".into()),
            ConfigurationError::Topic("topic")
        );
        let ftp: Url = "ftp://indexer.example".parse().expect("a URL");
        assert_eq!(
            refused(|read| read.indexer = Some("ftp://indexer.example".parse().expect("a URL"))),
            ConfigurationError::Indexer(ftp)
        );
        assert!(matches!(
            refused(|read| read.mqtt.url = "http://broker.example".parse().expect("a URL")),
            ConfigurationError::Broker(mqtt::AddressError::Url(_))
        ));
    }
}
