//! What the indexer tells of itself.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, gauge, Unit};
use solana_address::Address;

const ROWS: &str = "joulebook_indexer_rows_total";
const CHAIN_TIME: &str = "joulebook_indexer_chain_time_seconds";
const GAPS: &str = "joulebook_indexer_gaps_total";
const TRANSACTIONS: &str = "joulebook_indexer_transactions_total";
const STANDS: &str = "joulebook_indexer_events_stand_still";

const COPIED: &str = "joulebook_indexer_copied_rows_total";
const BEHIND: &str = "joulebook_indexer_copies_behind_writes";
const BEHIND_SECONDS: &str = "joulebook_indexer_copies_behind_seconds";

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
    describe_counter!(COPIED, "Rows that were copied to ClickHouse");
    describe_gauge!(BEHIND, "Writes of rows that are not copied yet");
    describe_gauge!(
        BEHIND_SECONDS,
        Unit::Seconds,
        "Since when some write is not copied"
    );
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

pub fn copied(rows: usize, behind: i64) {
    counter!(COPIED).increment(rows as u64);
    gauge!(BEHIND).set(behind as f64);
}

pub fn copies_behind(since: Duration) {
    gauge!(BEHIND_SECONDS).set(since.as_secs_f64());
}
