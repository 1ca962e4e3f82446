use indicatif::HumanCount;
use jiff::Timestamp;
use joulebook_profiles::printable_whole;
use joulebook_sim::simulation::{Losses, Report, Statement, TradeEffects, WindowLoss};
use joulebook_units::{SECONDS_PER_DAY, SECONDS_PER_HOUR};

use crate::{counted::counted, text_table::TextTable};

/// Milli-atoms of one token of 6 decimals.
const MILLI_ATOMS_PER_TOKEN: f64 = 1e9;
const ATOMS_PER_TOKEN: f64 = 1e6;
/// Hours of the day that are named for their losses.
const HOURS: usize = 3;

/// A household's bill, explained, for people: at most 80 columns wide, but for its name.
pub fn render_statement(statement: &Statement, report: &Report) -> String {
    let parts = [
        format!(
            "Household {}\n{} kWh drawn from the grid, {} kWh fed in",
            printable_whole(&statement.household),
            kwh(statement.import_wh),
            kwh(statement.export_wh)
        ),
        format!("Its bill (negative: earned)\n{}", bill(statement, report)),
        format!("What trade saved (negative: lost)\n{}", effects(statement)),
        losses(&statement.losses, report),
    ];
    parts.join("\n\n")
}

fn bill(statement: &Statement, report: &Report) -> TextTable {
    let mut table = TextTable::new(["", "kWh", "tokens per kWh", "tokens"]);
    let lines = &statement.lines_milli_atoms;
    let tariffs = &report.tariffs;
    let (bought, sold) = (statement.bought_wh, statement.sold_wh);
    let (short, long) = (statement.from_supplier_wh, statement.to_supplier_wh);
    for (line, energy, price, money) in [
        (
            "bought in the market",
            bought,
            statement.average_bought,
            lines.bought,
        ),
        (
            "sold in the market",
            sold,
            statement.average_sold,
            lines.sold,
        ),
        (
            "grid fee",
            bought,
            Some(tariffs.grid_fee.into()),
            lines.grid_fee,
        ),
        ("market fee", bought, None, lines.market_fee),
        (
            "bought from the supplier",
            short,
            Some(tariffs.retail.into()),
            lines.from_supplier,
        ),
        (
            "sold to the supplier",
            long,
            Some(tariffs.feed_in.into()),
            lines.to_supplier,
        ),
    ] {
        let price = price.map_or_else(String::new, per_kwh);
        table.row([line.into(), kwh(energy), price, tokens(money)]);
    }
    let (market, alone) = (
        statement.with_market_milli_atoms,
        statement.supplier_alone_milli_atoms,
    );
    for (line, money) in [
        ("with the market", market),
        ("with the supplier alone", alone),
        ("saving", alone - market),
    ] {
        table.row([line.into(), String::new(), String::new(), tokens(money)]);
    }
    table
}

fn effects(statement: &Statement) -> TextTable {
    let mut table = TextTable::new(["", "kWh", "tokens"]);
    let TradeEffects {
        used,
        delivered,
        unused,
        undelivered,
        both_ways,
    } = statement.effects;
    for (cause, effect) in [
        ("bought and used: not at the retail price", used),
        ("sold and delivered: not at the feed-in tariff", delivered),
        ("bought and not used: left at the feed-in tariff", unused),
        (
            "sold and not there: made up at the retail price",
            undelivered,
        ),
        ("bought and sold in the same window: fees", both_ways),
    ] {
        let money = tokens(effect.saved_milli_atoms);
        table.row([cause.into(), kwh(effect.energy_wh), money]);
    }
    let saved = tokens(statement.effects.saved());
    table.row(["saving".into(), String::new(), saved]);
    table
}

fn losses(losses: &Losses, report: &Report) -> String {
    if losses.windows == 0 {
        return "It paid more in no window than with the supplier alone.".into();
    }
    let mut text = format!(
        "Where it paid more than with the supplier alone\nin {} of {}, {} tokens together\n{}",
        HumanCount(losses.windows),
        counted(report.windows, "window"),
        tokens(losses.lost_milli_atoms),
        causes(&losses.effects)
    );
    if report.window_seconds <= SECONDS_PER_HOUR {
        text += &format!("\nthe dearest hours (UTC): {}", hours(losses));
    }
    let largest = largest(losses, report);
    format!("{text}\n\nThe largest losses, in kWh and tokens\n{largest}")
}

/// What losses come from, in words, the dearest first.
fn causes(effects: &TradeEffects) -> TextTable {
    let mut causes = [
        (
            "bought energy it did not use, left at the feed-in tariff",
            effects.unused,
        ),
        (
            "sold energy it did not have, bought at the retail price",
            effects.undelivered,
        ),
        (
            "bought and sold in the same window, for the fees",
            effects.both_ways,
        ),
        (
            "bought at more than the retail price, fees included",
            effects.used,
        ),
        ("sold at less than the feed-in tariff", effects.delivered),
    ];
    causes.sort_by_key(|(_, effect)| effect.saved_milli_atoms);
    let mut table = TextTable::new(["", "kWh", "cost"]);
    for (cause, effect) in causes {
        if effect.saved_milli_atoms < 0 {
            let cost = tokens(-effect.saved_milli_atoms);
            table.row([cause.into(), kwh(effect.energy_wh), cost]);
        }
    }
    let saved = effects.saved() + lost(effects);
    if saved > 0 {
        table.row([
            "saved in the same windows".into(),
            String::new(),
            tokens(-saved),
        ]);
    }
    table
}

/// What causes that lost something lost.
fn lost(effects: &TradeEffects) -> i128 {
    let losses = effects
        .causes()
        .map(|cause| -cause.saved_milli_atoms.min(0));
    losses.iter().sum()
}

/// The hours with the largest losses.
fn hours(losses: &Losses) -> String {
    let mut hours = losses.by_hour.clone();
    hours.sort_by_key(|hour| -hour.lost_milli_atoms);
    let named = hours
        .iter()
        .take(HOURS)
        .map(|one| format!("{:02}:00 ({})", one.hour, tokens(one.lost_milli_atoms)));
    named.collect::<Vec<_>>().join(", ")
}

fn largest(losses: &Losses, report: &Report) -> TextTable {
    let mut table = TextTable::new([
        "from (UTC)",
        "bought",
        "sold",
        "drawn",
        "fed in",
        "price",
        "lost",
        "because",
    ]);
    for loss in &losses.largest {
        table.row([
            moment(loss.start, report.window_seconds),
            kwh(loss.bought_wh.into()),
            kwh(loss.sold_wh.into()),
            kwh(loss.import_wh.into()),
            kwh(loss.export_wh.into()),
            per_kwh(loss.price.into()),
            tokens(loss.lost_milli_atoms),
            because(loss).into(),
        ]);
    }
    table
}

/// The cause that cost the most, in a word that fits a column.
fn because(loss: &WindowLoss) -> &'static str {
    let effects = &loss.effects;
    let causes = [
        ("not used", effects.unused),
        ("not there", effects.undelivered),
        ("fees", effects.both_ways),
        ("too dear", effects.used),
        ("too cheap", effects.delivered),
    ];
    let dearest = causes
        .iter()
        .min_by_key(|(_, effect)| effect.saved_milli_atoms);
    dearest.map_or("", |(cause, _)| cause)
}

/// To the minute; a window of a day has no time of day.
fn moment(time: i64, window: i64) -> String {
    let format = match window % SECONDS_PER_DAY {
        0 => "%Y-%m-%d",
        _ => "%Y-%m-%d %H:%M",
    };
    Timestamp::from_second(time).map_or_else(
        |_| time.to_string(),
        |moment| moment.strftime(format).to_string(),
    )
}

fn kwh(energy: u64) -> String {
    format!("{:.3}", energy as f64 / 1000.0)
}

fn tokens(milli_atoms: i128) -> String {
    format!("{:.4}", milli_atoms as f64 / MILLI_ATOMS_PER_TOKEN)
}

fn per_kwh(atoms: i64) -> String {
    format!("{:.3}", atoms as f64 / ATOMS_PER_TOKEN)
}
