//! What a keeper says of itself in numbers. Lamports are of its own wallet; markets are labels by their addresses.

use joulebook_client::{
    layout::market::Phase,
    steps::{MarketState, Step},
};
use metrics::{counter, describe_counter, describe_gauge, gauge};

/// Describes the metrics, once.
pub fn describe() {
    describe_counter!(
        "joulebook_keeper_transactions_total",
        "Transactions, by what became of them"
    );
    describe_counter!("joulebook_keeper_steps_total", "Steps taken, by kind");
    describe_counter!("joulebook_keeper_lamports_total", "Lamports paid in fees");
    describe_counter!(
        "joulebook_keeper_windows_total",
        "Windows cleared by this keeper"
    );
    describe_counter!(
        "joulebook_keeper_looks_total",
        "How often a market was looked at, and read as a whole"
    );
    describe_gauge!(
        "joulebook_keeper_balance_lamports",
        "Lamports in the keeper's wallet"
    );
    describe_gauge!(
        "joulebook_keeper_reward_milli_atoms",
        "Free money in the seat that earns the reward"
    );
    describe_gauge!(
        "joulebook_keeper_windows_behind",
        "Windows whose gate has closed and that are not allocated"
    );
    describe_gauge!(
        "joulebook_keeper_steps_resting",
        "Steps that failed and wait for another attempt"
    );
    describe_gauge!("joulebook_keeper_chain_time_seconds", "The chain's clock");
}

/// What one market has cost since the start.
pub struct Figures {
    market: String,
    lamports: u64,
    windows: u64,
}

impl Figures {
    pub fn of(market: String) -> Figures {
        Figures {
            market,
            lamports: 0,
            windows: 0,
        }
    }

    pub fn looked(&self, whole: bool) {
        let kind = if whole { "whole" } else { "heads" };
        counter!("joulebook_keeper_looks_total", "market" => self.market.clone(), "kind" => kind)
            .increment(1);
    }

    pub fn sent(&mut self, outcome: &'static str, fee: u64) {
        let market = self.market.clone();
        counter!("joulebook_keeper_transactions_total", "market" => market.clone(), "outcome" => outcome)
            .increment(1);
        counter!("joulebook_keeper_lamports_total", "market" => market).increment(fee);
        self.lamports = self.lamports.saturating_add(fee);
    }

    pub fn took(&mut self, steps: &[Step]) {
        for step in steps {
            let market = self.market.clone();
            counter!("joulebook_keeper_steps_total", "market" => market, "step" => name(step))
                .increment(1);
        }
        let windows = steps
            .iter()
            .filter(|step| matches!(step, Step::Clear { .. }))
            .count() as u64;
        self.windows = self.windows.saturating_add(windows);
        counter!("joulebook_keeper_windows_total", "market" => self.market.clone())
            .increment(windows);
    }

    pub fn found(&self, state: &MarketState, now: i64, resting: usize, reward_seat: Option<u16>) {
        let market = || self.market.clone();
        let books = state.books.iter().map(|book| &book.header);
        let behind = books.filter(|book| {
            let is_under_way =
                book.phase == Phase::Open as u8 || book.phase == Phase::Cleared as u8;
            is_under_way && now >= book.gate
        });
        gauge!("joulebook_keeper_windows_behind", "market" => market()).set(behind.count() as f64);
        gauge!("joulebook_keeper_steps_resting", "market" => market()).set(resting as f64);
        gauge!("joulebook_keeper_chain_time_seconds", "market" => market()).set(now as f64);
        let seat = reward_seat.and_then(|seat| state.ledger.seats.get(usize::from(seat)));
        if let Some(seat) = seat {
            gauge!("joulebook_keeper_reward_milli_atoms", "market" => market())
                .set(seat.free as f64);
        }
    }

    /// Lamports in all, and for each window cleared.
    pub fn cost(&self) -> (u64, Option<u64>) {
        (self.lamports, self.lamports.checked_div(self.windows))
    }
}

fn name(step: &Step) -> &'static str {
    match step {
        Step::OpenPage { .. } => "open_page",
        Step::OpenWindow { .. } => "open_window",
        Step::ApplyStandingOrders { .. } => "apply_standing_orders",
        Step::Clear { .. } => "clear",
        Step::Allocate { .. } => "allocate",
        Step::Settle { .. } => "settle",
        Step::FinishIntervalPage { .. } => "finish_interval_page",
        Step::FinishPage { .. } => "finish_page",
        Step::PayClaims => "pay_claims",
    }
}
