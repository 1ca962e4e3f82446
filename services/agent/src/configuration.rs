use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use joulebook_client::layout::market::Seat;
use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{key::KeySource, logs::LogOptions, observe::ObserveOptions};
use joulebook_strategy::bidding::MoneyUnit;
use joulebook_units::Price;
use serde::Deserialize;
use solana_address::Address;

/// What an agent needs; `agent.toml` beside this crate's sources is an example with a comment on each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    /// The delegate; pays fees.
    pub key: KeySource,
    /// Address of the market.
    pub market: String,
    pub store: PathBuf,
    #[serde(default = "second")]
    pub poll_ms: u64,
    /// Before the gate, of the chain's clock.
    #[serde(default = "first_look")]
    pub first_look_seconds: u32,
    #[serde(default = "last_look")]
    pub last_look_seconds: u32,
    /// Tokens for a SOL.
    pub sol_price: f64,
    #[serde(default = "yes")]
    pub lookup_table: bool,
    #[serde(default = "yes")]
    pub standing_orders: bool,
    /// Upper byte of client ids.
    #[serde(default = "client_id")]
    pub client_id: u8,
    /// Lamports below which it warns.
    #[serde(default = "low")]
    pub low_balance: u64,
    #[serde(default = "token")]
    pub price_unit: String,
    #[serde(default = "token_atoms")]
    pub price_unit_atoms: u32,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub household: Vec<Household>,
    pub cluster: ClusterOptions,
    pub observe: Option<ObserveOptions>,
    #[serde(default)]
    pub log: LogOptions,
}

/// How far a household lets its agent go, within what it has set on chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limits {
    /// Atoms per kWh.
    pub highest_buy: Option<i32>,
    /// Atoms per kWh.
    pub lowest_sell: Option<i32>,
    /// Atoms that orders may lock in a day of UTC.
    pub daily_lock: Option<u64>,
}

/// Limits of one household.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Household {
    /// Its wallet.
    pub owner: String,
    pub highest_buy: Option<i32>,
    pub lowest_sell: Option<i32>,
    pub daily_lock: Option<u64>,
}

/// A configuration that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("{key}: {text} is no address; 32 bytes in base58 are expected")]
    NoAddress { key: &'static str, text: String },
    #[error("household: {0} is named twice; leave one out")]
    Twice(Address),
    #[error("sol-price: {0} is no price; write how many tokens a SOL costs, 0 or more")]
    NoPrice(String),
    #[error("last-look-seconds: the last look comes before the first; choose less than first-look-seconds")]
    LooksSwapped,
    #[error("price-unit-atoms: nothing costs 0 of a unit; write how many atoms it stands for")]
    NoUnit,
}

/// The limits of everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllLimits {
    pub usual: Limits,
    /// By wallet.
    pub own: BTreeMap<Address, Limits>,
}

impl AllLimits {
    pub fn of(&self, owner: &Address) -> Limits {
        self.own.get(owner).copied().unwrap_or(self.usual)
    }
}

impl Limits {
    pub fn highest_buy(&self) -> Option<Price> {
        self.highest_buy.map(Price)
    }

    /// No further than the seat's owner has set on chain.
    pub fn within(self, seat: &Seat) -> Limits {
        let on_chain = seat.delegate_bounds;
        let highest = self.highest_buy.unwrap_or(i32::MAX);
        let lowest = self.lowest_sell.unwrap_or(i32::MIN);
        // Where nobody has set a bound there is none: standing orders follow the tariff then.
        let bounded = |bound: i32, none: i32| (bound != none).then_some(bound);
        Limits {
            highest_buy: bounded(highest.min(on_chain.highest_buy), i32::MAX),
            lowest_sell: bounded(lowest.max(on_chain.lowest_sell), i32::MIN),
            daily_lock: self.daily_lock,
        }
    }

    pub fn lowest_sell(&self) -> Option<Price> {
        self.lowest_sell.map(Price)
    }
}

impl Configuration {
    /// Whether its parts can be used together.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.market()?;
        self.limits()?;
        if !(self.sol_price.is_finite() && self.sol_price >= 0.0) {
            return Err(ConfigurationError::NoPrice(self.sol_price.to_string()));
        }
        if self.last_look_seconds >= self.first_look_seconds {
            return Err(ConfigurationError::LooksSwapped);
        }
        match self.price_unit_atoms {
            0 => Err(ConfigurationError::NoUnit),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// [`ConfigurationError`].
    pub fn market(&self) -> Result<Address, ConfigurationError> {
        address("market", &self.market)
    }

    /// # Errors
    /// [`ConfigurationError`].
    pub fn limits(&self) -> Result<AllLimits, ConfigurationError> {
        let mut own = BTreeMap::new();
        for household in &self.household {
            let owner = address("household.owner", &household.owner)?;
            let limits = Limits {
                highest_buy: household.highest_buy.or(self.limits.highest_buy),
                lowest_sell: household.lowest_sell.or(self.limits.lowest_sell),
                daily_lock: household.daily_lock.or(self.limits.daily_lock),
            };
            if own.insert(owner, limits).is_some() {
                return Err(ConfigurationError::Twice(owner));
            }
        }
        let usual = self.limits;
        Ok(AllLimits { usual, own })
    }

    pub(crate) fn unit(&self) -> MoneyUnit {
        MoneyUnit {
            name: self.price_unit.clone(),
            atoms: self.price_unit_atoms.into(),
        }
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(10))
    }
}

fn address(key: &'static str, text: &str) -> Result<Address, ConfigurationError> {
    let no_address = |_| ConfigurationError::NoAddress {
        key,
        text: text.to_owned(),
    };
    text.parse().map_err(no_address)
}

fn second() -> u64 {
    1_000
}

fn first_look() -> u32 {
    600
}

fn last_look() -> u32 {
    240
}

fn yes() -> bool {
    true
}

fn client_id() -> u8 {
    166
}

fn low() -> u64 {
    50_000_000
}

fn token() -> String {
    "tokens".into()
}

fn token_atoms() -> u32 {
    1_000_000
}

#[cfg(test)]
mod tests {
    use joulebook_daemon::config;

    use super::*;

    const EXAMPLE: &str = include_str!("../agent.toml");

    fn example(change: impl FnOnce(&mut Configuration)) -> Result<(), ConfigurationError> {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.market = Address::new_from_array([7; 32]).to_string();
        change(&mut read);
        read.check()
    }

    #[test]
    fn given_the_example_when_it_is_read_then_all_keys_are_known() {
        assert_eq!(example(|_| ()), Ok(()));
        let read: Configuration = config::parse(EXAMPLE).expect("the example");
        assert!(matches!(
            read.check(),
            Err(ConfigurationError::NoAddress { key: "market", .. })
        ));
    }

    #[test]
    fn given_the_example_without_comments_when_it_is_read_then_its_proposals_are_known_too() {
        let proposed: String = EXAMPLE
            .lines()
            .map(|line| {
                let proposal = line.strip_prefix("# ");
                let proposal =
                    proposal.filter(|line| line.contains(" = ") || line.starts_with('['));
                format!("{}\n", proposal.unwrap_or(line))
            })
            .collect();
        let read: Configuration = config::parse(&proposed).expect("proposals");
        assert_eq!(read.limits.highest_buy, Some(250_000));
        assert_eq!(read.household.len(), 1);
    }

    #[test]
    fn given_what_contradicts_itself_when_checked_then_it_is_said() {
        assert_eq!(
            example(|read| read.sol_price = f64::NAN),
            Err(ConfigurationError::NoPrice("NaN".into()))
        );
        assert_eq!(
            example(|read| read.last_look_seconds = 600),
            Err(ConfigurationError::LooksSwapped)
        );
        assert_eq!(
            example(|read| read.price_unit_atoms = 0),
            Err(ConfigurationError::NoUnit)
        );
        let household = |byte: u8| Household {
            owner: Address::new_from_array([byte; 32]).to_string(),
            highest_buy: Some(5),
            lowest_sell: None,
            daily_lock: None,
        };
        assert_eq!(
            example(|read| read.household = vec![household(1), household(1)]),
            Err(ConfigurationError::Twice(Address::new_from_array([1; 32])))
        );
    }

    #[test]
    fn given_limits_of_its_own_when_asked_then_the_usual_ones_hold_where_it_says_nothing() {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.limits.daily_lock = Some(9);
        let owner = Address::new_from_array([1; 32]);
        read.household = vec![Household {
            owner: owner.to_string(),
            highest_buy: Some(5),
            lowest_sell: None,
            daily_lock: None,
        }];
        let limits = read.limits().expect("fine");
        let of = |owner| (limits.of(owner).highest_buy, limits.of(owner).daily_lock);
        assert_eq!(of(&owner), (Some(5), Some(9)));
        assert_eq!(of(&Address::default()), (None, Some(9)));
    }
}
