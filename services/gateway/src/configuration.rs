use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{
    http::HttpOptions, key::KeySource, logs::LogOptions, observe::ObserveOptions,
};
use serde::Deserialize;
use solana_address::Address;
use url::Url;

use crate::{
    adapter::{ocmf, AdapterOptions, ChargerOptions},
    decision::{Deliver, Policy},
    mqtt::{BrokerError, BrokerOptions},
    store::Limits,
};

/// What a gateway needs; `gateway.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// Pays fees.
    pub key: KeySource,
    /// Address of the market.
    pub market: String,
    /// The file that keeps messages.
    pub store: PathBuf,
    #[serde(default = "second")]
    pub poll_ms: u64,
    #[serde(default)]
    pub deliver: Deliver,
    /// How long the first of a batch waits for others, seconds of the chain's clock.
    #[serde(default = "minute")]
    pub wait_seconds: u32,
    /// How far in the future a boundary may be, seconds.
    #[serde(default = "ten_minutes")]
    pub ahead_seconds: u32,
    /// Messages that wait at most.
    #[serde(default = "many")]
    pub most_waiting: usize,
    #[serde(default = "month")]
    pub keep_fates_days: u32,
    /// Lamports below which it warns.
    #[serde(default = "low")]
    pub low_balance: u64,
    /// Lamports that it pays in fees within a day at most.
    #[serde(default = "fifth_of_a_sol")]
    pub daily_fees: u64,
    pub http: Option<HttpOptions>,
    pub mqtt: Option<BrokerOptions>,
    #[serde(default)]
    pub adapter: Vec<AdapterOptions>,
    #[serde(default)]
    pub charger: Vec<ChargerOptions>,
    pub forward: Option<ForwardOptions>,
    pub cluster: ClusterOptions,
    pub observe: Option<ObserveOptions>,
    #[serde(default)]
    pub log: LogOptions,
}

/// The table `[forward]`: a gateway that is told everything, too.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ForwardOptions {
    /// Of its HTTP API.
    pub url: Url,
    /// Whether it alone sends transactions.
    #[serde(default)]
    pub only: bool,
}

/// A configuration that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("market: {0} is no address; 32 bytes in base58 are expected")]
    NoAddress(String),
    #[error("nothing brings messages: give one of the tables [http], [mqtt] and [[adapter]]")]
    NoWayIn,
    #[error("most-waiting: 0 messages can't be kept; give more")]
    NoRoom,
    #[error("forward.url: {0} is no http:// or https:// address")]
    ForwardUrl(Url),
    #[error(transparent)]
    Broker(#[from] BrokerError),
    #[error("meter {0} has two adapters or chargers; a meter has one device")]
    MeterTwice(u32),
    #[error("charger {0}: its public-key is none of P-256; hexadecimal digits of a point of SEC 1, or of that in DER, are expected")]
    ChargerKey(String),
    #[error("charger {0}: records come over HTTP; give the table [http]")]
    ChargerWithoutHttp(String),
    #[error("charger {0}: another one has its public-key, too; give both the meter-serial that MS of their records has")]
    ChargerTwice(String),
}

impl Configuration {
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.address()?;
        if self.http.is_none() && self.mqtt.is_none() && self.adapter.is_empty() {
            return Err(ConfigurationError::NoWayIn);
        }
        if let Some(broker) = &self.mqtt {
            broker.check()?;
        }
        let mut meters = BTreeSet::new();
        let adapters = self.adapter.iter().map(|adapter| adapter.meter);
        for meter in adapters.chain(self.charger.iter().map(|charger| charger.meter)) {
            if !meters.insert(meter) {
                return Err(ConfigurationError::MeterTwice(meter));
            }
        }
        let mut seen = vec![];
        for charger in &self.charger {
            let name = || charger.name.clone();
            let key = ocmf::public_key(&charger.public_key);
            let serial = charger.meter_serial.as_deref();
            let is_same = |(other, named): &(_, Option<&str>)| {
                *other == key && (named.is_none() || serial.is_none() || *named == serial)
            };
            if key.is_some() && seen.iter().any(is_same) {
                return Err(ConfigurationError::ChargerTwice(name()));
            }
            seen.push((key, serial));
            if ocmf::public_key(&charger.public_key).is_none() {
                return Err(ConfigurationError::ChargerKey(name()));
            }
            if self.http.is_none() {
                return Err(ConfigurationError::ChargerWithoutHttp(name()));
            }
        }
        if self.most_waiting == 0 {
            return Err(ConfigurationError::NoRoom);
        }
        match &self.forward {
            Some(forward) if !matches!(forward.url.scheme(), "http" | "https") => {
                Err(ConfigurationError::ForwardUrl(forward.url.clone()))
            }
            _ => Ok(()),
        }
    }

    /// # Errors
    /// [`ConfigurationError`].
    pub fn address(&self) -> Result<Address, ConfigurationError> {
        let address = self.market.parse();
        address.map_err(|_| ConfigurationError::NoAddress(self.market.clone()))
    }

    pub(crate) fn poll(&self) -> Duration {
        // What is known of the chain must not be old between two looks.
        Duration::from_millis(self.poll_ms.clamp(10, 10_000))
    }

    /// `of_meter` is how many messages of one meter wait at most.
    pub(crate) fn limits(&self, of_meter: usize) -> Limits {
        Limits {
            messages: self.most_waiting,
            of_meter,
            fate_seconds: i64::from(self.keep_fates_days).saturating_mul(86_400),
        }
    }

    pub(crate) fn policy(&self, payer: Address) -> Policy {
        let margin = i64::from(self.wait_seconds).saturating_mul(2).max(300);
        // A gateway that sends for this one must have it before its own.
        let is_told_earlier = self.forward.as_ref().is_some_and(|forward| forward.only);
        Policy {
            payer,
            deliver: self.deliver,
            wait: self.wait_seconds.into(),
            margin: margin.saturating_mul(1 + i64::from(is_told_earlier)),
            ahead: Some(self.ahead_seconds.into()),
        }
    }
}

fn second() -> u64 {
    1_000
}

fn minute() -> u32 {
    60
}

fn ten_minutes() -> u32 {
    600
}

fn many() -> usize {
    300_000
}

fn month() -> u32 {
    31
}

fn low() -> u64 {
    50_000_000
}

fn fifth_of_a_sol() -> u64 {
    200_000_000
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../gateway.toml");

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        let read: Configuration = config::parse(EXAMPLE).expect("the example");
        assert_eq!(
            read.check(),
            Err(ConfigurationError::NoAddress("MARKET".into()))
        );
        assert_eq!(read.poll(), Duration::from_secs(1));
    }

    #[test]
    fn given_contradictions_when_checked_then_they_are_named() {
        let with = |change: &dyn Fn(&mut Configuration)| {
            let mut read = valid();
            change(&mut read);
            read.check()
        };
        assert_eq!(with(&|_| ()), Ok(()));
        assert_eq!(
            with(&|read| read.most_waiting = 0),
            Err(ConfigurationError::NoRoom)
        );
        assert_eq!(
            with(&|read| {
                read.http = None;
            }),
            Err(ConfigurationError::NoWayIn)
        );
        let forwards = |url: &str| {
            let url: Url = url.parse().expect("a URL");
            let forward = ForwardOptions {
                url: url.clone(),
                only: false,
            };
            (with(&|read| read.forward = Some(forward.clone())), url)
        };
        for url in ["https://gateway.example/", "http://127.0.0.1:9110/"] {
            assert_eq!(forwards(url).0, Ok(()), "{url}");
        }
        let (answer, url) = forwards("ftp://gateway.example/");
        assert_eq!(answer, Err(ConfigurationError::ForwardUrl(url)));
    }

    #[test]
    fn given_a_meter_when_two_devices_are_read_for_it_then_it_is_named() {
        let with = |adapters: &[u32], chargers: &[u32]| {
            let mut read = valid();
            read.adapter = adapters.iter().map(|meter| adapter(*meter)).collect();
            let chargers = (1..).zip(chargers);
            let chargers = chargers.map(|(serial, meter)| {
                charger(*meter, &ocmf_key(), &format!("meter-serial = '{serial}'"))
            });
            read.charger = chargers.collect();
            read.check()
        };
        assert_eq!(with(&[1, 2], &[3, 4]), Ok(()));
        for (adapters, chargers) in [(&[1, 7, 7][..], &[][..]), (&[7], &[7]), (&[], &[7, 1, 7])] {
            let twice = Err(ConfigurationError::MeterTwice(7));
            assert_eq!(
                with(adapters, chargers),
                twice,
                "{adapters:?}, {chargers:?}"
            );
        }
    }

    #[test]
    fn given_a_charger_when_its_key_is_none_of_p256_or_nothing_takes_records_in_then_it_is_named() {
        let with = |key: &str, has_http: bool| {
            let mut read = valid();
            read.charger = vec![charger(1, key, "")];
            if !has_http {
                read.http = None;
                // Another way in, so that not having one at all is not what is found.
                read.adapter = vec![adapter(2)];
            }
            read.check()
        };
        let key = ocmf_key();
        assert_eq!(with(&key, true), Ok(()));
        let is_no_key = Err(ConfigurationError::ChargerKey("c".into()));
        // Of another length, beside the curve, no digits, not there.
        let beside = key.replace("d898c296", "d898c298");
        for wrong in [&key[2..], &beside, "no key", ""] {
            assert_eq!(with(wrong, true), is_no_key, "{wrong}");
        }
        let has_no_way = Err(ConfigurationError::ChargerWithoutHttp("c".into()));
        assert_eq!(with(&key, false), has_no_way);
    }

    #[test]
    fn given_two_chargers_with_one_key_when_checked_then_their_meters_must_be_told_apart() {
        let key = ocmf_key();
        let with = |serials: [Option<&str>; 2]| {
            let mut read = valid();
            let chargers = (1..).zip(serials).map(|(meter, serial)| {
                let serial = serial.map(|serial| format!("meter-serial = {serial:?}"));
                charger(meter, &key, &serial.unwrap_or_default())
            });
            read.charger = chargers.collect();
            read.check()
        };
        assert_eq!(with([Some("A"), Some("B")]), Ok(()));
        for same in [[Some("A"), Some("A")], [None, Some("B")], [None, None]] {
            let twice = ConfigurationError::ChargerTwice("c".into());
            assert_eq!(with(same), Err(twice), "{same:?}");
        }
    }

    /// The point G of P-256.
    fn ocmf_key() -> String {
        "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296".to_owned()
    }

    /// The example, of a market.
    fn valid() -> Configuration {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.market = Address::new_from_array([7; 32]).to_string();
        read
    }

    fn charger(meter: u32, key: &str, more: &str) -> ChargerOptions {
        let text = format!(
            "name = 'c'\nmeter = {meter}\ndevice-key = {{ ed25519 = 'k' }}\npublic-key = {key:?}\n{more}"
        );
        config::parse(&text).expect("a charger")
    }

    fn adapter(meter: u32) -> AdapterOptions {
        let text = format!(
            "name = 'a'\nmeter = {meter}\ndevice-key = {{ ed25519 = 'k' }}\nfrom = {{ tcp = '192.0.2.7:2000' }}\n\
             speaks = 'p1'\nsign = 'reading'"
        );
        config::parse(&text).expect("an adapter")
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = EXAMPLE.replace("poll-ms", "pol-ms");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("pol-ms"), "{error}");
    }
}
