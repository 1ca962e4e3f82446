use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::{
    fate::{self, Fate},
    message::{Key, Message},
};

/// What is answered of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// To ask for it, if it is kept; none of one that could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter: Option<u32>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary: Option<i64>,
    /// `received`, `sent`, `accepted`, `superseded`, `refused`, `ineffective` or `unknown`.
    pub state: String,
    /// Of a refused one, why: the oracle's own result, or what is wrong with the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Signature of the transaction that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    pub says: String,
}

impl Told {
    pub fn of(key: &Key, boundary: i64, fate: &Fate) -> Told {
        let (result, transaction) = match fate {
            Fate::Refused { result } => (Some(fate::name(*result)), None),
            Fate::Sent { transaction } => (None, Some(transaction.clone())),
            Fate::Accepted { transaction } => (None, transaction.clone()),
            _ => (None, None),
        };
        Told {
            id: Some(key.to_string()),
            meter: Some(key.meter),
            boundary: Some(boundary),
            state: fate.name().to_owned(),
            result,
            transaction,
            says: fate.words().to_owned(),
        }
    }

    /// Of one that could be read, with its meter.
    pub(super) fn refused(refusal: Refusal, message: Option<&Message>) -> Told {
        let stamp = message.map(Message::stamp);
        Told {
            id: message.map(|message| message.key().to_string()),
            meter: stamp.map(|stamp| stamp.meter),
            boundary: stamp.map(|stamp| stamp.boundary.0),
            state: "refused".to_owned(),
            result: Some(refusal.name()),
            transaction: None,
            says: refusal.words(),
        }
    }

    /// Of one that can't be judged while what is known of the chain is old, and for which there is no room until then.
    pub(super) fn unknown(message: &Message) -> Told {
        let stamp = message.stamp();
        Told {
            id: Some(message.key().to_string()),
            meter: Some(stamp.meter),
            boundary: Some(stamp.boundary.0),
            state: "unknown".to_owned(),
            result: None,
            transaction: None,
            says: "not kept: what is known of the chain is old, and by that it would be refused; send it again in a while"
                .to_owned(),
        }
    }

    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }

    /// Whether it was not kept, and is to be sent again.
    pub fn is_unknown(&self) -> bool {
        self.state == "unknown"
    }

    /// Whether the gateway that says so has it, or the oracle.
    pub fn is_kept(&self) -> bool {
        matches!(
            self.state.as_str(),
            "received" | "sent" | "accepted" | "superseded"
        )
    }
}
