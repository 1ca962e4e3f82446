//! What became of the attempts, by instruction.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

#[derive(Default)]
pub struct Statistics(BTreeMap<String, Attempts>);

#[derive(Default)]
struct Attempts {
    refused: u64,
    succeeded: u64,
    /// Names of the refusals.
    reasons: BTreeSet<String>,
}

/// Before an instruction's own accounts and arguments are looked at.
const EARLY: [&str; 2] = ["Anchor's 101", "Anchor's 102"];

impl Statistics {
    pub fn refused(&mut self, name: &str, reason: String) {
        let attempts = self.0.entry(name.to_string()).or_default();
        attempts.refused += 1;
        attempts.reasons.insert(reason);
    }

    pub fn succeeded(&mut self, name: &str) {
        self.0.entry(name.to_string()).or_default().succeeded += 1;
    }

    /// Whether anything bent got past the instruction's first checks.
    pub fn got_far(&self, name: &str) -> bool {
        let attempts = self.0.get(name);
        attempts.is_some_and(|attempts| {
            let mut reasons = attempts.reasons.iter();
            reasons.any(|reason| !EARLY.contains(&reason.as_str()))
        })
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            f,
            "{:<32}{:>10}{:>10}{:>10}{:>10}",
            "", "attempts", "refused", "succeeded", "reasons"
        )?;
        for (name, attempts) in &self.0 {
            let Attempts {
                refused,
                succeeded,
                reasons,
            } = attempts;
            let all = refused + succeeded;
            let reasons = reasons.len();
            writeln!(
                f,
                "{name:<32}{all:>10}{refused:>10}{succeeded:>10}{reasons:>10}"
            )?;
        }
        let sum = |of: fn(&Attempts) -> u64| self.0.values().map(of).sum::<u64>();
        let (refused, succeeded) = (sum(|one| one.refused), sum(|one| one.succeeded));
        let all = refused + succeeded;
        write!(f, "{:<32}{all:>10}{refused:>10}{succeeded:>10}", "all")
    }
}
