//! The metering rules, from outside: the signed message byte by byte, what a device's registers count, what a connection
//! can carry, and what a page makes of readings.

mod message_layout;
mod message_tampering;
mod offsets;
mod page;
mod power_limits;
mod profile_message;
mod support;
