use indicatif::HumanCount;
use joulebook_sim::bench::{Figures, Operation, OPERATIONS};

use crate::text_table::TextTable;

/// The figures for people; the last column is the change since the baseline, if there is one.
pub fn render(measured: &Figures, baseline: Option<&Figures>) -> String {
    let mut table = TextTable::new(["compute units", "measured", "target", "", "change"]);
    for operation in OPERATIONS {
        let value = (operation.of)(measured);
        let verdict = if value <= operation.target {
            "ok"
        } else {
            "MISSED"
        };
        let before = baseline.map(operation.of);
        table.row([
            operation.name.into(),
            HumanCount(value).to_string(),
            HumanCount(operation.target).to_string(),
            verdict.into(),
            before.map_or("-".into(), |before| change(value, before)),
        ]);
    }
    table.to_string()
}

/// The operations that take more than their target.
pub fn missed(measured: &Figures) -> Vec<Operation> {
    let all = OPERATIONS.iter().copied();
    all.filter(|operation| (operation.of)(measured) > operation.target)
        .collect()
}

fn change(value: u64, before: u64) -> String {
    if before == 0 {
        return "-".into();
    }
    format!("{:+.1}%", (value as f64 / before as f64 - 1.0) * 100.0)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::paragraph::WIDTH;

    const FIGURES: Figures = Figures {
        place_first: 1248,
        place_next: 75,
        standing_next: 932,
        cancel_first: 2001,
        cancel_next: 100,
        clear_4096_ticks: 5000,
        allocate_per_order: 42,
        clear_and_allocate_4096: 172_032,
        settle_per_position: 150,
        finish_per_position: 150,
        open_page: 20_000,
        village_window: 15_000,
        village_window_bytes: 1000,
        lamports_per_household_month: 1_100_000,
        reading_each: 21_500,
        profile_value_ed25519: 400,
        profile_value_p256: 400,
    };

    #[test]
    fn a_miss_is_seen_and_named() {
        let missed: Vec<&str> = missed(&FIGURES)
            .iter()
            .map(|operation| operation.key)
            .collect();
        assert_eq!(missed, ["cancel_first"]);
        let text = render(&FIGURES, None);
        let line = text
            .lines()
            .find(|line| line.starts_with("cancel one order"));
        let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
        assert_eq!(words[3..6], ["2,001", "1,100", "MISSED"], "{text}");
    }

    #[test]
    fn change_is_against_the_baseline() {
        let before = Figures {
            place_first: 1200,
            ..FIGURES
        };
        let text = render(&FIGURES, Some(&before));
        let placed = text.lines().nth(1).unwrap_or_default();
        let words: Vec<&str> = placed.split_whitespace().collect();
        assert_eq!(words[3..], ["1,248", "1,300", "ok", "+4.0%"], "{text}");
        assert_eq!(text.lines().count(), 18);
    }

    #[test]
    fn large_figures_fit_a_terminal() {
        let large = Figures {
            lamports_per_household_month: 9_999_999,
            ..FIGURES
        };
        let text = render(&large, Some(&FIGURES));
        assert!(text.lines().all(|line| line.width() <= WIDTH), "{text}");
    }
}
