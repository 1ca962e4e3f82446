//! What came of a simulation: plain data, which serializes to the JSON of `simulate --json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Check, Costs, Pages, Settled, Statement, Ways};
use crate::AccountRent;

/// What came of a simulated market, from the first deposit to the last withdrawal.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// Number of households.
    pub households: usize,
    /// Length of a delivery window and of a metering interval, seconds.
    pub window_seconds: i64,
    /// How households took part.
    pub ways: Ways,
    /// Number of delivery windows that were settled.
    pub windows: u64,
    /// Number of windows in which something was traded.
    pub windows_traded: u64,
    /// Number of orders, on both sides of all windows.
    pub orders: u64,
    /// Number of signed readings, or load profiles, that were counted.
    pub readings: u64,
    /// Energy traded, which are contracts for it, Wh.
    #[serde(rename = "matched_wh")]
    pub traded_wh: u64,
    /// What of it sellers fed in and buyers drew: the lesser of both, window by window, Wh.
    pub delivered_wh: u64,
    /// Clearing prices; null if nothing was traded.
    pub prices: Option<PriceRange>,
    /// What energy costs beside the market.
    pub tariffs: Tariffs,
    /// Number of values of the profiles that were missing and filled.
    pub filled_values: usize,
    /// Energy that the households used, wherever it came from, Wh.
    pub consumed_wh: u64,
    /// Part of it that the community's panels gave in the same interval, 0 to 1; null if it used none.
    pub self_sufficiency: Option<f64>,
    /// Money that all parties brought into the market, atoms.
    pub deposited_atoms: u64,
    /// Money that all parties took out of the market at its end, atoms.
    pub withdrawn_atoms: u64,
    /// Whether seats, escrow and fees added up to the vault's balance after every step.
    pub ledger_conserved: bool,
    /// The bill of each household.
    pub bills: Vec<Bill>,
    /// What the supplier took out of the market less what it had paid in, atoms.
    pub supplier_received: i64,
    /// What the grid operator received, whole atoms of the bills' grid fees.
    pub grid_fees: u64,
    /// What the market received, whole atoms: the bills' market fees, and the parts of an atom that seats left when they took
    /// their money out.
    pub market_fees: u64,
    /// Number of transactions from the first page to the last; setting up and leaving are not counted.
    pub transactions: u64,
    /// Compute units of these transactions.
    pub compute_units: u64,
    /// Transaction fees of these transactions, without rent, lamports.
    pub lamports: u64,
    /// Transaction fees for each household and 30 days, lamports, rounded down.
    pub lamports_per_household_month: u64,
    /// Transactions of all kinds for each window.
    pub transactions_per_window: f64,
    /// Transaction fees for each kWh traded, lamports; null if nothing was traded.
    pub lamports_per_kwh_traded: Option<f64>,
    /// What all households together pay less than with the supplier alone, without transaction fees, atoms.
    pub savings_atoms: i64,
    /// Price of a SOL, in tokens of a million atoms, at which transaction fees eat the savings; null without fees.
    pub break_even_tokens_per_sol: Option<f64>,
    /// The same transactions by what they were for.
    pub costs: Costs,
    /// How late values may come.
    pub pages: Pages,
    /// The market's accounts while it ran.
    pub tables: Vec<AccountRent>,
    /// Rent locked in these accounts, lamports.
    pub rent_locked_lamports: u64,
    /// Rent that came back when the market was closed, lamports.
    pub rent_returned_lamports: u64,
    /// What must never break, and how often it was looked at.
    pub checks: Vec<Check>,
    /// Bills explained, of the households that `--household` names, in that sequence.
    pub statements: Vec<Statement>,
    /// What all bills follow from: too much to print, and there to be looked into.
    #[serde(skip)]
    pub settled: Settled,
}

/// Clearing prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PriceRange {
    /// Average weighted by volume, atoms per kWh, rounded down.
    pub average: i32,
    /// Lowest price of a window, atoms per kWh.
    pub lowest: i32,
    /// Highest price of a window, atoms per kWh.
    pub highest: i32,
}

/// What energy costs beside the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tariffs {
    /// What the supplier charges, atoms per kWh.
    pub retail: i32,
    /// What the supplier pays, atoms per kWh.
    pub feed_in: i32,
    /// What the grid takes of energy bought in the market, atoms per kWh.
    pub grid_fee: i32,
    /// What the market takes of the value of bought energy, basis points.
    pub fee_bps: u16,
}

/// What a household paid; negative is what it earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bill {
    /// The household's name.
    pub household: String,
    /// The bill with the market, atoms, rounded up.
    pub with_market: i64,
    /// The bill for the same energy, all of it from and to the supplier, atoms, rounded up.
    pub supplier_alone: i64,
}

impl Report {
    /// Whether every check held.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(Check::holds)
    }
}
