//! Whether the page on deployment tells the size of the programs as they are built, and the rent that follows.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};

use crate::PROGRAMS;

const PAGE: &str = "migrations/README.md";
const LAMPORTS_PER_BYTE: f64 = 6_960.0;
const LAMPORTS_PER_SOL: f64 = 1e9;

/// How far the page may be off: each compiler makes programs of another size.
const TOLERANCE: f64 = 0.03;

pub fn check(root: &Path) -> Result<()> {
    let length = |program: &str| {
        let file = root.join(format!("target/deploy/{program}.so"));
        fs::metadata(file).ok().map(|file| file.len())
    };
    let lengths: Option<Vec<u64>> = PROGRAMS.into_iter().map(length).collect();
    let Some(lengths) = lengths else {
        println!("the programs are not built: their size in {PAGE} is not compared");
        return Ok(());
    };
    let page = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    match said_of(&page, lengths.iter().sum()) {
        Some(said) => bail!("{PAGE}: {said}"),
        None => Ok(()),
    }
}

/// What is wrong with a page, if the programs have so many bytes.
fn said_of(page: &str, bytes: u64) -> Option<String> {
    // Far below what a float holds exactly.
    let bytes = bytes as f64;
    let rent = bytes * LAMPORTS_PER_BYTE / LAMPORTS_PER_SOL;
    let shown = [
        ("programs lock ", " SOL", rent),
        ("for some ", " million bytes", bytes / 1e6),
    ];
    shown.into_iter().find_map(|(before, unit, actual)| {
        let shown = page.split_once(before).and_then(|(_, rest)| rest.split_once(unit));
        let shown: Option<f64> = shown.and_then(|(number, _)| number.parse().ok());
        let is_near = |shown: f64| (shown - actual).abs() <= actual * TOLERANCE;
        (!shown.is_some_and(is_near)).then(|| {
            format!("the programs that are built make '{before}{actual:.2}{unit}', which it does not say")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "The three programs lock 17.5 SOL, for some 2.52 million bytes.";

    #[test]
    fn given_a_page_when_the_programs_are_about_as_long_then_nothing_is_said() {
        for bytes in [2_460_000, 2_517_360, 2_580_000] {
            assert_eq!(said_of(PAGE, bytes), None, "{bytes}");
        }
    }

    #[test]
    fn given_a_page_when_either_number_is_another_or_not_there_then_it_is_said() {
        for bytes in [2_240_000, 2_700_000] {
            let said = said_of(PAGE, bytes).unwrap_or_default();
            assert!(said.contains("programs lock"), "{bytes}: {said}");
        }
        let page = PAGE.replace("2.52 million", "2,516,144");
        let said = said_of(&page, 2_517_360).unwrap_or_default();
        assert!(said.contains("'for some 2.52 million bytes'"), "{said}");
        assert!(said_of("", 2_517_360).is_some());
    }
}
