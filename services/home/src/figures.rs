//! What a feed says of itself in numbers.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use crate::view::View;

/// Describes the metrics, once.
pub fn describe() {
    describe_gauge!("joulebook_home_chain_time_seconds", "The chain's clock");
    describe_gauge!(
        "joulebook_home_heard_until_seconds",
        "Until when all the household's meters were heard"
    );
    describe_gauge!(
        "joulebook_home_connected",
        "1 while the broker is connected to"
    );
    describe_counter!(
        "joulebook_home_published_total",
        "Messages that were handed to the broker"
    );
    describe_counter!(
        "joulebook_home_troubles_total",
        "What came to nothing, by whom it was asked of"
    );
}

pub fn seen(view: &View) {
    gauge!("joulebook_home_chain_time_seconds").set(view.now as f64);
    if let Some(until) = view.heard_until {
        gauge!("joulebook_home_heard_until_seconds").set(until as f64);
    }
}

pub fn connected(is: bool) {
    gauge!("joulebook_home_connected").set(f64::from(u8::from(is)));
}

pub fn published() {
    counter!("joulebook_home_published_total").increment(1);
}

pub fn trouble(of: &'static str) {
    counter!("joulebook_home_troubles_total", "of" => of).increment(1);
}
