//! What needs Anchor or pinocchio and serves all programs.
//!
//! | module | subject |
//! | --- | --- |
//! | [`stored`] | layouts as accounts and arguments of Anchor's |
//! | [`hot`] | instructions that come before Anchor's dispatch |
//! | [`access`] | who acts, and with which role |
//! | [`clock`] | the chain's time |
//! | [`numbered`] | events with numbers |
//! | [`grow`](mod@grow) | accounts of more than 10 KiB |
//! | [`wipe`](mod@wipe) | rows made zero |
#![allow(
    unsafe_code,
    reason = "accounts and arguments are read where the runtime put them"
)]
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

pub mod access;
pub mod clock;
pub mod grow;
pub mod hot;
#[cfg(feature = "idl-build")]
mod idl;
pub mod numbered;
pub mod stored;
pub mod wipe;

pub use grow::{first_len, grow};
pub use joulebook_macros::{accounts, program};
pub use solana_security_txt::security_txt;
pub use stored::{Addressed, Stored};
pub use wipe::{wipe, zeros};

/// Says in a program's file, for whoever looks at it on chain, whom to tell about a fault.
#[macro_export]
macro_rules! how_to_report {
    ($name:literal) => {
        #[cfg(all(target_os = "solana", not(feature = "cpi")))]
        $crate::security_txt! {
            name: $name,
            project_url: "see the source code's README.md",
            contacts: "other:private vulnerability report in the source code's repository",
            policy: "SECURITY.md of the source code",
            preferred_languages: "en"
        }
    };
}
