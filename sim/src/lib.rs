//! A community in LiteSVM, on the real programs: what the tests, the simulation and the benchmarks stand
//! on.
//!
//! [`Chain`] is the virtual machine with the programs loaded, [`Token`] a quote token on it,
//! [`Addresses`] where a community's accounts are and the instructions that take them, [`Community`] a whole
//! community with its households, meters and a keeper, [`check`] the invariants.

pub mod addresses;
pub mod bench;
pub mod chain;
pub mod check;
pub mod closing;
pub mod device;
mod extension;
pub mod household;
pub mod joining;
pub mod keeper;
pub mod rent;
pub mod parameters;
pub mod token;
pub mod community;

pub use addresses::Addresses;
pub use chain::{Chain, Failure, Receipt};
pub use closing::Closed;
pub use device::Device;
pub use household::Household;
pub use joining::Connection;
pub use rent::Table;
pub use parameters::{RefusedExtension, AcceptedExtension, Parameters, TokenKind};
pub use token::Token;
pub use community::Community;
