use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_signature::Signature;

use crate::{
    fate::Fate,
    message::{Key, Message, Signed, Signer},
};

/// Whose store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub market: Address,
    /// Genesis hash of the cluster.
    pub cluster: [u8; 32],
    /// Of the meter table.
    pub binding: [u8; 32],
}

/// A message that the oracle does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub message: Message,
    /// By the chain's clock, unix seconds.
    pub received: i64,
    /// The transaction that it was in last.
    pub sent: Option<Signature>,
    /// Transactions with it that have landed.
    pub landed: u8,
    /// Whether it may be accepted, by what was known of the chain when it came; if not, that was old.
    pub is_judged: bool,
}

/// What is kept of it on the disk.
#[derive(Serialize, Deserialize)]
pub(super) struct WaitingRow {
    pub signed: Signed,
    /// Whose signature it is: it is not verified again.
    pub signer: Option<Signer>,
    pub received: i64,
    pub sent: Option<String>,
    pub landed: u8,
    pub is_judged: bool,
}

/// What became of a message, and when, unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub fate: Fate,
    pub at: i64,
    /// Of its registers, unix seconds.
    pub boundary: i64,
}

/// A transaction that was signed, and of which nobody has told yet what became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The last block that can take it.
    pub last_valid: u64,
    /// Ids of its messages.
    pub messages: Vec<String>,
}

/// What came of handing in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    New,
    /// It was handed in before; this became of it until now.
    Known(Fate),
    /// As many messages of its meter wait as are kept, or as many that nobody could judge; this one is not.
    TooMany,
}

impl Put {
    /// Of one that is kept.
    pub fn fate(self) -> Option<Fate> {
        match self {
            Put::New => Some(Fate::Received),
            Put::Known(fate) => Some(fate),
            Put::TooMany => None,
        }
    }
}

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages that wait at most.
    pub messages: usize,
    /// Messages of one meter that wait at most: one device must not take the others' room.
    pub of_meter: usize,
    /// How long it is known what became of a message, seconds of the chain's clock.
    pub fate_seconds: i64,
}

/// What is known of a message that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is asked for by.
    pub key: Key,
    pub fate: Fate,
    pub boundary: i64,
}

impl Waiting {
    /// What it is kept by: not what it is asked for by, as long as nobody has judged it.
    pub fn key(&self) -> Key {
        match self.is_judged {
            true => self.message.key(),
            false => self.message.unjudged_key(),
        }
    }

    pub fn fate(&self) -> Fate {
        match self.sent {
            Some(signature) => Fate::Sent {
                transaction: signature.to_string(),
            },
            None => Fate::Received,
        }
    }
}
