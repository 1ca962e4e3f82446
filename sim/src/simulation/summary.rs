use anyhow::{Context, Result};
use joulebook_profiles::LoadProfiles;
use joulebook_units::{Atoms, MilliAtoms, MILLI_ATOMS_PER_ATOM, SECONDS_PER_DAY};

use super::{
    totals::Totals, Bill, Checks, CommunityEnergy, Costs, Payouts, Report, Scenario, Settled,
    Tariffs,
};
use crate::AccountRent;

/// Money that went in and came out.
#[derive(Clone, Debug)]
pub struct Money {
    /// By everybody, in atoms.
    pub deposited: u128,
    pub withdrawn: u128,
    pub supplier_deposited: Atoms,
    pub payouts: Payouts,
    /// Of each household.
    pub bills: Vec<Bill>,
}

/// What running the market took.
#[derive(Clone, Debug)]
pub struct OnChain {
    pub costs: Costs,
    /// While it ran.
    pub tables: Vec<AccountRent>,
}

/// A household's bill, with what the supplier alone would have cost in milli-atoms. What it still owes is part of it.
///
/// # Errors
/// If an amount exceeds 64 bits.
pub fn bill(
    household: &str,
    paid_in: Atoms,
    paid_out: Atoms,
    debt: MilliAtoms,
    supplier_alone: i128,
) -> Result<Bill> {
    let with_market = i128::from(paid_in.0) - i128::from(paid_out.0)
        + i128::from(debt.0.div_ceil(MILLI_ATOMS_PER_ATOM));
    // Rounded up, as the market's bill is: nobody can take out less than an atom.
    let supplier_alone = -(-supplier_alone).div_euclid(MILLI_ATOMS_PER_ATOM.into());
    let fit = |amount: i128| i64::try_from(amount).context("a bill beyond 64 bits");
    Ok(Bill {
        household: household.to_owned(),
        with_market: fit(with_market)?,
        supplier_alone: fit(supplier_alone)?,
    })
}

/// Puts a run's results together.
///
/// # Errors
/// If an amount exceeds 64 bits.
pub fn report(
    profiles: &LoadProfiles,
    scenario: &Scenario,
    totals: &Totals,
    settled: Settled,
    checks: &Checks,
    money: Money,
    on_chain: OnChain,
) -> Result<Report> {
    let energy = settled
        .windows()
        .fold(CommunityEnergy::default(), |sum, (window, _)| {
            sum.and(window.energy)
        });
    let delivered = settled
        .windows()
        .map(|(window, positions)| settled.delivered(window, positions).0)
        .sum();
    let payouts = money.payouts;
    let OnChain { costs, tables } = on_chain;
    let (terms, total) = (&scenario.terms, costs.total());
    let supplier = i128::from(payouts.supplier.0) - i128::from(money.supplier_deposited.0);
    let worth = Worth::of(&money.bills, total.lamports, totals, profiles);
    Ok(Report {
        households: money.bills.len(),
        window_seconds: profiles.length.0,
        ways: scenario.ways,
        windows: totals.windows,
        windows_traded: totals.windows_traded,
        orders: totals.orders,
        readings: totals.readings,
        traded_wh: totals.traded,
        delivered_wh: delivered,
        prices: totals.prices(),
        tariffs: Tariffs {
            retail: terms.tariff.short.0,
            feed_in: terms.tariff.long.0,
            grid_fee: terms.grid_fee.0,
            fee_bps: terms.fee_bps,
        },
        filled_values: profiles.filled(),
        consumed_wh: u64::try_from(energy.consumed.whole_wh()).unwrap_or(u64::MAX),
        self_sufficiency: energy.self_sufficiency(),
        deposited_atoms: u64::try_from(money.deposited).context("deposits beyond 64 bits")?,
        withdrawn_atoms: u64::try_from(money.withdrawn).context("withdrawals beyond 64 bits")?,
        ledger_conserved: checks.ledger.holds(),
        bills: money.bills,
        supplier_received: i64::try_from(supplier).context("a bill beyond 64 bits")?,
        grid_fees: payouts.grid_operator.0,
        market_fees: payouts.fees.0,
        transactions: total.transactions,
        compute_units: total.compute_units,
        lamports: total.lamports,
        lamports_per_household_month: worth.lamports_per_household_month,
        transactions_per_window: total.transactions as f64 / totals.windows.max(1) as f64,
        lamports_per_kwh_traded: worth.lamports_per_kwh_traded,
        savings_atoms: worth.savings_atoms,
        break_even_tokens_per_sol: worth.break_even_tokens_per_sol,
        costs,
        pages: scenario.pages,
        rent_locked_lamports: tables.iter().map(|table| table.rent_lamports).sum(),
        rent_returned_lamports: payouts.rent_lamports,
        tables,
        checks: checks.list(),
        statements: Vec::new(),
        settled,
    })
}

const ATOMS_PER_TOKEN: f64 = 1e6;
const LAMPORTS_PER_SOL: f64 = 1e9;
const MONTH_SECONDS: u128 = 30 * SECONDS_PER_DAY as u128;

/// What fees on chain cost beside what they bring.
struct Worth {
    lamports_per_household_month: u64,
    lamports_per_kwh_traded: Option<f64>,
    savings_atoms: i64,
    break_even_tokens_per_sol: Option<f64>,
}

impl Worth {
    fn of(bills: &[Bill], lamports: u64, totals: &Totals, profiles: &LoadProfiles) -> Worth {
        let seconds = u128::from(totals.windows) * u128::from(profiles.length.0.unsigned_abs());
        let household_seconds = (seconds * bills.len() as u128).max(1);
        let per_month = u128::from(lamports) * MONTH_SECONDS / household_seconds;
        let savings = bills
            .iter()
            .map(|bill| bill.supplier_alone - bill.with_market);
        let savings_atoms: i64 = savings.sum();
        let sol = lamports as f64 / LAMPORTS_PER_SOL;
        Worth {
            lamports_per_household_month: u64::try_from(per_month).unwrap_or(u64::MAX),
            lamports_per_kwh_traded: (totals.traded > 0)
                .then(|| lamports as f64 * 1000.0 / totals.traded as f64),
            savings_atoms,
            break_even_tokens_per_sol: (lamports > 0)
                .then(|| savings_atoms as f64 / ATOMS_PER_TOKEN / sol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bills_are_rounded_up_and_hold_the_debt() {
        let bill = |debt, alone| bill("a", Atoms(5), Atoms(7), MilliAtoms(debt), alone);
        let with_debt = bill(1, 1001).expect("fits");
        assert_eq!((with_debt.with_market, with_debt.supplier_alone), (-1, 2));
        let earned = bill(0, -1999).expect("fits");
        assert_eq!((earned.with_market, earned.supplier_alone), (-2, -1));
    }
}
