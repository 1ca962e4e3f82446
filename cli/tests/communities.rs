//! `joulebook load --communities`: how many blocks the windows of many communities need.

mod described;

use std::process::Command;

use serde_json::Value;

#[test]
fn given_many_villages_when_their_windows_begin_then_they_share_nothing_but_who_pays() {
    let report = simulated("1000");
    let moments = report["moments"].as_array().expect("moments");
    assert_eq!(moments.len(), 2);
    for moment in moments {
        let number = |path: &str| {
            let value = moment.pointer(path).and_then(Value::as_u64);
            value.unwrap_or_else(|| panic!("{path} in {moment}"))
        };
        assert_eq!(number("/shared_accounts"), 0, "{moment}");
        let cost = number("/cost");
        assert!(cost > number("/units"), "{moment}");
        // All pay from one wallet: it takes 40 of the 100 million units of a block.
        assert!(moment["one_keeper"]["busiest_is_payer"] == true, "{moment}");
        assert!(number("/one_keeper/busiest_account") <= 40_000_000);
        assert_eq!(
            number("/one_keeper/communities_per_block"),
            40_000_000 / cost
        );
        assert_eq!(
            number("/own_keepers/communities_per_block"),
            100_000_000 / cost
        );
        let blocks = |keepers: &str| number(&format!("/{keepers}/blocks"));
        assert!(blocks("own_keepers") <= blocks("one_keeper"), "{moment}");
        let least = (cost * 1_000).div_ceil(100_000_000);
        assert!(blocks("own_keepers") >= least, "{moment}");
        assert_eq!(
            number("/one_keeper/milliseconds"),
            blocks("one_keeper") * 400
        );
    }
    // A village's quarter hour is one transaction.
    assert_eq!(moments[0]["transactions"], 1);
    described::check("load-communities", &report);
}

#[test]
fn given_pages_that_make_no_whole_day_when_asked_then_it_says_which_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .args(["load", "--communities", "1", "--windows-per-page", "10"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("pass 8, 12, 16"), "{said}");
}

fn simulated(communities: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .args(["load", "--communities", communities, "--households", "4"])
        .args(["--windows-per-page", "8", "--json"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
