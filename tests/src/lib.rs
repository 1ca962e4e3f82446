//! What the tests in `tests/` share.

pub mod hostile;
pub mod unauthorized;
pub mod market;
pub mod meter_instructions;
pub mod meters;
pub mod refused;
pub mod two_communities;
