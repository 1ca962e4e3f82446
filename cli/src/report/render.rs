use indicatif::HumanCount;
use joulebook_profiles::printable_whole;
use joulebook_sim::{
    in_sol,
    simulation::{OrderWay, ReadingWay, Report},
};
use joulebook_units::{Seconds, SECONDS_PER_DAY};

use super::{cost::render_costs, length::length, pages::render_pages, statement::render_statement};
use crate::{
    counted::{counted, noun_of},
    paragraph::{fill, fill_hanging},
    text_table::TextTable,
};

/// Atoms of one token of 6 decimals.
const ATOMS_PER_TOKEN: f64 = 1e6;

/// Where values stand that have a name before them, and what checks hold.
const VALUE_COLUMN: usize = 18;
const PROPERTY_COLUMN: usize = 20;

/// The report for people.
pub fn render(report: &Report) -> String {
    let mut parts = vec![
        heading(report),
        format!("Market\n{}", market(report)),
        format!("Bills, in tokens (negative: earned)\n{}", bills(report)),
        format!("Late values\n{}", late_values(report)),
        format!(
            "On chain\n{}\n\n{}\n{}",
            render_costs(report),
            fill(&worth(report)),
            fill(&rent(report))
        ),
        format!("Checks\n{}", checks(report)),
    ];
    let statements = report.statements.iter();
    parts.extend(statements.map(|statement| render_statement(statement, report)));
    parts.join("\n\n")
}

fn heading(report: &Report) -> String {
    let days = report.windows as f64 * report.window_seconds as f64 / 86_400.0;
    let orders = match report.ways.orders {
        OrderWay::Standing => "standing orders",
        OrderWay::Own => "orders by hand",
        OrderWay::Agent => "orders by one agent",
    };
    let readings = match report.ways.readings {
        ReadingWay::Profile => "load profiles once a day",
        ReadingWay::Register => "readings at each boundary",
    };
    fill(&format!(
        "{}, {} of {} ({days:.3} days), with {orders} and {readings}",
        counted(report.households as u64, "household"),
        counted(report.windows, "window"),
        length(report.window_seconds)
    ))
}

fn market(report: &Report) -> String {
    let mut lines = vec![
        pair(
            "traded",
            format!(
                "contracts for {} kWh in {}, {}",
                kwh(report.traded_wh),
                counted(report.windows_traded, "window"),
                counted(report.orders, "order")
            ),
        ),
        pair("delivered", delivered(report)),
        pair("prices", prices(report)),
        pair(
            "supplier",
            format!(
                "sells at {}, buys at {} tokens per kWh",
                tokens(report.tariffs.retail.into()),
                tokens(report.tariffs.feed_in.into())
            ),
        ),
        pair(
            "fees",
            format!(
                "{} tokens per kWh to the grid, {} % of the price to the market",
                tokens(report.tariffs.grid_fee.into()),
                f64::from(report.tariffs.fee_bps) / 100.0
            ),
        ),
        pair("consumed", format!("{} kWh", kwh(report.consumed_wh))),
    ];
    if let Some(share) = report.self_sufficiency {
        let own = format!(
            "{:.1} % of it came from the community's own panels",
            share * 100.0
        );
        lines.push(pair("self-sufficient", own));
    }
    if report.filled_values > 0 {
        let filled = format!(
            "values of the profiles that were missing: {}",
            report.filled_values
        );
        lines.push(pair("filled", filled));
    }
    lines.push(pair(
        "money",
        format!(
            "{} tokens were deposited, {} withdrawn at the end",
            tokens(report.deposited_atoms.into()),
            tokens(report.withdrawn_atoms.into())
        ),
    ));
    lines.push(pair(
        "readings",
        format!("{} signed and counted", count(report.readings)),
    ));
    lines.join("\n")
}

/// How much of what was traded also flowed.
fn delivered(report: &Report) -> String {
    let energy = kwh(report.delivered_wh);
    match report.traded_wh {
        0 => format!("{energy} kWh"),
        traded => {
            let percent = report.delivered_wh as f64 / traded as f64 * 100.0;
            format!("{energy} kWh of them ({percent:.1} %), fed in by sellers and drawn by buyers")
        }
    }
}

fn prices(report: &Report) -> String {
    let Some(prices) = report.prices else {
        return match is_before_standing_orders(report) {
            false => "none, nothing was traded".into(),
            true => "none, nothing was traded: households enter standing orders when they have measured for a day. Let \
                     it run for more days, or write --orders own"
                .into(),
        };
    };
    format!(
        "{} tokens per kWh on average, from {} to {}",
        tokens(prices.average.into()),
        tokens(prices.lowest.into()),
        tokens(prices.highest.into())
    )
}

/// Whether the run was over before anybody could have ordered: the window after the first day's review is open already.
fn is_before_standing_orders(report: &Report) -> bool {
    let reviewed = SECONDS_PER_DAY.saturating_add(report.window_seconds);
    let length = i128::from(report.windows) * i128::from(report.window_seconds);
    report.ways.orders == OrderWay::Standing && report.orders == 0 && length <= reviewed.into()
}

fn bills(report: &Report) -> TextTable {
    let mut table = TextTable::new(["household", "with the market", "supplier alone", "saving"]);
    let mut row = |name: &str, market: i128, alone: i128| {
        let cells = [market, alone, alone - market].map(tokens);
        let [market, alone, saving] = cells;
        table.row([name.to_owned(), market, alone, saving]);
    };
    let (mut market, mut alone) = (0, 0);
    for bill in &report.bills {
        let (with, without) = (
            i128::from(bill.with_market),
            i128::from(bill.supplier_alone),
        );
        row(&printable_whole(&bill.household), with, without);
        market += with;
        alone += without;
    }
    row("together", market, alone);
    table
}

fn late_values(report: &Report) -> String {
    let window = Seconds(report.window_seconds);
    render_pages(&report.pages, window, &report.tables)
}

/// Whether the market is worth its fees.
fn worth(report: &Report) -> String {
    let saved = tokens(report.savings_atoms.into());
    match report.break_even_tokens_per_sol {
        Some(price) if report.savings_atoms > 0 => format!(
            "worth: all households together save {saved} tokens. Fees eat that where a SOL costs {price:.0} tokens; they \
             are 2 % of it where one costs {:.0}",
            price / 50.0
        ),
        _ => format!("worth: all households together save {saved} tokens"),
    }
}

fn rent(report: &Report) -> String {
    let accounts: u64 = report
        .tables
        .iter()
        .map(|table| u64::from(table.accounts))
        .sum();
    let bytes: u64 = report.tables.iter().map(|table| table.bytes).sum();
    let locked = format!(
        "{} SOL locked in {} of {} bytes together",
        in_sol(report.rent_locked_lamports),
        counted(accounts, "account"),
        count(bytes)
    );
    let back = match report.rent_returned_lamports {
        all if all == report.rent_locked_lamports => "all of it came back".into(),
        some => format!("{} SOL came back", in_sol(some)),
    };
    let seats = report.households.max(1) as u64;
    format!(
        "rent: {locked}, {} SOL a household; {back} when the market was closed",
        in_sol(report.rent_locked_lamports / seats)
    )
}

fn checks(report: &Report) -> String {
    let lines = report.checks.iter().map(|check| match &check.failure {
        None => {
            let times = noun_of(check.times, "time");
            format!(
                "ok {:>9} {times:<5}  {}",
                count(check.times),
                check.property
            )
        }
        Some(failure) => format!("FAILED              {}\n{failure}", check.property),
    });
    let lines = lines.map(|line| fill_hanging(&line, PROPERTY_COLUMN));
    lines.collect::<Vec<_>>().join("\n")
}

fn pair(name: &str, value: String) -> String {
    fill_hanging(&format!("{name:<16}  {value}"), VALUE_COLUMN)
}

/// With its thousands set apart.
fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

fn kwh(energy: u64) -> String {
    format!("{:.1}", energy as f64 / 1000.0)
}

fn tokens(atoms: i128) -> String {
    format!("{:.3}", atoms as f64 / ATOMS_PER_TOKEN)
}
