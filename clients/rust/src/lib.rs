//! Rust client of Joulebook's programs.
//!
//! [`registry`], [`oracle`] and [`market`] are generated from the programs' IDLs: instructions, account
//! headers, events, errors. Written by hand beside them is what an IDL can't express: which slot of a
//! ring a time uses ([`ring`]), the slices behind a table's header ([`tables`]), events in logs
//! ([`events`]), and readings signed by a device ([`reading`]).

pub mod events;
mod generated;
pub mod reading;
pub mod ring;
pub mod tables;

pub use generated::{market, oracle, registry};
