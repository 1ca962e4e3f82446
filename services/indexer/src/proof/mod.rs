//! A household's bill, worked out from accounts, transactions and device signatures alone: no indexer is asked, and no gateway or
//! keeper believed.

mod compare;
mod gaps;
mod gone;
mod held;
mod households;
mod messages;
mod past;
mod replay;
mod signed;
mod spans;
mod windows;
mod witnesses;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use joulebook_cluster::{Cluster, ClusterError, MarketError};
use solana_address::Address;
use solana_signature::Signature;

use crate::{bill::Bill, indexing::ReadError, rows::RowError, store::Span};

pub use messages::{messages, DeviceMessage, SignedBy};
pub use replay::{take as take_events, Replay, ReplayError};
pub use signed::SignedRegisters;

/// Whose bill, and of which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub market: Address,
    /// A wallet.
    pub household: Address,
    pub span: Span,
}

/// Why nothing can be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Market(#[from] MarketError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Row(#[from] RowError),
    #[error("{0} has no seat in this market; check the household's wallet")]
    NoHousehold(Address),
    #[error("the market's token has no mint; check the RPC addresses")]
    NoMint,
    #[error("endpoints tell of another market at {0} each time they are asked; ask others")]
    OtherMarket(Address),
    #[error("more than a month is asked for; ask for one month after the other")]
    TooLong,
}

/// A month with the hour that clocks are put back by, seconds: more is not worked out at once, so that what is read is bounded.
pub const LONGEST: i64 = 31 * 86_400 + 3_600;

/// Where numbers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    pub what: &'static str,
    pub address: Address,
    /// In which it was read.
    pub slot: u64,
    /// Windows that it tells of.
    pub windows: u64,
}

/// What several endpoints say of the accounts that the bill stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Endpoints whose accounts were compared; none if there is one alone.
    pub endpoints: Vec<String>,
    /// Endpoints that did not answer.
    pub silent: Vec<String>,
    /// How many accounts were.
    pub accounts: usize,
    pub differing: Vec<Difference>,
    /// Accounts that went on changing while they were compared: nobody has confirmed what the bill was worked out from.
    pub moving: BTreeSet<Address>,
}

/// An account of which an endpoint says something else of the same slots than what the bill was worked out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub endpoint: String,
    pub address: Address,
    /// In which the endpoint read it.
    pub slot: u64,
}

/// What stays open, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    pub since: i64,
    pub until: i64,
    pub why: &'static str,
}

/// How intervals of the household's meters are proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intervals {
    /// By what the device has signed.
    pub signed: u64,
    /// By a verifier's transaction.
    pub replaced: u64,
    /// Without a value.
    pub missing: u64,
    /// That accounts tell of, and no signature was found for.
    pub unsigned: u64,
    /// That accounts tell of otherwise than the device has signed.
    pub contradicted: u64,
}

/// A bill, and what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub question: Question,
    /// What of the time that was asked for is worked out: from the household's approval on, and windows that are over.
    pub worked_out: Span,
    pub seat: u16,
    /// 10^`decimals` atoms are a token.
    pub decimals: u8,
    pub bill: Bill,
    /// Windows from accounts as they stand.
    pub from_accounts: u64,
    /// Windows worked out from transactions.
    pub from_transactions: u64,
    pub intervals: Intervals,
    /// Device signatures that were verified here.
    pub verified: u64,
    /// Device signatures in transactions of the household's meters that do not hold with the key that the meter has now.
    pub refused: u64,
    pub witnesses: Vec<Witness>,
    pub compared: Comparison,
    /// Transactions that device signatures or orders came from, with what was taken from each.
    pub transactions: BTreeMap<Signature, u64>,
    pub unproven: Vec<Unproven>,
}

/// Works out a bill.
///
/// # Errors
/// [`ProofError`]. What can't be proven is no error: it is said.
pub async fn prove(cluster: &Cluster, question: Question) -> Result<Proof, ProofError> {
    windows::prove(cluster, question).await
}
