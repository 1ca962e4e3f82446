//! Address rules of the market's accounts.

/// `["market", community]`: one market settles a community's meters.
pub const MARKET: &[u8] = b"market";
/// `["vault", market]`
pub const VAULT: &[u8] = b"vault";
/// `["ledger", market]`
pub const LEDGER: &[u8] = b"ledger";
/// `["history", market]`
pub const HISTORY: &[u8] = b"history";
/// `["window", market, slot as u16 little endian]`; the window that starts at t is in slot
/// (t / length) mod ring.
pub const WINDOW: &[u8] = b"window";
