//! What a week of fifteen made-up households costs and saves, against `bench/simulation.json`.
//!
//! `JOULEBOOK_BASELINE=write cargo test -p joulebook-sim --test baseline` renews that file, on purpose.

use std::{fs, path::Path};

use joulebook_sim::bench;
use serde_json::{json, to_value, Value};

/// Of what `joulebook simulate --json` prints: those where less is better, and those where more is.
const COSTS: [&str; 2] = ["lamports_per_household_month", "transactions_per_window"];
const GAINS: [&str; 2] = ["savings_atoms", "break_even_tokens_per_sol"];
/// How much worse than the baseline is no matter.
const TOLERANCE: f64 = 0.03;

#[test]
fn a_week_costs_no_more_and_saves_no_less_than_before() {
    let report = to_value(bench::week().expect("runs")).expect("is JSON");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/simulation.json");
    if std::env::var("JOULEBOOK_BASELINE").is_ok_and(|way| way == "write") {
        let figures = COSTS.iter().chain(&GAINS);
        let found: Value = figures.fold(json!({}), |mut found, figure| {
            found[figure] = report[figure].clone();
            found
        });
        let text = serde_json::to_string_pretty(&found).expect("is JSON");
        fs::write(&path, text + "\n").expect("can be written");
    }
    let text = fs::read_to_string(&path).expect("is there");
    let baseline: Value = serde_json::from_str(&text).expect("is JSON");
    let of = |values: &Value, figure: &str| values[figure].as_f64().expect("a number");
    for figure in COSTS {
        let (found, before) = (of(&report, figure), of(&baseline, figure));
        assert!(
            found <= before * (1.0 + TOLERANCE),
            "{figure}: {found}, was {before}"
        );
    }
    for figure in GAINS {
        let (found, before) = (of(&report, figure), of(&baseline, figure));
        assert!(
            found >= before * (1.0 - TOLERANCE),
            "{figure}: {found}, was {before}"
        );
    }
}
