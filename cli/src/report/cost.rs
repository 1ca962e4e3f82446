use indicatif::HumanCount;
use joulebook_sim::simulation::{Cost, Report};
use joulebook_units::SECONDS_PER_DAY;

use crate::text_table::TextTable;

/// What a run cost on chain: by what it was for, and in shares of the whole.
pub fn render_costs(report: &Report) -> String {
    let costs = &report.costs;
    let total = costs.total();
    let mut table = TextTable::new(["", "transactions", "compute units", "fees in lamports"]);
    let mut row = |name: &str, cost: [String; 3]| {
        let [transactions, units, lamports] = cost;
        table.row([name.to_owned(), transactions, units, lamports]);
    };
    for (name, cost) in [
        ("deposits", costs.deposits),
        ("orders", costs.orders),
        ("readings", costs.readings),
        ("windows with their pages", costs.windows),
        ("pages alone", costs.pages),
        ("together", total),
    ] {
        row(name, figures(cost).map(count));
    }
    row("per window", share(total, report.windows as f64));
    let kilowatt_hours = report.traded_wh as f64 / 1000.0;
    row("per kWh traded", share(total, kilowatt_hours));
    let days = report.windows as f64 * report.window_seconds as f64 / SECONDS_PER_DAY as f64;
    let months = days / 30.0;
    let household_months = report.households as f64 * months;
    row("per household, 30 days", share(total, household_months));
    table.to_string()
}

fn figures(cost: Cost) -> [u64; 3] {
    [cost.transactions, cost.compute_units, cost.lamports]
}

fn share(total: Cost, parts: f64) -> [String; 3] {
    figures(total).map(|figure| match parts {
        parts if parts > 0.0 => count((figure as f64 / parts).round() as u64),
        _ => "-".into(),
    })
}

fn count(number: u64) -> String {
    HumanCount(number).to_string()
}
