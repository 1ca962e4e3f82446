//! Bits of a participant's roles, as the registry numbers them.

pub const CONSUMER: u16 = 1;
pub const PRODUCER: u16 = 1 << 1;
pub const STORAGE: u16 = 1 << 2;
pub const GATEWAY: u16 = 1 << 3;
pub const VERIFIER: u16 = 1 << 4;
pub const AUDITOR: u16 = 1 << 5;
pub const OPERATOR: u16 = 1 << 6;
pub const EMERGENCY: u16 = 1 << 7;
pub const ALL: u16 = 0xff;
/// Those that only the authority grants.
pub const PRIVILEGED: [u16; 4] = [VERIFIER, AUDITOR, OPERATOR, EMERGENCY];
