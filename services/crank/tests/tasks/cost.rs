use std::collections::BTreeMap;

use joulebook_client::steps::Occasion;
use joulebook_crank::{
    cost::Cost,
    plan::{name, plan, PlannedTask},
    queueing::pack,
};
use joulebook_sim::{LocalCommunity, Parameters};

use crate::stand_in::{queuer, StandIn, REWARD};

/// Of quarter hours.
const DAY: usize = 96;

/// Fifteen households, quarter hours, a page a day, values for two days.
fn village() -> LocalCommunity {
    let mut parameters = Parameters {
        window_seconds: 900,
        page_windows: 96,
        books: 4,
        pages: 6,
        reading_seconds: 129_600,
        correction_seconds: 172_800,
        seats: 17,
        meters: 15,
        orders: 204,
        max_orders_per_seat: 12,
        room_per_seat: 12,
        standing_orders: true,
        ..Parameters::default()
    };
    parameters.terms.horizon = 900;
    parameters.terms.gate_lead = 180;
    parameters.terms.metering_grace = 43_200;
    let mut community = LocalCommunity::new(parameters).expect("founded");
    for number in 0..15 {
        community
            .join(&format!("house {number}"), 1_000)
            .expect("joined");
    }
    // So long that pages end each day.
    for _ in 0..5 {
        let now = community.chain.now() + 86_400;
        community.chain.set_time(now);
        community.keep().expect("kept");
    }
    community
}

struct Day {
    tasks: Vec<PlannedTask>,
    cost: Cost,
}

fn day() -> Day {
    let community = village();
    let now = community.chain.now();
    let state = community.market_state();
    let tasks = plan(&state, &community.addresses, queuer(), now, now + 86_400).expect("planned");
    let crank = StandIn::new(1_000, 86_400);
    let batches = pack(&crank.queue, queuer(), &tasks);
    let lens = tasks.iter().map(|task| task.new.account_len());
    let rent = |len| community.chain.svm.minimum_balance_for_rent_exemption(len);
    let rents: BTreeMap<usize, u64> = lens.map(|len| (len, rent(len))).collect();
    let cost = Cost::of(&batches, &rents, REWARD);
    Day { tasks, cost }
}

/// With a comma at each thousand.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn given_a_day_of_a_village_when_it_is_planned_then_it_costs_what_the_page_says() {
    let Day { tasks, cost } = day();
    assert_eq!(cost.tasks, tasks.len());
    let count = |wanted: &dyn Fn(&Occasion) -> bool| {
        tasks.iter().filter(|task| wanted(&task.occasion)).count()
    };
    let windows = count(&|occasion| matches!(occasion, Occasion::OpenWindow { .. }));
    assert_eq!(windows, DAY);
    let mut says = vec![format!(
        "| a day | {} | {} | {} | {} |",
        cost.tasks,
        with_commas(cost.rewards),
        with_commas(cost.fees),
        with_commas(cost.rent)
    )];
    let each = |all: u64| all / DAY as u64;
    says.push(format!(
        "| a window | {:.2} | {} | {} | {} |",
        cost.tasks as f64 / DAY as f64,
        with_commas(each(cost.rewards)),
        with_commas(each(cost.fees)),
        with_commas(each(cost.rent))
    ));
    let kinds: BTreeMap<&str, (usize, usize, usize)> =
        tasks.iter().fold(BTreeMap::new(), |mut kinds, task| {
            let (count, largest, steps) = kinds.entry(name(task.occasion)).or_default();
            *count += 1;
            *largest = task.new.account_len().max(*largest);
            *steps = task.steps.len().max(*steps);
            kinds
        });
    for (kind, (count, largest, steps)) in kinds {
        says.push(format!("| {kind} | {count} | {steps} | {largest} |"));
    }
    says.push(format!("{} transactions", cost.transactions));
    says.push(format!(
        "{} lamports a window",
        with_commas(each(cost.spent()))
    ));
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/crank.md");
    let page = std::fs::read_to_string(page).expect("the page");
    says.retain(|line| !page.contains(line));
    assert!(
        says.is_empty(),
        "docs/crank.md does not say:\n{}",
        says.join("\n")
    );
}
