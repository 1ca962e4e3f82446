//! Rust client of Joulebook's programs: everything in `generated` comes from their IDLs.

mod generated;

pub use generated::{market, oracle, registry};
