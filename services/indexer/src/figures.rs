//! What the indexer tells of itself.

use metrics::{counter, describe_counter, describe_gauge, gauge, Unit};
use solana_address::Address;

const ROWS: &str = "joulebook_indexer_rows_total";
const CHAIN_TIME: &str = "joulebook_indexer_chain_time_seconds";
const GAPS: &str = "joulebook_indexer_gaps_total";
const TRANSACTIONS: &str = "joulebook_indexer_transactions_total";
const STANDS: &str = "joulebook_indexer_events_stand_still";

pub fn describe() {
    describe_counter!(ROWS, "Rows that were written");
    describe_gauge!(
        CHAIN_TIME,
        Unit::Seconds,
        "The chain's clock at the last look"
    );
    describe_counter!(
        GAPS,
        "Pages that were used again before they were read to their end"
    );
    describe_counter!(TRANSACTIONS, "Transactions that were read");
    describe_gauge!(STANDS, "1 while events can't be read further");
}

pub fn looked(market: &Address, now: i64) {
    gauge!(CHAIN_TIME, "market" => market.to_string()).set(now as f64);
}

pub fn wrote(market: &Address, rows: usize, gaps: usize) {
    counter!(ROWS, "market" => market.to_string()).increment(rows as u64);
    counter!(GAPS, "market" => market.to_string()).increment(gaps as u64);
}

pub fn followed(market: &Address, transactions: usize, stands: bool) {
    counter!(TRANSACTIONS, "market" => market.to_string()).increment(transactions as u64);
    gauge!(STANDS, "market" => market.to_string()).set(f64::from(u8::from(stands)));
}
