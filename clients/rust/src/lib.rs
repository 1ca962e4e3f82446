//! Rust client of Joulebook's programs.
//!
//! [`registry`], [`oracle`] and [`market`] are generated from the programs' IDLs: instructions, events, errors. The
//! accounts are those of [`layout`], which the programs use too. Written by hand beside them is what an IDL can't
//! express:
//!
//! | module | subject |
//! | --- | --- |
//! | [`ring`] | which slot of a ring a time uses |
//! | [`tables`] | whole accounts, header and rows |
//! | [`events`] | events in logs |
//! | [`reading`] | readings signed by a device |
#![forbid(unsafe_code)]

pub mod events;
mod generated;
pub mod reading;
pub mod ring;
pub mod tables;

pub use generated::{
    market, market::MARKET_ID, oracle, oracle::ORACLE_ID, registry, registry::REGISTRY_ID,
};
pub use joulebook_layout as layout;
