//! A small load: that all of it arrives, and costs what was signed. How fast it is, is no test's affair.

use std::process::Command;

use serde_json::Value;

use crate::described;

const FEE: u64 = 5_000;
const HOUSEHOLDS: u64 = 20;
const WINDOWS: u64 = 8;

#[test]
fn given_twenty_households_when_a_node_is_loaded_then_all_arrives_and_costs_what_was_signed() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("a path");
    let (code, said, report) = load(&[
        "--households",
        "20",
        "--windows-per-page",
        "8",
        "--orders",
        "4",
        "--delegate-orders",
        "2",
        "--folder",
        folder,
    ]);
    assert_eq!(code, Some(0), "{said}");
    described::check("load", &report);
    let number = |path: &str| {
        let value = report.pointer(path).and_then(Value::as_u64);
        value.unwrap_or_else(|| panic!("{path} in {report}"))
    };
    assert_eq!(number("/households"), HOUSEHOLDS);
    // A transaction each; the delegate's have many seats.
    assert_eq!(number("/orders_by_hand/transactions"), HOUSEHOLDS);
    assert_eq!(number("/orders_by_hand/items"), HOUSEHOLDS * 4);
    assert_eq!(number("/orders_by_delegate/items"), HOUSEHOLDS * 2);
    assert!(number("/orders_by_delegate/transactions") < HOUSEHOLDS / 4);
    // Whatever standing orders add.
    assert!(number("/orders_in_book") >= HOUSEHOLDS * 6);
    assert_eq!(number("/profiles/items"), HOUSEHOLDS * WINDOWS);
    assert_eq!(number("/meters_heard"), HOUSEHOLDS);

    assert_eq!(number("/keeping/windows"), WINDOWS);
    let parts = ["window_transactions", "settling", "pages"];
    let sum = |of: &str| {
        let of = |part| number(&format!("/keeping/{part}/{of}"));
        parts.map(of).iter().sum::<u64>()
    };
    assert_eq!(sum("lamports"), sum("transactions") * FEE);
    assert_eq!(number("/keeping/paid"), sum("lamports"));
    // One transaction a window is what a village needs.
    assert_eq!(number("/keeping/window_transactions/transactions"), WINDOWS);

    let lines = report["month"]["lines"].as_array().expect("lines");
    let mut all = 0;
    for line in lines {
        let of = |key: &str| line[key].as_u64().expect("a number");
        assert_eq!(of("lamports"), of("transactions") * FEE, "{line}");
        // Twelve pages a day, or a week of seven.
        let (times, divided) = match line["often"].as_str() {
            Some("page") => (30 * 12, 1),
            _ => (30, 7),
        };
        let each = (of("lamports") * times).div_ceil(divided * HOUSEHOLDS);
        assert_eq!(of("lamports_per_household_month"), each, "{line}");
        all += each;
    }
    assert_eq!(number("/month/lamports_per_household_month"), all);
    // Each enters its standing orders, and brings money in.
    let line = |what: &str| {
        let line = lines.iter().find(|line| line["what"] == what);
        line.expect("a line")["transactions"].as_u64()
    };
    let weeks = line("standing orders and a deposit");
    assert!(
        (HOUSEHOLDS..=2 * HOUSEHOLDS).contains(&weeks.expect("a number")),
        "{weeks:?}"
    );
}

#[test]
fn given_a_cluster_that_is_not_of_this_machine_when_it_shall_be_loaded_then_it_is_refused() {
    let (code, said, _) = load(&["--url", "https://api.example.org"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is no node of this machine"), "{said}");
}

/// Exit code, stderr, and the report if there is one.
fn load(arguments: &[&str]) -> (Option<i32>, String, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_joulebook"));
    let output = command
        .arg("load")
        .args(arguments)
        .arg("--json")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), said, report)
}
