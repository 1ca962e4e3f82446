//! How Joulebook's daemons read a Solana cluster and send transactions to it.
//!
//! A [`Cluster`] stands for several RPC endpoints. Whatever is asked goes to one that works; endpoints that fail rest for a
//! while, and what is tried again is tried a bounded number of times, with growing pauses. Reads never go back in time: an
//! endpoint that is behind what was seen before is left out.
//!
//! Nothing here trusts a confirmation further than it must. Who moves money decides by accounts, which are read anew.

#![forbid(unsafe_code)]

mod accounts;
mod amount;
mod clock;
mod durable;
mod endpoints;
mod error;
mod history;
mod limits;
mod market;
mod mint;
mod options;
mod priority;
mod program_accounts;
mod send;
mod send_error;
mod signed;
mod terms;

pub use accounts::Snapshot;
pub use amount::{Amount, AmountError};
pub use clock::ChainTime;
pub use durable::{Nonce, NONCE_LEN};
pub use endpoints::{is_this_machine, Cluster};
pub use error::ClusterError;
pub use history::{PastSignature, PastSignatures, PastTransaction, SIGNATURES_AT_ONCE};
pub use limits::LAMPORTS_PER_SIGNATURE;
pub use market::{MarketAccounts, MarketError};
pub use mint::Mint;
pub use options::ClusterOptions;
pub use program_accounts::AccountFilter;
pub use send::{Landed, Outgoing};
pub use send_error::SendError;
pub use signed::{Fate, Signed};
pub use solana_account::Account;
pub use terms::term_changes;
