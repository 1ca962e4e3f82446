//! What a household pays in fees in a month, from what was paid in a day, and the goals of the design.

use schemars::JsonSchema;
use serde::Serialize;

const DAYS: u64 = 30;
const DAYS_PER_WEEK: u64 = 7;
const SECONDS_PER_DAY: u64 = 86_400;

/// The design's goals: communities of so many households or more, and lamports for each and 30 days, at quarter hours.
pub const GOALS: [(u64, u64); 3] = [(1_000, 150_000), (100, 300_000), (15, 1_200_000)];

/// How often something is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Often {
    /// Once in each page of windows: a day, as a rule.
    Page,
    /// Once a week.
    Week,
}

/// What one thing costs a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthLine {
    /// What it is.
    pub what: String,
    /// How often it is paid.
    pub often: Often,
    /// Transactions, each time.
    pub transactions: u64,
    /// What all of it cost the whole community, each time, lamports.
    pub lamports: u64,
    /// The same for a household and 30 days, lamports, rounded up.
    pub lamports_per_household_month: u64,
}

/// What a community's households pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Month {
    /// What is paid, one thing each.
    pub lines: Vec<MonthLine>,
    /// All of it for a household and 30 days, lamports.
    pub lamports_per_household_month: u64,
    /// The most that it should be by the design, lamports; none for a smaller community, or other pages than of a day.
    pub goal: Option<u64>,
}

/// What was paid, each time: what for, how often, transactions, lamports.
pub type Paid = (&'static str, Often, u64, u64);

impl Month {
    /// Of a community of so many households whose page is so many seconds long.
    pub fn of(households: u64, page_seconds: u64, paid: &[Paid]) -> Month {
        let line = |&(what, often, transactions, lamports): &Paid| {
            let (times, divided) = match often {
                Often::Page => (DAYS * SECONDS_PER_DAY, page_seconds),
                Often::Week => (DAYS, DAYS_PER_WEEK),
            };
            let month = u128::from(lamports) * u128::from(times);
            let each = month.div_ceil(u128::from(divided.max(1)) * u128::from(households.max(1)));
            MonthLine {
                what: what.to_owned(),
                often,
                transactions,
                lamports,
                lamports_per_household_month: u64::try_from(each).unwrap_or(u64::MAX),
            }
        };
        let lines: Vec<MonthLine> = paid.iter().map(line).collect();
        let all = lines.iter().map(|line| line.lamports_per_household_month);
        let goal = GOALS.iter().find(|(least, _)| households >= *least);
        Month {
            lamports_per_household_month: all.fold(0, u64::saturating_add),
            lines,
            goal: goal
                .filter(|_| page_seconds == SECONDS_PER_DAY)
                .map(|(_, lamports)| *lamports),
        }
    }

    /// Whether it is within the goal, if there is one.
    pub fn holds(&self) -> bool {
        self.goal
            .is_none_or(|goal| self.lamports_per_household_month <= goal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_s_transaction_each_costs_a_village_what_the_arithmetic_says() {
        // 96 transactions a day are 2,880 in 30 days, of 5,000 lamports: 14.4 million for 15 households.
        let paid = [("windows", Often::Page, 96, 480_000)];
        let month = Month::of(15, 86_400, &paid);
        assert_eq!(month.lamports_per_household_month, 960_000);
        assert_eq!(month.goal, Some(1_200_000));
        assert!(month.holds());
    }

    #[test]
    fn what_is_paid_once_a_week_is_rounded_up() {
        // 10 transactions a week of 10 households: 5,000 × 30 / 7 = 21,428.6.
        let paid = [("orders", Often::Week, 10, 50_000)];
        let month = Month::of(10, 86_400, &paid);
        assert_eq!(month.lamports_per_household_month, 21_429);
        assert_eq!(month.goal, None);
    }

    #[test]
    fn shorter_pages_come_more_often_and_have_no_goal() {
        let paid = [("profiles", Often::Page, 1, 5_000)];
        let month = Month::of(1_000, 7_200, &paid);
        // 360 pages.
        assert_eq!(month.lamports_per_household_month, 1_800);
        assert_eq!(month.goal, None);
    }

    #[test]
    fn more_than_the_goal_does_not_hold() {
        let month = |lamports| Month::of(1_000, 86_400, &[("all", Often::Page, 1, lamports)]);
        assert!(month(5_000_000).holds());
        assert!(!month(5_000_034).holds());
        assert_eq!(month(1).goal, Some(150_000));
        assert_eq!(Month::of(999, 86_400, &[]).goal, Some(300_000));
    }
}
