//! The addresses of the three programs: each is written here and in Anchor.toml, nowhere else by hand.
//! `cargo xtask keys` writes both.

use five8_const::decode_32_const;

use crate::Address;

pub const REGISTRY: Address = Address(decode_32_const(
    "DFsTwUL3NuLNzbLhNDKg2ceVqBb17NidmQX4jyMEPfXF",
));
pub const ORACLE: Address = Address(decode_32_const(
    "8QxqwZij1Erneg9wsqhkpUbxYnTC9eidJyp5Jr2XgWPW",
));
pub const MARKET: Address = Address(decode_32_const(
    "ikSveL1keFnB4ThVhygsYXwdQC1vaBqAp8EKWft8om7",
));
