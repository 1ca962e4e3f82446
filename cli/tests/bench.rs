//! What the operations cost on chain, against the committed baseline.

use std::path::Path;

use joulebook_cli::bench;
use joulebook_sim::bench::measure;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/baseline.json");

#[test]
fn no_operation_has_become_dearer_than_the_baseline_allows() {
    let baseline = bench::load(Path::new(BASELINE)).expect("a baseline");
    let measured = measure().expect("measured");
    println!("{}", bench::render(&measured, Some(&baseline)));
    let risen = bench::regressions(&measured, &baseline);
    let lines: Vec<String> = risen.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
