//! What is to be deployed; `migrations/community.toml` is an example with a comment on each key.

use std::path::PathBuf;

use joulebook_client::{
    layout::market::{limits, ImbalancePrices, MarketTerms},
    market::instructions::CreateMarketInstructionArgs,
    oracle::types::MeterTableParams,
};
use joulebook_cluster::{Amount, AmountError, ClusterOptions};
use joulebook_daemon::{config, key::KeySource};
use serde::Deserialize;

const SECONDS_PER_MINUTE: u32 = 60;
const SECONDS_PER_HOUR: u32 = 3_600;
/// One page ahead, one that goes on, and one that is becoming final.
const PAGES_IN_USE: u32 = 3;
/// The window whose gate has closed, and the one that is being cleared.
const BOOKS_IN_USE: u32 = 2;
const DECIMALS_OF_LEDGER: u8 = 3;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Configuration {
    pub cluster: ClusterOptions,
    pub keys: KeysConfiguration,
    #[serde(default)]
    pub programs: ProgramsConfiguration,
    pub community: CommunityConfiguration,
    pub token: TokenConfiguration,
    pub market: MarketConfiguration,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeysConfiguration {
    /// Pays fees and rent.
    pub payer: KeySource,
    /// Governs the community; upgrades the programs.
    pub authority: KeySource,
    /// If they are here, they apply and take their seats along the way; else by themselves.
    pub supplier: Option<KeySource>,
    pub grid_operator: Option<KeySource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ProgramsConfiguration {
    /// Where `make programs` puts them.
    pub folder: PathBuf,
    /// Holds `registry.json`, `oracle.json` and `market.json`, the keypairs of the programs' addresses: needed once, when they
    /// are deployed for the first time.
    pub keys: Option<PathBuf>,
}

impl Default for ProgramsConfiguration {
    fn default() -> ProgramsConfiguration {
        ProgramsConfiguration {
            folder: "target/deploy".into(),
            keys: None,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommunityConfiguration {
    /// Its number among the authority's.
    pub id: u64,
    pub name: String,
    pub zones: Vec<String>,
    /// Wallets, where their keys are not given.
    pub supplier: Option<String>,
    pub grid_operator: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TokenConfiguration {
    /// Address of the mint.
    pub mint: String,
}

/// Prices are tokens per kWh, as text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MarketConfiguration {
    /// Among the community's markets.
    #[serde(default)]
    pub number: u16,
    pub window_minutes: u32,
    pub windows_per_page: u16,
    /// After a page's end.
    pub correction_hours: u32,
    /// What a verifier has to itself at the end of these.
    #[serde(default = "twelve")]
    pub verifier_hours: u32,
    pub horizon_minutes: u32,
    pub gate_lead_minutes: u32,
    #[serde(default)]
    pub notice_hours: u32,
    pub seats: u16,
    pub meters: u16,
    pub orders: u16,
    pub ticks: u16,
    pub history: u16,
    #[serde(default = "yes")]
    pub standing_orders: bool,
    pub max_orders_per_seat: u16,
    #[serde(default)]
    pub room_per_seat: u16,
    /// Watts.
    pub power_cap: u32,
    #[serde(default = "three")]
    pub violation_limit: u8,
    /// Of the first tick.
    pub floor_price: Amount,
    pub tick_size: Amount,
    pub lowest_price: Amount,
    pub highest_price: Amount,
    pub highest_grid_fee: Amount,
    pub retail_price: Amount,
    pub feed_in_tariff: Amount,
    pub grid_fee: Amount,
    /// Basis points of the value bought.
    pub market_fee_bps: u16,
    /// Tokens for each allocation.
    pub keeper_reward: Amount,
    /// Tokens.
    pub supplier_margin: Amount,
    /// Wh.
    #[serde(default = "one")]
    pub min_quantity: u32,
    /// How far local clocks are ahead of UTC, minutes.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Hours after a window's end.
    pub metering_grace_hours: u32,
    pub draw_after_windows: u16,
    pub max_silent_windows: u16,
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn three() -> u8 {
    3
}

fn twelve() -> u32 {
    12
}

impl MarketConfiguration {
    pub fn window_seconds(&self) -> u32 {
        self.window_minutes.saturating_mul(SECONDS_PER_MINUTE)
    }

    /// Slots of the ring of books.
    pub fn books(&self) -> u16 {
        let windows = self.horizon_minutes.div_ceil(self.window_minutes.max(1));
        u16::try_from(windows.saturating_add(BOOKS_IN_USE)).unwrap_or(u16::MAX)
    }

    /// Slots of the ring of pages: enough for the corrections.
    pub fn pages(&self) -> u16 {
        let page = u64::from(self.window_seconds()) * u64::from(self.windows_per_page);
        let horizon = u64::from(self.horizon_minutes) * u64::from(SECONDS_PER_MINUTE);
        let waiting = (horizon + u64::from(self.correction_seconds())).div_ceil(page.max(1));
        u16::try_from(waiting.saturating_add(PAGES_IN_USE.into())).unwrap_or(u16::MAX)
    }

    fn correction_seconds(&self) -> u32 {
        self.correction_hours.saturating_mul(SECONDS_PER_HOUR)
    }

    /// `cluster` is the chain's genesis hash, which meters sign.
    pub fn meter_table(&self, cluster: [u8; 32]) -> MeterTableParams {
        let verifier = self.verifier_hours.saturating_mul(SECONDS_PER_HOUR);
        MeterTableParams {
            interval_seconds: self.window_seconds(),
            page_intervals: self.windows_per_page,
            ring: self.pages(),
            capacity: self.meters,
            reading_seconds: self.correction_seconds().saturating_sub(verifier),
            correction_seconds: self.correction_seconds(),
            power_cap: self.power_cap,
            violation_limit: self.violation_limit,
            cluster,
        }
    }

    /// `decimals` are the token's.
    ///
    /// # Errors
    /// If a price is finer than the token, or too large.
    pub fn create_market(&self, decimals: u8) -> Result<CreateMarketInstructionArgs, AmountError> {
        let price = |amount: Amount| amount.in_units::<i32>(decimals);
        let ledger_decimals = decimals.saturating_add(DECIMALS_OF_LEDGER);
        let tariff = ImbalancePrices {
            short: price(self.retail_price)?,
            long: price(self.feed_in_tariff)?,
        };
        Ok(CreateMarketInstructionArgs {
            number: self.number,
            window_seconds: self.window_seconds(),
            books: self.books(),
            seats: self.seats,
            orders: self.orders,
            ticks: self.ticks,
            history: self.history,
            max_orders_per_seat: self.max_orders_per_seat,
            room_per_seat: self.room_per_seat,
            nodes: limits::NODES,
            rule: limits::RULE_UNIFORM_PRICE,
            lowest_price: price(self.lowest_price)?,
            highest_price: price(self.highest_price)?,
            highest_grid_fee: price(self.highest_grid_fee)?,
            notice_seconds: self.notice_hours.saturating_mul(SECONDS_PER_HOUR),
            supplier_margin: self.supplier_margin.in_units(ledger_decimals)?,
            tariff,
            terms: MarketTerms {
                keeper_reward: self.keeper_reward.in_units(ledger_decimals)?,
                horizon: self.horizon_minutes.saturating_mul(SECONDS_PER_MINUTE),
                gate_lead: self.gate_lead_minutes.saturating_mul(SECONDS_PER_MINUTE),
                metering_grace: self.metering_grace_hours.saturating_mul(SECONDS_PER_HOUR),
                floor_price: price(self.floor_price)?,
                tick_size: self.tick_size.in_units(decimals)?,
                min_quantity: self.min_quantity,
                grid_fee: price(self.grid_fee)?,
                utc_offset: self.utc_offset_minutes.saturating_mul(60),
                holidays: [0; limits::MAX_HOLIDAYS as usize],
                min_lock: 1,
                fee_bps: self.market_fee_bps,
                max_silent: self.max_silent_windows,
                draw_after: self.draw_after_windows,
                reserved: [0; 6],
            },
        })
    }
}

impl Configuration {
    /// The example in `migrations`.
    pub fn example() -> Configuration {
        let example = include_str!("../../../migrations/community.toml");
        config::parse(example).expect("a test reads it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_the_example_when_it_is_read_then_it_is_a_market() {
        let Configuration { market, .. } = Configuration::example();
        let created = market.create_market(6).expect("amounts fit");
        assert_eq!(created.window_seconds, 900);
        assert_eq!((created.books, market.pages()), (3, 6));
        let tariff = created.tariff;
        assert_eq!((tariff.short, tariff.long), (300_000, 80_000));
        assert_eq!(created.terms.keeper_reward, 500_000);
        let table = market.meter_table([0; 32]);
        assert_eq!(table.reading_seconds, 36 * 3_600);
        assert_eq!(table.correction_seconds, 48 * 3_600);
    }

    #[test]
    fn given_a_key_that_means_nothing_when_it_is_read_then_it_is_named() {
        let text = include_str!("../../../migrations/community.toml");
        let text = text.replace("window-minutes", "window-minuets");
        let error = config::parse::<Configuration>(&text).expect_err("an unknown key");
        assert!(error.contains("window-minuets"), "{error}");
    }
}
