//! A community's daily work, and what a participant needs to join: what an operator's and a member's commands do, without the
//! commands.
//!
//! | module | subject |
//! | --- | --- |
//! | [`Configuration`], [`Session`] | whose key, which market, which cluster; what is read and sent |
//! | [`admissions`] | participants: applications, approvals, roles |
//! | [`membership`] | what a participant does for itself: seat, money, delegate |
//! | [`meters`] | meters, and what their owners must agree to |
//! | [`CoSigned`], [`CoSignatureFile`] | what needs a second signature, and the file that asks for it |
//! | [`prices`] | posted prices, from a file or a server |
//! | [`governance`] | pauses, terms, tariff, authority |
//! | [`status`] | what is behind |
//!
//! Everything is decided by accounts, read at that moment. Nothing is sent that was not made of what a person was shown.

#![forbid(unsafe_code)]

pub mod admissions;
mod co_signature_file;
mod co_signed;
mod configuration;
mod error;
pub mod governance;
pub mod membership;
pub mod meters;
mod names;
mod nonces;
pub mod prices;
mod session;
pub mod status;
mod words;

pub use co_signature_file::{CoSignatureFile, FileError, Request};
pub use co_signed::{CoSigned, Surroundings};
pub use configuration::Configuration;
pub use error::OperationError;
pub use membership::Bounds;
pub use names::{
    pauses_from, pauses_of, role_from, roles_from, roles_of, time_from, time_of, NameError,
};
pub use nonces::{OpenNonce, MAX_NONCES};
pub use session::{Carried, Plan, Session};
