//! A community on the real programs, in a virtual machine on this computer, and the simulation of its
//! market. The command line and the tests stand on it.
//!
//! | module | subject |
//! | --- | --- |
//! | [`chain`] | LiteSVM with the programs loaded, and tokens on it |
//! | [`checkout()`] | where the project's files are |
//! | [`founding`] | what a community is made of, and the instructions that found it |
//! | [`community`] | a founded community: its households, devices, money, its closing |
//! | [`keeper`] | windows moved through their life |
//! | [`checks`] | what must never break, recomputed from the accounts |
//! | [`auction`] | one auction, off chain and in the market program |
//! | [`synthetic`] | what households draw and feed in, made up; what was measured, `joulebook_profiles` reads, and what households order of it, `joulebook_strategy` says |
//! | [`simulation`] | a market window after window, on any [`simulation::Venue`] |
//! | [`bench`](mod@bench) | compute units of the programs' operations |
//! | [`roles`] | the registry's roles |
#![forbid(unsafe_code)]

pub mod auction;
pub mod bench;
pub mod chain;
mod checkout;
pub mod checks;
pub mod community;
pub mod founding;
pub mod keeper;
pub mod roles;
pub mod simulation;
pub mod synthetic;

pub use chain::{Chain, Failure, Receipt, Token};
pub use checkout::checkout;
pub use community::{
    in_sol, AccountRent, Device, Household, LocalCommunity, Payouts, SecureElement,
};
pub use founding::{AcceptedExtension, Parameters, RefusedExtension, TokenKind};
pub use joulebook_client::Addresses;
