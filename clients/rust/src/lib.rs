//! Rust client of Joulebook's programs.
//!
//! [`registry`], [`oracle`] and [`market`] are generated from the programs' IDLs: instructions, events, errors. The
//! accounts are those of [`layout`], which the programs use too. Written by hand beside them is what an IDL can't
//! express:
//!
//! | module | subject |
//! | --- | --- |
//! | [`addresses`] | where a community's accounts are |
//! | [`instructions`] | instructions that find their accounts by themselves |
//! | [`founding`] | the accounts that a community's market needs |
//! | [`steps`] | what a keeper has to do next |
//! | [`packing`] | instructions in as few transactions as they fit into |
//! | [`ring`] | which slot of a ring holds a time, and which page comes next |
//! | [`tables`] | whole accounts: header and rows |
//! | [`events`] | events in logs |
//! | [`event_counts`] | whether events are missing |
//! | [`program_error`] | what a program refused, in its own words |
//! | [`reading`] | readings and load profiles signed by a device |
//! | [`secp256r1`] | what devices with a key of P-256 have signed, and the check of it |

#![forbid(unsafe_code)]

pub mod addresses;
pub mod event_counts;
pub mod events;
#[cfg(not(target_os = "solana"))]
pub mod founding;
mod generated;
pub mod instructions;
#[cfg(not(target_os = "solana"))]
pub mod packing;
#[cfg(not(target_os = "solana"))]
pub mod program_error;
pub mod reading;
pub mod ring;
pub mod secp256r1;
#[cfg(not(target_os = "solana"))]
pub mod steps;
pub mod tables;

pub use addresses::Addresses;
pub use generated::{
    market, market::MARKET_ID, oracle, oracle::ORACLE_ID, registry, registry::REGISTRY_ID,
};
pub use joulebook_layout as layout;
