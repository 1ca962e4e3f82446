//! Address rules of the registry's accounts.

/// `["community", founder, id as u64 little endian]`
pub const COMMUNITY: &[u8] = b"community";
/// `["participant", community, wallet]`
pub const PARTICIPANT: &[u8] = b"participant";
