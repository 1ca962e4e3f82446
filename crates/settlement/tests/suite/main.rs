//! The rules of settlement, from outside: tariffs by the clock, locks, and what positions cost, by hand, as properties
//! and against a model in 128 bits.

mod accounting;
mod any_input;
mod delegate;
mod ending;
mod examples;
mod extremes;
mod late_data;
mod locks;
mod market_fee;
mod model;
mod rows;
mod silence;
mod support;
mod tariff_slots;
mod windows;
