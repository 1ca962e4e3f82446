//! Address rules of the oracle's accounts.

/// `["meters", community]`
pub const METERS: &[u8] = b"meters";
/// `["interval", meter table, slot as u16 little endian]`; the interval that starts at t is in slot
/// (t / length) mod ring.
pub const INTERVAL: &[u8] = b"interval";
