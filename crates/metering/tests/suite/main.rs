//! The metering rules, from outside: the signed message byte by byte, registers that advance, tariffs by
//! the clock, and settlement by hand and as properties.

mod locks;
mod market_fee;
mod message_layout;
mod message_tampering;
mod register_checks;
mod register_extremes;
mod register_sums;
mod settlement_accounting;
mod settlement_examples;
mod settlement_extremes;
mod settlement_late_data;
mod support;
mod tariff_slots;
