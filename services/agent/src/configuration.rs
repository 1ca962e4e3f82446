use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use joulebook_client::layout::market::DelegateBounds;
use joulebook_cluster::ClusterOptions;
use joulebook_daemon::{key::KeySource, logs::LogOptions, observe::ObserveOptions};
use joulebook_settlement::{DelegatePrices, Terms};
use joulebook_strategy::bidding::MoneyUnit;
use joulebook_units::Price;
use serde::{Deserialize, Serialize};
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
    /// Whether it orders for the owners under `household` alone. Naming a delegate takes nobody's consent but the owner's, and who
    /// is served costs fees and shares transactions: so the agent says for whom.
    #[serde(default = "yes")]
    pub only_listed: bool,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    #[error("household: nobody is listed to order for; list their wallets, or write only-listed = false to order for whoever names this key")]
    NobodyListed,
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
    /// The prices that orders for a seat may have in a window with these terms: within these limits, within what the seat's owner
    /// has set on chain, and no worse than the supplier's.
    pub fn prices(&self, bounds: &DelegateBounds, terms: &Terms) -> Prices {
        let on_chain = DelegatePrices::of(bounds, terms);
        // Nothing is bought where the fees alone are more.
        let highest = on_chain.highest_buy.map_or(i32::MIN, |price| price.0);
        let least = on_chain.lowest_sell.0;
        Prices {
            highest_buy: Price(self.highest_buy.map_or(highest, |own| own.min(highest))),
            lowest_sell: Price(self.lowest_sell.map_or(least, |own| own.max(least))),
        }
    }

    /// Whether the chain keeps an order within these prices too, by what the seat's owner has set: then a standing order needs
    /// none of its own.
    pub fn are_kept_by(&self, bounds: &DelegateBounds) -> bool {
        // Theirs has the fees in it, which are not below zero.
        self.highest_buy
            .is_none_or(|most| bounds.highest_buy <= most)
            && self
                .lowest_sell
                .is_none_or(|least| bounds.lowest_sell >= least)
    }
}

/// The prices that a household's orders may have in a window, atoms per kWh, fees not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    pub highest_buy: Price,
    pub lowest_sell: Price,
}

impl Configuration {
    /// Whether its parts can be used together.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.market()?;
        let limits = self.limits()?;
        if self.only_listed && limits.own.is_empty() {
            return Err(ConfigurationError::NobodyListed);
        }
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

    /// The owners that it orders for; `None` for whoever names it.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn listed(&self) -> Result<Option<BTreeSet<Address>>, ConfigurationError> {
        let listed = self.limits()?.own.into_keys().collect();
        Ok(self.only_listed.then_some(listed))
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
    use joulebook_settlement::Tariff;

    use super::*;

    const EXAMPLE: &str = include_str!("../agent.toml");

    fn wallet(byte: u8) -> String {
        Address::new_from_array([byte; 32]).to_string()
    }

    fn household(byte: u8) -> Household {
        Household {
            owner: wallet(byte),
            highest_buy: Some(5),
            lowest_sell: None,
            daily_lock: None,
        }
    }

    fn example(change: impl FnOnce(&mut Configuration)) -> Result<(), ConfigurationError> {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.market = wallet(7);
        read.household[0].owner = wallet(8);
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
        assert_eq!(
            example(|read| read.household = vec![household(1), household(1)]),
            Err(ConfigurationError::Twice(Address::new_from_array([1; 32])))
        );
        assert_eq!(
            example(|read| read.household.clear()),
            Err(ConfigurationError::NobodyListed)
        );
    }

    #[test]
    fn given_a_list_when_it_is_asked_who_is_served_then_nobody_else_is_unless_it_says_so() {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.market = wallet(7);
        read.household = vec![household(1)];
        let listed = [Address::new_from_array([1; 32])].into();
        assert_eq!(read.listed(), Ok(Some(listed)));
        read.only_listed = false;
        assert_eq!(read.listed(), Ok(None));
        read.household.clear();
        assert_eq!(read.check(), Ok(()));
    }

    const TERMS: Terms = Terms {
        tariff: Tariff {
            short: Price(300),
            long: Price(80),
        },
        grid_fee: Price(20),
        fee_bps: 100,
        min_lock: Price(1),
    };

    fn bounds(highest_buy: i32, lowest_sell: i32) -> DelegateBounds {
        DelegateBounds {
            highest_buy,
            lowest_sell,
            ..DelegateBounds::of_a_day(0)
        }
    }

    #[test]
    fn given_bounds_when_prices_are_asked_for_then_fees_are_counted_and_none_is_worse_than_the_supplier_s(
    ) {
        let free = DelegateBounds::of_a_day(0);
        let of = |limits: Limits, bounds| {
            let prices = limits.prices(&bounds, &TERMS);
            (prices.highest_buy.0, prices.lowest_sell.0)
        };
        let none = Limits::default();
        // 277, 1 % of that and 20 are 300.
        assert_eq!(of(none, free), (277, 80));
        assert_eq!(TERMS.all_in(Price(277)), Some(Price(300)));
        assert_eq!(TERMS.all_in(Price(278)), Some(Price(301)));
        assert_eq!(of(none, bounds(400, 70)), (277, 80));
        assert_eq!(of(none, bounds(121, 90)), (100, 90));
        // The grid fee alone is more.
        assert_eq!(of(none, bounds(19, 90)), (i32::MIN, 90));
        let own = Limits {
            highest_buy: Some(150),
            lowest_sell: Some(100),
            ..Limits::default()
        };
        assert_eq!(of(own, free), (150, 100));
        assert_eq!(of(own, bounds(121, 120)), (100, 120));
    }

    #[test]
    fn given_limits_that_the_chain_does_not_know_when_asked_then_it_does_not_keep_them() {
        let own = Limits {
            highest_buy: Some(150),
            lowest_sell: Some(100),
            daily_lock: Some(1),
        };
        assert!(own.are_kept_by(&bounds(150, 100)));
        assert!(!own.are_kept_by(&bounds(151, 100)));
        assert!(!own.are_kept_by(&bounds(150, 99)));
        assert!(Limits::default().are_kept_by(&DelegateBounds::of_a_day(0)));
    }

    #[test]
    fn given_limits_of_its_own_when_asked_then_the_usual_ones_hold_where_it_says_nothing() {
        let mut read: Configuration = config::parse(EXAMPLE).expect("the example");
        read.limits.daily_lock = Some(9);
        let owner = Address::new_from_array([1; 32]);
        read.household = vec![household(1)];
        let limits = read.limits().expect("fine");
        let of = |owner| (limits.of(owner).highest_buy, limits.of(owner).daily_lock);
        assert_eq!(of(&owner), (Some(5), Some(9)));
        assert_eq!(of(&Address::default()), (None, Some(9)));
    }
}
