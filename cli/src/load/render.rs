//! What was measured, for people.

use super::{
    communities::{CommunitiesReport, Placed},
    month::Often,
    report::{LoadReport, Rate},
};
use crate::{counted::grouped, text_table::TextTable};

impl LoadReport {
    /// Tables of 80 columns.
    pub fn render(&self) -> String {
        let mut rates = TextTable::new([
            "", "tx", "tx/s", "items", "items/s", "median", "p95", "most",
        ]);
        for (what, rate) in [
            ("moving in", &self.moving_in),
            ("orders by hand", &self.orders_by_hand),
            ("orders by delegate", &self.orders_by_delegate),
            ("profile values", &self.profiles),
        ] {
            rates.row(rate_row(what, rate));
        }
        let keeping = &self.keeping;
        let mut keeper = TextTable::new(["", "tx", "compute units", "lamports"]);
        for (what, sum) in [
            ("windows", keeping.window_transactions),
            ("settling", keeping.settling),
            ("pages", keeping.pages),
        ] {
            keeper.row([
                what.to_owned(),
                grouped(sum.transactions),
                grouped(sum.compute_units),
                grouped(sum.lamports),
            ]);
        }
        let mut month = TextTable::new(["", "each", "tx", "lamports", "household and month"]);
        for line in &self.month.lines {
            month.row([
                line.what.clone(),
                match line.often {
                    Often::Page => "page".to_owned(),
                    Often::Week => "week".to_owned(),
                },
                grouped(line.transactions),
                grouped(line.lamports),
                grouped(line.lamports_per_household_month),
            ]);
        }
        let all = self.month.lamports_per_household_month;
        let goal = match self.month.goal {
            None => "no goal for a community of this size or such pages".to_owned(),
            Some(goal) if self.month.holds() => format!("the goal of {} is kept", grouped(goal)),
            Some(goal) => format!("the goal of {} is MISSED", grouped(goal)),
        };
        format!(
            "{} households, {} windows a page\n\n\
             As fast as the node takes them; times of confirmation in ms\n{rates}\n\
             {} orders in the window's book, {} meters heard\n\n\
             The keeper in a page's time, {} windows\n{keeper}\n\
             at most {} transactions at a boundary; median {} ms, p95 {} ms;\n\
             reading the market's accounts {} ms\n\n\
             Fees as they were paid, lamports\n{month}\n\
             {} lamports a household and month: {goal}",
            grouped(self.households),
            self.windows_per_page,
            grouped(self.orders_in_book),
            grouped(self.meters_heard),
            keeping.windows,
            keeping.most_at_once,
            keeping.confirmation.median_ms,
            keeping.confirmation.p95_ms,
            keeping.look_ms,
            grouped(all),
        )
    }
}

fn rate_row(what: &str, rate: &Rate) -> [String; 8] {
    let whole = |number: f64| format!("{number:.0}");
    [
        what.to_owned(),
        grouped(rate.transactions),
        whole(rate.transactions_per_second),
        grouped(rate.items),
        whole(rate.items_per_second),
        rate.confirmation.median_ms.to_string(),
        rate.confirmation.p95_ms.to_string(),
        rate.confirmation.most_ms.to_string(),
    ]
}

impl CommunitiesReport {
    /// Tables of 80 columns.
    pub fn render(&self) -> String {
        let mut lines = vec![format!(
            "{} communities of {} households, a block of {} units every {} ms",
            grouped(self.communities),
            grouped(self.households),
            grouped(self.block_units),
            self.slot_ms
        )];
        for moment in &self.moments {
            let mut table = TextTable::new([
                "",
                "blocks",
                "ms",
                "share",
                "busiest account",
                "a block",
                "in 15 min",
            ]);
            for (what, placed) in [
                ("one keeper", &moment.one_keeper),
                ("own keepers", &moment.own_keepers),
            ] {
                table.row(placed_row(what, placed));
            }
            lines.push(format!(
                "\n{}: {} transactions each, {} units, {} by the cost model;\n\
                 {} accounts shared beside who pays\n{table}",
                moment.what,
                moment.transactions,
                grouped(moment.units),
                grouped(moment.cost),
                moment.shared_accounts,
            ));
        }
        lines.push(
            "\nshare: of all blocks of a quarter hour; a block, in 15 min: communities that fit"
                .to_owned(),
        );
        lines.join("\n")
    }
}

fn placed_row(what: &str, placed: &Placed) -> [String; 7] {
    let busiest = grouped(placed.busiest_account);
    [
        what.to_owned(),
        grouped(placed.blocks),
        grouped(placed.milliseconds),
        format!(
            "{}.{:02}%",
            placed.share_of_quarter_hour_ppm / 10_000,
            placed.share_of_quarter_hour_ppm / 100 % 100
        ),
        match placed.busiest_is_payer {
            true => format!("{busiest} payer"),
            false => busiest,
        },
        grouped(placed.communities_per_block),
        grouped(placed.communities_per_quarter_hour),
    ]
}
