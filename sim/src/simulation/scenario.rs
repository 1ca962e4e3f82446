use anyhow::{Context, Result};
use joulebook_metering::register::PowerLimits;
use joulebook_profiles::{Energy, LoadProfiles};
use joulebook_settlement::{Tariff, Terms};
use joulebook_strategy::{MarketRules, LIMITS, MAX_PARTS};
use joulebook_units::{Atoms, MilliAtoms, Price, PriceGrid, Seconds, UnixTime, Watts, Wh, WhSum};

use super::{grid, OrderWay, Pages, PriceError, ReadingWay, TooManyPages, Traders, Ways};
use crate::auction;

/// Windows' worth of the dearest energy that a seat keeps as free money: one for orders, one for the
/// window now delivered, and as much again, so that it need not top up each time.
const RESERVE_WINDOWS: u64 = 4;
/// Largest days' worth of the dearest energy likewise, where a day is settled at once.
const RESERVE_DAYS: u64 = 2;
/// And as much more is brought in at once.
const AHEAD_DAYS: u64 = 7;
/// Of an order, at least.
pub const MIN_QUANTITY: Wh = Wh(1);
/// Prices that a household orders at which bids by the newsvendor's rule for each window.
const NEWSVENDOR_ORDERS: u16 = 6;
/// What a SOL costs if nobody says otherwise: 150 tokens of a million atoms.
pub const DEFAULT_ATOMS_PER_SOL: u64 = 150_000_000;
/// How much more than its largest average a connection can carry, in percent.
const HEADROOM_PERCENT: u64 = 125;

/// All that a venue needs to know to start a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// When the first window begins, a boundary of windows.
    pub start: UnixTime,
    /// When the last one ends.
    pub end: UnixTime,
    /// Of a delivery window and a metering interval.
    pub length: Seconds,
    pub pages: Pages,
    /// A window opens this long before it starts.
    pub horizon: Seconds,
    pub ways: Ways,
    /// Its gate closes this long before it starts.
    pub gate_lead: Seconds,
    /// A silent meter may be charged its standard draw this long after it ends.
    pub metering_grace: Seconds,
    pub terms: Terms,
    pub grid: PriceGrid,
    /// Orders that one household places for a window, at most.
    pub max_orders: u16,
    /// What an agent takes a SOL for, in atoms: bids that bring less than their fee are left out.
    pub atoms_per_sol: u64,
    pub households: Vec<GridConnection>,
}

/// A household's place on the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridConnection {
    pub name: String,
    pub limits: PowerLimits,
    /// What it moves on the day on which that is most.
    pub largest_day: WhSum,
}

/// Free money that a seat keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// At least; with less, more is brought in.
    pub least: Atoms,
    /// Once more was brought in.
    pub full: Atoms,
}

/// There is no such market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    #[error(transparent)]
    Prices(#[from] PriceError),
    #[error(transparent)]
    Pages(#[from] TooManyPages),
}

impl Scenario {
    /// A market for the windows of the profiles, whose values can be corrected for so many days.
    ///
    /// # Errors
    /// If the terms leave no room for trade, or the values of so many days do not fit a market.
    pub fn new(
        profiles: &LoadProfiles,
        terms: Terms,
        correction_days: u32,
        ways: Ways,
    ) -> Result<Scenario, ScenarioError> {
        let connection = |index: usize| {
            let limit = rating(profiles, index);
            PowerLimits {
                import: limit,
                export: limit,
            }
        };
        let households = profiles.households.iter().enumerate();
        // Households bid for the next window when they know what the last one measured.
        let horizon = profiles.length;
        let pages = Pages::new(profiles.length, horizon, correction_days)?;
        Ok(Scenario {
            start: profiles.start,
            end: profiles.boundary(profiles.intervals),
            length: profiles.length,
            pages,
            horizon,
            ways,
            gate_lead: Seconds(profiles.length.0 / 5),
            metering_grace: match ways.readings {
                ReadingWay::Profile => pages.page_length(profiles.length),
                ReadingWay::Register => profiles.length,
            },
            terms,
            grid: grid(&terms)?,
            max_orders: max_orders(ways, profiles.households.len()),
            atoms_per_sol: DEFAULT_ATOMS_PER_SOL,
            households: households
                .map(|(index, profile)| GridConnection {
                    name: profile.name.clone(),
                    limits: connection(index),
                    largest_day: largest_day(profiles, index),
                })
                .collect(),
        })
    }

    /// What a household's orders have to keep to, and what they cost.
    pub fn rules(&self, household: usize) -> MarketRules {
        let limits = self.households.get(household).map(|one| one.limits);
        let carried = |power: fn(PowerLimits) -> Watts| {
            let energy = limits.map_or(WhSum(0), |limits| power(limits).over(self.length));
            Wh(u32::try_from(energy.0).unwrap_or(u32::MAX))
        };
        MarketRules {
            terms: self.terms,
            grid: self.grid,
            min_quantity: MIN_QUANTITY,
            max_orders: self.max_orders,
            may_buy: carried(|limits| limits.import),
            may_sell: carried(|limits| limits.export),
        }
    }

    /// The start of the page that holds `time`.
    pub fn page_start(&self, time: UnixTime) -> UnixTime {
        let page = self.pages.page_length(self.length);
        time.boundary(page).unwrap_or(time)
    }

    /// Free money that a household needs for its orders never to be refused.
    ///
    /// # Errors
    /// If the amount does not fit the ledger.
    pub fn household_reserve(&self, index: usize) -> Result<Reserve> {
        let household = self.households.get(index);
        let window = household.map_or(WhSum(0), |one| one.limits.import.over(self.length));
        let day = household.map_or(WhSum(0), |one| one.largest_day);
        let price = self.dearest();
        let least = reserve(window, RESERVE_WINDOWS, price)?;
        if self.ways.orders == OrderWay::Own && self.ways.readings == ReadingWay::Register {
            return doubled(least);
        }
        let least = least.max(reserve(day, RESERVE_DAYS, price)?);
        let full = least.0.checked_add(reserve(day, AHEAD_DAYS, price)?.0);
        Ok(Reserve {
            least,
            full: Atoms(full.context(TOO_MUCH)?),
        })
    }

    /// Free money that the supplier needs to pay for everybody's surplus.
    ///
    /// # Errors
    /// If the amount does not fit the ledger.
    pub fn supplier_reserve(&self) -> Result<Reserve> {
        let energy = self
            .households
            .iter()
            .try_fold(WhSum(0), |sum, one| {
                sum.checked_add(one.limits.export.over(self.length))
            })
            .context("the connections of all households add up to too much")?;
        let windows = match self.ways.readings {
            ReadingWay::Register => RESERVE_WINDOWS,
            ReadingWay::Profile => RESERVE_WINDOWS + u64::from(self.pages.windows),
        };
        let Tariff { short, long } = self.terms.tariff;
        // Below zero, it pays for what is drawn.
        let price = long.0.max(short.0.saturating_neg());
        doubled(reserve(energy, windows, Price(price))?)
    }

    /// The most that a kWh can cost a household, or its order lock: the retail price, or the grid fee where bids are below
    /// zero; and what feeding in costs where the feed-in tariff is below zero.
    fn dearest(&self) -> Price {
        let Tariff { short, long } = self.terms.tariff;
        let is_below_zero = self.grid.top() < Price(0);
        let fee = if is_below_zero {
            self.terms.grid_fee.0
        } else {
            0
        };
        let untaken = long.0.min(0).saturating_neg();
        Price(short.0.max(fee).saturating_add(untaken))
    }
}

/// Orders that one household places for a window, at most: fewer where there are many, since a book holds only so many.
fn max_orders(ways: Ways, households: usize) -> u16 {
    match (ways.orders, ways.traders) {
        (OrderWay::Standing, _) => LIMITS,
        (OrderWay::Agent, _) | (OrderWay::Own, Traders::Newsvendor) => {
            let room = auction::MAX_ORDERS / households.max(1);
            NEWSVENDOR_ORDERS.min(u16::try_from(room).unwrap_or(u16::MAX))
        }
        (OrderWay::Own, Traders::ZeroIntelligence) => MAX_PARTS,
        (OrderWay::Own, Traders::Foresight) => 1,
    }
}

const TOO_MUCH: &str = "the money at stake is too large for the ledger; use lower prices";

fn doubled(least: Atoms) -> Result<Reserve> {
    let full = least.0.checked_mul(2).context(TOO_MUCH)?;
    Ok(Reserve {
        least,
        full: Atoms(full),
    })
}

/// What energy costs, so many times.
fn reserve(energy: WhSum, times: u64, price: Price) -> Result<Atoms> {
    // A register may be up to one Wh ahead.
    energy
        .checked_add(Wh(1))
        .and_then(|energy| energy.value(price))
        .and_then(|value| value.paid().0.checked_mul(times))
        // Twice of it, and thousandths, have to fit as well.
        .filter(|value| value.checked_mul(4).is_some())
        .map(|value| Atoms(MilliAtoms(value).whole_atoms().0 + 1))
        .context(TOO_MUCH)
}

/// What a household moves one way or the other on the day on which that is most; a register may be up to one Wh ahead
/// in each interval.
fn largest_day(profiles: &LoadProfiles, index: usize) -> WhSum {
    let Some(profile) = profiles.households.get(index) else {
        return WhSum(0);
    };
    let intervals: Vec<Energy> = (0..profiles.intervals)
        .map(|interval| profile.largest(interval))
        .collect();
    let energy = |day: &[Energy]| {
        let moved = day
            .iter()
            .fold(Energy(0), |sum, one| sum.saturating_add(*one));
        moved.whole_wh() + day.len() as i128
    };
    let days = intervals.chunks(profiles.per_day().max(1));
    let largest = days.map(energy).max().unwrap_or(0);
    WhSum(u64::try_from(largest).unwrap_or(u64::MAX))
}

/// Whole kilowatts above the largest power that flows.
fn rating(profiles: &LoadProfiles, index: usize) -> Watts {
    let profile = profiles.households.get(index);
    let largest = (0..profiles.intervals)
        .filter_map(|interval| Some(profile?.largest(interval).milliwatts(profiles.length)))
        .map(i128::unsigned_abs)
        .max()
        .unwrap_or(0);
    let kilowatts = (largest * u128::from(HEADROOM_PERCENT) / 100)
        .div_ceil(1_000_000)
        .max(1);
    Watts(u32::try_from(kilowatts * 1000).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use joulebook_profiles::Profile;

    use super::*;

    /// Orders and readings window by window.
    fn by_hand() -> Ways {
        Ways {
            orders: OrderWay::Own,
            readings: ReadingWay::Register,
            traders: Traders::Newsvendor,
        }
    }

    fn profiles(watts: i64) -> LoadProfiles {
        LoadProfiles {
            start: UnixTime(0),
            length: Seconds(900),
            intervals: 2,
            households: vec![Profile {
                name: "a".into(),
                load: vec![Energy(0), Energy::of_watts(watts, Seconds(900))],
                ..Profile::default()
            }],
        }
    }

    fn terms(short: i32) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(short),
                long: Price(0),
            },
            ..Terms::default()
        }
    }

    #[test]
    fn connections_carry_more_than_what_flows() {
        assert_eq!(rating(&profiles(0), 0), Watts(1000));
        assert_eq!(rating(&profiles(4000), 0), Watts(5000));
        assert_eq!(rating(&profiles(4001), 0), Watts(6000));
    }

    #[test]
    fn connections_carry_what_flows_both_ways_in_one_interval() {
        let mut both = profiles(0);
        let energy = |watts| vec![Energy(0), Energy::of_watts(watts, both.length)];
        let (import, export) = (energy(4000), energy(3900));
        both.households[0] = Profile {
            import,
            export,
            ..Profile::default()
        };
        assert_eq!(rating(&both, 0), Watts(5000));
        assert_eq!(largest_day(&both, 0), WhSum(1_000 + 2));
    }

    #[test]
    fn reserves_cover_several_windows() {
        let scenario =
            Scenario::new(&profiles(4000), terms(300_000), 2, by_hand()).expect("a scenario");
        // 5 kW for a quarter of an hour is 1,250 Wh; the 1 Wh is rounding.
        assert_eq!(
            scenario.household_reserve(0).expect("fits").least,
            Atoms(4 * 1251 * 300 + 1)
        );
        assert_eq!(scenario.supplier_reserve().expect("fits").least, Atoms(1));
    }

    #[test]
    fn reserves_cover_what_tariffs_below_zero_cost() {
        let below = Terms {
            tariff: Tariff {
                short: Price(-20_000),
                long: Price(-200_000),
            },
            grid_fee: Price(30_000),
            ..Terms::default()
        };
        let scenario = Scenario::new(&profiles(4000), below, 2, by_hand()).expect("a scenario");
        // The grid fee, and feeding in.
        assert_eq!(
            scenario.household_reserve(0).expect("fits").least,
            Atoms(4 * 1251 * 230 + 1)
        );
        assert_eq!(
            scenario.supplier_reserve().expect("fits").least,
            Atoms(4 * 1251 * 20 + 1)
        );
    }

    #[test]
    fn reserves_cover_days_where_days_are_settled() {
        let scenario = Scenario::new(&profiles(4000), terms(300_000), 2, Ways::default());
        let reserve = scenario.expect("a scenario").household_reserve(0);
        // A quarter hour of 4 kW is all that flows on the only day; twice 1 Wh are rounding, and once more.
        let day = 1_000 + 2 + 1;
        let least = 4 * 1251 * 300 + 1;
        let expected = Reserve {
            least: Atoms(least),
            full: Atoms(least + 7 * day * 300 + 1),
        };
        assert_eq!(reserve.expect("fits"), expected);
    }

    #[test]
    fn a_scenario_ends_with_its_last_window() {
        let mut evening = profiles(4000);
        // 23:30, in the page of that day.
        evening.start = UnixTime(84_600);
        let scenario = Scenario::new(&evening, terms(300_000), 2, by_hand()).expect("a scenario");
        assert_eq!(scenario.end, UnixTime(86_400));
        assert_eq!(scenario.page_start(scenario.start), UnixTime(0));
        assert_eq!(scenario.page_start(scenario.end), UnixTime(86_400));
    }

    #[test]
    fn money_beyond_the_ledger_is_an_error() {
        let mut huge = profiles(0);
        huge.length = Seconds(86_400);
        huge.households[0].load[1] = Energy::of_watts(40_000_000, huge.length);
        let scenario = Scenario::new(&huge, terms(i32::MAX), 2, by_hand()).expect("a scenario");
        assert!(scenario.household_reserve(0).is_err());
    }
}
