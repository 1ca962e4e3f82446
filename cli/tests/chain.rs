//! The commands on the real programs, as a user runs them.

mod described;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

fn joulebook(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .args(args)
        .output()
        .expect("runs")
}

/// The one JSON object that the command prints.
fn json(args: &[&str]) -> Value {
    let output = joulebook(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    let printed = serde_json::from_slice(&output.stdout).expect("one JSON object");
    described::check(args[0], &printed);
    printed
}

fn check_report(report: &Value) {
    for field in [
        "orders",
        "readings",
        "matched_wh",
        "compute_units",
        "rent_locked_lamports",
    ] {
        assert!(report[field].as_u64() > Some(0), "{field}");
    }
    assert_eq!(report["deposited_atoms"], report["withdrawn_atoms"]);
    assert_eq!(
        report["rent_locked_lamports"],
        report["rent_returned_lamports"]
    );
    assert_eq!(report["ledger_conserved"], true);
    for check in report["checks"].as_array().expect("a list") {
        assert!(check["failure"].is_null(), "{check}");
    }
    let mut savings = 0;
    for bill in report["bills"].as_array().expect("a list") {
        let amount = |field: &str| bill[field].as_i64().expect("atoms");
        assert!(bill["household"].is_string());
        savings += amount("supplier_alone") - amount("with_market");
    }
    // A household that sold or bought too much may pay more for a day.
    assert!(savings > 0, "{savings}");
    assert_eq!(report["savings_atoms"], savings);
}

#[test]
fn a_made_up_community_trades() {
    let report = json(&["simulate", "--window", "900", "--json"]);
    assert_eq!(report["windows"], 3 * 96);
    check_report(&report);
}

#[test]
fn fifteen_real_households_trade_for_two_days() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/community15.csv"
    );
    if !Path::new(path).exists() {
        eprintln!("left out: {path} is not there");
        return;
    }
    let line = ["simulate", "--profiles", path, "--days", "2", "--json"];
    let standing = json(&line);
    let by_hand = [&line[..], &["--orders", "own", "--readings", "register"]].concat();
    let by_hand = json(&by_hand);
    // Profiles of three days, of which the first begins late. By hand meters are read at the start of the first window too.
    assert_eq!(standing["readings"], 3 * 15);
    assert_eq!(by_hand["readings"], 193 * 15);
    for report in [&standing, &by_hand] {
        assert_eq!(report["windows"], 192);
        // The first window is over before anybody can bid; each boundary behind it is one transaction, the pages need few.
        let transactions = |of: &str| report["costs"][of]["transactions"].as_u64();
        assert_eq!(transactions("windows"), Some(193));
        assert!(transactions("pages") < Some(10), "{}", report["costs"]);
        assert_eq!(report["bills"].as_array().map(Vec::len), Some(15));
        check_report(report);
    }
    let fees = |report: &Value| report["lamports_per_household_month"].as_u64();
    assert!(fees(&standing) < fees(&by_hand).map(|lamports| lamports / 10));
}

#[test]
fn given_a_seed_when_simulated_twice_then_not_a_byte_of_the_result_differs() {
    let small = ["--households", "3", "--window", "3600", "--days", "1"];
    let printed = |seed: &str| {
        let line = [&["simulate", "--json", "--seed", seed][..], &small].concat();
        let output = joulebook(&line);
        assert!(output.status.success());
        output.stdout
    };
    let first = printed("5");
    assert_eq!(first, printed("5"));
    assert_ne!(first, printed("6"));
}

#[test]
fn longer_corrections_change_no_bill_and_lock_more_rent() {
    let run = |days: &str| {
        let size = ["--households", "2", "--window", "3600", "--days", "2"];
        let line = [
            &["simulate", "--json", "--correction-days", days][..],
            &size,
        ]
        .concat();
        json(&line)
    };
    let (short, long) = (run("1"), run("30"));
    check_report(&long);
    for field in ["bills", "prices", "matched_wh", "readings"] {
        assert_eq!(short[field], long[field], "{field}");
    }
    let rent = |report: &Value| report["rent_locked_lamports"].as_u64();
    assert!(rent(&short) < rent(&long));
}

#[test]
fn the_report_says_what_the_tables_lock_before_and_that_it_came_back() {
    let output = joulebook(&["simulate", "--households", "2", "--window", "3600"]);
    let (before, report) = (
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout),
    );
    assert!(output.status.success(), "{before}");
    assert!(
        before.contains("rent in SOL") && before.contains("interval pages"),
        "{before}"
    );
    let late = "24 windows, 1 day, make a page. Readings of its meters count until 36 hours\nafter its end";
    assert!(before.contains(late) && report.contains(late), "{before}");
    assert!(report.contains("all of it came back"), "{report}");
    for heading in ["Market", "Bills", "Late values", "On chain", "Checks"] {
        assert!(report.contains(heading), "{report}");
    }
}

/// Milli-atoms, of tokens with nine decimals.
fn milli_atoms(tokens: &str) -> i64 {
    tokens.replace('.', "").parse().expect("a number")
}

#[test]
fn given_tables_and_a_household_are_asked_for_when_simulated_then_all_tell_the_same_bills() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().display().to_string();
    let line = ["simulate", "--window", "3600", "--days", "2", "--json"];
    let more = ["--csv", &folder, "--household", "house03"];
    let report = json(&[&line[..], &more].concat());
    check_report(&report);
    let bills = report["bills"].as_array().expect("a list");
    let rows = |name: &str| {
        let table = csv::Reader::from_path(dir.path().join(name));
        let rows = table.expect("a table").into_deserialize();
        let rows: Result<Vec<std::collections::BTreeMap<String, String>>, _> = rows.collect();
        rows.expect("rows")
    };
    assert_eq!(rows("positions.csv").len(), 12 * 48);
    let traded = rows("windows.csv");
    let traded = traded.iter().map(|row| row["traded_wh"].parse::<u64>());
    let traded: Result<u64, _> = traded.sum();
    assert_eq!(traded.ok(), report["matched_wh"].as_u64());
    for (bill, row) in bills.iter().zip(rows("bills.csv")) {
        // The report rounds up to atoms.
        for field in ["with_market", "supplier_alone"] {
            let exact = milli_atoms(&row[&format!("{field}_tokens")]);
            let rounded = -(-exact).div_euclid(1000);
            assert_eq!(bill[field].as_i64(), Some(rounded), "{field} of {bill}");
        }
        if row["household"] == "house03" {
            let [statement] = report["statements"].as_array().expect("a list").as_slice() else {
                panic!("one statement: {report}");
            };
            let exact = milli_atoms(&row["with_market_tokens"]);
            assert_eq!(statement["with_market_milli_atoms"].as_i64(), Some(exact));
        }
    }
    let again = joulebook(&[&line[..], &more].concat());
    assert_eq!(again.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(errors.contains("bills.csv is there already"), "{errors}");
    assert!(again.stdout.is_empty());
}

#[test]
fn bench_prints_the_figures_and_writes_a_baseline() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("baseline.json").display().to_string();
    let figures = json(&["bench", "--json", "--write-baseline", &path]);
    for field in [
        "place_first",
        "place_next",
        "cancel_first",
        "cancel_next",
        "clear_4096_ticks",
        "allocate_per_order",
        "clear_and_allocate_4096",
        "settle_per_position",
        "finish_per_position",
        "open_page",
        "village_window",
        "village_window_bytes",
        "reading_each",
    ] {
        assert!(figures[field].as_u64() > Some(0), "{field}");
    }
    let text = std::fs::read_to_string(&path).expect("written");
    let written: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(written, figures);
    let output = joulebook(&["bench", "--baseline", &path]);
    assert!(output.status.success());
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(table.contains("place one order"), "{table}");
    // Measured again, every figure is the same.
    let mut operations = table.lines().skip(1);
    assert!(operations.all(|line| line.ends_with("+0.0%")), "{table}");
}

#[test]
fn a_baseline_that_was_better_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("baseline.json").display().to_string();
    let mut figures = json(&["bench", "--json"]);
    figures["place_first"] = 1.into();
    std::fs::write(&path, figures.to_string()).expect("written");
    let output = joulebook(&["bench", "--baseline", &path]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("place_first took ") && errors.contains(", and 1 in the baseline"),
        "{errors}"
    );
}

#[test]
fn programs_that_are_not_there_are_named() {
    for args in [
        &["simulate"][..],
        &["clear", "--on-chain", "--book", "-"],
        &["bench"],
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let book = dir.path().join("book.json");
        std::fs::write(&book, r#"{"bids":[],"offers":[]}"#).expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_joulebook"))
            .args(args)
            .env("JOULEBOOK_PROGRAMS", dir.path())
            .stdin(std::fs::File::open(&book).expect("readable"))
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let errors = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
        assert!(
            errors.contains("registry.so") && errors.contains("make build"),
            "{errors}"
        );
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}
