//! The rules of settlement, from outside: tariffs by the clock, locks, and settlement by hand and as properties.

mod accounting;
mod examples;
mod extremes;
mod late_data;
mod locks;
mod market_fee;
mod silence;
mod support;
mod tariff_slots;
