//! What the tests in `tests/` share.

pub mod hostile;
pub mod impostors;
pub mod market;
pub mod meter_calls;
pub mod meters;
pub mod refused;
pub mod stage;
