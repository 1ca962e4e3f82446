//! The metering rules, from outside: the signed message byte by byte, and registers that advance.

mod message_layout;
mod message_tampering;
mod page;
mod register_checks;
mod register_extremes;
mod register_sums;
mod support;
