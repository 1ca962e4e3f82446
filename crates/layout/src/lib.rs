//! Every byte that Joulebook keeps on chain, written once.
//!
//! Programs and clients use these types alike; interface descriptions, the generated clients and the tables of
//! `docs/message-format.md` come from what each type says of itself ([`Described`]).
//!
//! | module | holds |
//! | --- | --- |
//! | [`registry`], [`oracle`], [`market`] | the accounts of one program: headers, rows, codes, limits, seeds |
//! | [`account`] | what an account is; cutting one into its header and rows |
//! | [`describe`] | what a type says of itself |
//! | [`programs`] | the addresses of the three programs |
//!
//! An account is an 8-byte discriminator, a header and, if it is a table, rows, all little endian and without
//! padding. Numbers in rows are plain, their units are in the comments.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

mod address;
#[macro_use]
mod declare;

pub mod account;
pub mod describe;
pub mod market;
pub mod oracle;
pub mod programs;
pub mod registry;

pub use account::{cut, view, Account, Cutter, Table, Viewer, DISCRIMINATOR_LEN};
pub use address::Address;
pub use describe::Described;

/// What the interface descriptions say of each program, in the order of their dependencies.
pub const INTERFACES: [&describe::Interface; 3] =
    [&registry::INTERFACE, &oracle::INTERFACE, &market::INTERFACE];

const _: () = assert!(cfg!(target_endian = "little"));
