use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use indicatif::HumanCount;
use joulebook_sim::bench::{Figures, OPERATIONS};

use crate::output_files::OutputFiles;

/// The most an operation may rise above the baseline, in percent.
const TOLERANCE_PERCENT: u64 = 3;

/// An operation that takes more than 3% above its baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regression {
    pub key: &'static str,
    /// Compute units, or bytes.
    pub measured: u64,
    pub baseline: u64,
}

impl fmt::Display for Regression {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "{} took {}, and {} in the baseline",
            self.key,
            HumanCount(self.measured),
            HumanCount(self.baseline)
        )
    }
}

/// The operations that have become dearer than the rule allows.
pub fn regressions(measured: &Figures, baseline: &Figures) -> Vec<Regression> {
    OPERATIONS
        .iter()
        .map(|operation| Regression {
            key: operation.key,
            measured: (operation.of)(measured),
            baseline: (operation.of)(baseline),
        })
        .filter(|one| {
            u128::from(one.measured) * 100
                > u128::from(one.baseline) * u128::from(100 + TOLERANCE_PERCENT)
        })
        .collect()
}

/// Reads a baseline: the object that `joulebook bench --json` prints.
///
/// # Errors
/// If the file can't be read, or lacks a number or has one too many.
pub fn load(path: &Path) -> Result<Figures> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("the baseline {} can't be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is no baseline; write what 'joulebook bench --json' prints into it",
            path.display()
        )
    })
}

/// Makes these figures the baseline, by way of `files`.
///
/// # Errors
/// If the file can't be written.
pub fn save(files: &OutputFiles, path: &Path, figures: &Figures) -> Result<()> {
    let text = serde_json::to_string_pretty(figures)? + "\n";
    let written = files.write(path, |out| out.write_all(text.as_bytes()));
    written
        .and_then(|()| files.publish())
        .context("the baseline")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASELINE: Figures = Figures {
        place_first: 1000,
        place_next: 75,
        standing_next: 932,
        cancel_first: 1000,
        cancel_next: 75,
        clear_4096_ticks: 5000,
        allocate_per_order: 42,
        clear_and_allocate_4096: 200_000,
        settle_per_position: 120,
        finish_per_position: 150,
        open_page: 20_000,
        village_window: 15_000,
        village_window_bytes: 1000,
        lamports_per_household_month: 1_100_000,
        reading_each: 22_000,
        profile_value_ed25519: 400,
        profile_value_p256: 400,
    };

    #[test]
    fn three_percent_are_allowed_and_no_more() {
        let risen = |place_first| Figures {
            place_first,
            ..BASELINE
        };
        assert_eq!(regressions(&risen(1030), &BASELINE), []);
        let found = regressions(&risen(1031), &BASELINE);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].key, found[0].measured), ("place_first", 1031));
        assert_eq!(regressions(&risen(1), &BASELINE), []);
        assert_eq!(regressions(&risen(u64::MAX), &BASELINE).len(), 1);
    }

    #[test]
    fn small_numbers_have_no_room() {
        let risen = Figures {
            allocate_per_order: 44,
            ..BASELINE
        };
        assert_eq!(regressions(&risen, &BASELINE).len(), 1);
    }

    #[test]
    fn a_baseline_has_exactly_these_numbers() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("baseline.json");
        assert!(load(&path).is_err());
        save(&OutputFiles::default(), &path, &BASELINE).expect("written");
        let text = fs::read_to_string(&path).expect("readable");
        assert_eq!(load(&path).expect("a baseline"), BASELINE);
        for broken in [
            text.replace("place_first", "place_frist"),
            "{}".into(),
            "[".into(),
        ] {
            fs::write(&path, broken).expect("written");
            assert!(load(&path).is_err());
        }
    }
}
