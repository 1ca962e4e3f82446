//! Whether the cost table of the README shows the committed baseline.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};
use indicatif::HumanCount;
use serde_json::Value;

const TABLE: &str = "README.md";
const BASELINE: &str = "bench/baseline.json";

pub fn check(root: &Path) -> Result<()> {
    let baseline = fs::read_to_string(root.join(BASELINE)).context(BASELINE)?;
    let baseline: Value = serde_json::from_str(&baseline).context(BASELINE)?;
    let fields = baseline.as_object().context("the baseline is no object")?;
    let table = fs::read_to_string(root.join(TABLE)).context(TABLE)?;
    for (field, units) in fields {
        let units = units.as_u64().context("a baseline of whole numbers")?;
        let units = HumanCount(units).to_string();
        let name = format!("`{field}`");
        let row = table
            .lines()
            .find(|line| line.contains(&name))
            .with_context(|| format!("{TABLE} has no row for {name}"))?;
        let shown = row.split('|').rev().nth(1).unwrap_or_default().trim();
        if shown != units {
            bail!("{TABLE} shows '{shown}' for {name}, {BASELINE} has {units}: change the page");
        }
    }
    Ok(())
}
