use anyhow::{bail, Context, Result};
use jiff::Timestamp;
use joulebook_deployment::Sandbox;
use serde::{de::DeserializeOwned, Deserialize};

use crate::text_table::TextTable;

/// Bills that an indexer gives at once, and how often it is asked for more: enough for every sandbox.
const AT_ONCE: usize = 100;
const PARTS: usize = 4;

/// What the indexer's API answers, as far as it is shown.
#[derive(Deserialize)]
struct Bills {
    items: Vec<Bill>,
    /// What to ask for more with.
    next: Option<String>,
}

#[derive(Deserialize)]
struct Bill {
    household: Option<String>,
    bought_wh: i64,
    sold_wh: i64,
    import_wh: i64,
    export_wh: i64,
    total: Money,
}

#[derive(Deserialize)]
struct Money {
    tokens: String,
}

#[derive(Deserialize)]
struct Conservation {
    holds: bool,
    windows: u64,
}

#[derive(Deserialize)]
struct States {
    items: Vec<State>,
}

#[derive(Deserialize)]
struct State {
    market: String,
    time: Option<i64>,
}

/// What each household of a sandbox has to pay so far this month, as the indexer at `url` says, and whether all adds up.
///
/// # Errors
/// If the indexer does not answer, or knows nothing yet.
pub async fn bills(sandbox: &Sandbox, url: &str) -> Result<String> {
    let states: States = ask(&format!("{url}/v1/state")).await?;
    let states = states.items.into_iter();
    let mut times =
        states.filter_map(|state| state.time.filter(|_| state.market == sandbox.market));
    let Some(time) = times.next() else {
        bail!("the indexer has not read the market yet");
    };
    let month = Timestamp::from_second(time)?.strftime("%Y-%m").to_string();
    let market = format!("{url}/v1/markets/{}", sandbox.market);
    let mut bills = vec![];
    let mut after = String::new();
    for _ in 0..PARTS {
        let part = format!("{market}/bills?month={month}&limit={AT_ONCE}{after}");
        let answer: Bills = ask(&part).await?;
        bills.extend(answer.items);
        match answer.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let adds_up: Conservation = ask(&format!("{market}/conservation")).await?;
    let mut table = TextTable::new([
        "household",
        "drawn, kWh",
        "fed in",
        "bought",
        "sold",
        "pays, tokens",
    ]);
    for household in &sandbox.households {
        let is_its = |bill: &&Bill| bill.household.as_ref() == Some(&household.address);
        if let Some(bill) = bills.iter().find(is_its) {
            table.row([
                household.name.clone(),
                kwh(bill.import_wh),
                kwh(bill.export_wh),
                kwh(bill.bought_wh),
                kwh(bill.sold_wh),
                bill.total.tokens.clone(),
            ]);
        }
    }
    let sums = match adds_up.holds {
        true => "energy and money add up",
        false => "something does NOT add up: ask /v1/markets/MARKET/conservation",
    };
    Ok(format!(
        "Bills of {month} so far, by what meters were heard of, as the indexer has it:\n{table}\n{} windows: {sums}.",
        adds_up.windows
    ))
}

async fn ask<T: DeserializeOwned>(url: &str) -> Result<T> {
    let asking = || format!("asking {url}");
    let answer = reqwest::get(url).await.with_context(asking)?;
    let answer = answer.error_for_status().with_context(asking)?;
    answer.json().await.with_context(asking)
}

fn kwh(wh: i64) -> String {
    let whole = wh.unsigned_abs();
    let sign = if wh < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", whole / 1_000, whole % 1_000)
}
