//! Whether the cost table of the README shows the committed baseline.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};
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
        let name = format!("`{field}`");
        let row = table
            .lines()
            .find(|line| line.contains(&name))
            .with_context(|| format!("{TABLE} has no row for {name}"))?;
        let shown = row.split('|').rev().nth(1).unwrap_or_default().trim();
        if shown != grouped(units) {
            bail!(
                "{TABLE} shows '{shown}' for {name}, {BASELINE} has {}: change the page",
                grouped(units)
            );
        }
    }
    Ok(())
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn given_thousands_when_grouped_then_commas_stand_between_them() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
