//! What a gateway says of itself in numbers.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use crate::{fate::Fate, message::Key, store::Store};

/// Describes the metrics, once.
pub fn describe() {
    describe_counter!(
        "joulebook_gateway_messages_total",
        "Messages handed in, by the way they came and what was answered"
    );
    describe_counter!(
        "joulebook_gateway_fates_total",
        "Messages by what became of them in the end"
    );
    describe_counter!(
        "joulebook_gateway_transactions_total",
        "Transactions, by what became of them"
    );
    describe_counter!("joulebook_gateway_lamports_total", "Lamports paid in fees");
    describe_gauge!(
        "joulebook_gateway_waiting",
        "Messages that the oracle does not have yet"
    );
    describe_gauge!(
        "joulebook_gateway_to_forward",
        "Messages that the next gateway does not have yet"
    );
    describe_gauge!(
        "joulebook_gateway_in_doubt",
        "Messages in a transaction that may yet land"
    );
    describe_gauge!(
        "joulebook_gateway_balance_lamports",
        "Lamports in the gateway's wallet"
    );
    describe_gauge!("joulebook_gateway_chain_time_seconds", "The chain's clock");
    describe_gauge!(
        "joulebook_gateway_adapter_value_age_seconds",
        "How old an adapter's last value is, by the chain's clock"
    );
    describe_counter!(
        "joulebook_gateway_adapter_telegrams_total",
        "Telegrams of adapters, by whether they could be read"
    );
    describe_gauge!(
        "joulebook_gateway_broker_connected",
        "1 while the MQTT broker is connected to"
    );
}

pub fn taken(by: &'static str, state: &str, result: Option<&str>) {
    let answer = result.unwrap_or(state).to_owned();
    counter!("joulebook_gateway_messages_total", "by" => by, "answer" => answer).increment(1);
}

pub fn sent(outcome: &'static str, fee: u64) {
    counter!("joulebook_gateway_transactions_total", "outcome" => outcome).increment(1);
    counter!("joulebook_gateway_lamports_total").increment(fee);
}

pub fn ended(ends: &[(Key, Fate)]) {
    for (_, fate) in ends {
        counter!("joulebook_gateway_fates_total", "fate" => fate.name()).increment(1);
    }
}

pub fn looked(store: &Store, in_doubt: usize, now: i64) {
    let (waiting, to_forward) = store.counts();
    gauge!("joulebook_gateway_waiting").set(waiting as f64);
    gauge!("joulebook_gateway_to_forward").set(to_forward as f64);
    gauge!("joulebook_gateway_in_doubt").set(in_doubt as f64);
    gauge!("joulebook_gateway_chain_time_seconds").set(now as f64);
}

pub fn balance(lamports: u64) {
    gauge!("joulebook_gateway_balance_lamports").set(lamports as f64);
}

pub fn telegram(adapter: &str, outcome: &'static str) {
    let adapter = adapter.to_owned();
    counter!("joulebook_gateway_adapter_telegrams_total", "adapter" => adapter, "outcome" => outcome)
        .increment(1);
}

pub fn value_age(adapter: &str, seconds: i64) {
    gauge!("joulebook_gateway_adapter_value_age_seconds", "adapter" => adapter.to_owned())
        .set(seconds as f64);
}

pub fn broker(is_connected: bool) {
    gauge!("joulebook_gateway_broker_connected").set(f64::from(u8::from(is_connected)));
}
