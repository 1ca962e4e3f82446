//! What came of a simulation: plain data, which serializes to the JSON of `simulate --json`.

use serde::Serialize;

use super::{Check, Costs, Pages, Ways};
use crate::AccountRent;

/// A whole run. Energies are in Wh, money in atoms of the quote token, prices in atoms per kWh.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub households: usize,
    pub window_seconds: i64,
    pub ways: Ways,
    /// Delivery windows that were settled.
    pub windows: u64,
    /// Those in which something was traded.
    pub windows_traded: u64,
    pub orders: u64,
    /// Signed readings, or profiles, that were counted.
    pub readings: u64,
    /// Energy traded.
    #[serde(rename = "matched_wh")]
    pub traded_wh: u64,
    /// Null if nothing was traded.
    pub prices: Option<PriceRange>,
    pub tariffs: Tariffs,
    /// Values of the profiles that were missing and filled.
    pub filled_values: usize,
    /// What the households used, wherever it came from.
    pub consumed_wh: u64,
    /// Part of it that the community's panels gave in the same interval, 0 to 1; null if it used none.
    pub self_sufficiency: Option<f64>,
    pub deposited_atoms: u64,
    pub withdrawn_atoms: u64,
    pub ledger_conserved: bool,
    pub bills: Vec<Bill>,
    /// What the supplier took out less what it had paid in.
    pub supplier_received: i64,
    pub grid_fees: u64,
    pub market_fees: u64,
    /// From the first page to the last; setting up and leaving are not counted, nor is rent.
    pub transactions: u64,
    pub compute_units: u64,
    /// Transaction fees.
    pub lamports: u64,
    /// Fees of all, by households and months of 30 days.
    pub lamports_per_household_month: u64,
    /// Of all kinds.
    pub transactions_per_window: f64,
    /// Fees of all, by kWh traded; null if nothing was traded.
    pub lamports_per_kwh_traded: Option<f64>,
    /// What all households together pay less than with the supplier alone, without fees on chain.
    pub savings_atoms: i64,
    /// Price of a SOL, in tokens of a million atoms, at which fees on chain eat the savings; null without fees.
    pub break_even_tokens_per_sol: Option<f64>,
    /// The same by what it was for.
    pub costs: Costs,
    /// How late values may come.
    pub pages: Pages,
    /// The market's accounts while it ran.
    pub tables: Vec<AccountRent>,
    pub rent_locked_lamports: u64,
    /// When the market was closed.
    pub rent_returned_lamports: u64,
    pub checks: Vec<Check>,
}

/// Clearing prices, the average weighted by volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PriceRange {
    pub average: i32,
    pub lowest: i32,
    pub highest: i32,
}

/// What energy costs beside the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tariffs {
    pub retail: i32,
    pub feed_in: i32,
    pub grid_fee: i32,
    /// Of the value of bought energy, basis points.
    pub fee_bps: u16,
}

/// What a household paid; negative is what it earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bill {
    pub household: String,
    pub with_market: i64,
    /// For the same energy, all of it from and to the supplier.
    pub supplier_alone: i64,
}

impl Report {
    /// Whether every check held.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(Check::holds)
    }
}
