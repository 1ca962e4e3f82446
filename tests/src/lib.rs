//! What the tests in `tests/` share.

#![forbid(unsafe_code)]

pub mod hostile;
pub mod market;
pub mod meter_instructions;
pub mod metered_community;
pub mod random;
pub mod refused;
pub mod two_communities;
pub mod unauthorized;
