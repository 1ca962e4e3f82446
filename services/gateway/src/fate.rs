//! What became of a message, in one word and in a sentence.

use joulebook_client::oracle::types::ReadingResult;
use serde::{Deserialize, Serialize};

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Fate {
    /// It is kept until the oracle has it.
    Received,
    /// It is in a transaction that may land.
    Sent { transaction: String },
    /// The oracle has it, by a transaction of this gateway, if one is named.
    Accepted { transaction: Option<String> },
    /// The oracle knows what it says, and this gateway never sent it: another one did, or another message says the same.
    Superseded,
    /// The oracle will never take it.
    Refused {
        #[serde(with = "by_name")]
        result: ReadingResult,
    },
    /// It was sent several times until its page closed, each transaction landed, and the oracle does not have it.
    Ineffective,
}

impl Fate {
    /// Whether it stays so.
    pub fn is_final(&self) -> bool {
        !matches!(self, Fate::Received | Fate::Sent { .. })
    }

    /// Whether the oracle knows what it says.
    pub fn is_known(&self) -> bool {
        matches!(self, Fate::Accepted { .. } | Fate::Superseded)
    }

    /// Whether it is kept anew if it is handed in again: what was in the way may be no more.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, Fate::Refused { .. } | Fate::Ineffective)
    }

    /// One word, for metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Fate::Received => "received",
            Fate::Sent { .. } => "sent",
            Fate::Accepted { .. } => "accepted",
            Fate::Superseded => "superseded",
            Fate::Refused { .. } => "refused",
            Fate::Ineffective => "ineffective",
        }
    }

    /// For people; with what to do, if anything.
    pub fn words(&self) -> &'static str {
        match self {
            Fate::Received => "kept, and sent to the oracle when its time has come",
            Fate::Sent { .. } => "in a transaction that is on its way",
            Fate::Accepted { .. } => "the oracle has it",
            Fate::Superseded => {
                "the oracle has heard it already, from another gateway or in another message"
            }
            Fate::Refused { result } => words(*result),
            Fate::Ineffective => "sent several times, and the oracle does not have it; report it",
        }
    }
}

/// All results, in the oracle's sequence.
pub const RESULTS: [ReadingResult; 21] = [
    ReadingResult::Counted,
    ReadingResult::Filled,
    ReadingResult::AlreadyKnown,
    ReadingResult::UnknownMeter,
    ReadingResult::Quarantined,
    ReadingResult::NotInService,
    ReadingResult::BeforeDevice,
    ReadingResult::OffBoundary,
    ReadingResult::FutureBoundary,
    ReadingResult::UnknownFlags,
    ReadingResult::Tampered,
    ReadingResult::OutsidePage,
    ReadingResult::ReadingsClosed,
    ReadingResult::StaleSequence,
    ReadingResult::Malformed,
    ReadingResult::BadSignature,
    ReadingResult::RegisterFell,
    ReadingResult::PowerLimit,
    ReadingResult::Contradicts,
    ReadingResult::Replaced,
    ReadingResult::Broken,
];

/// As the oracle calls it.
pub fn name(result: ReadingResult) -> String {
    format!("{result:?}")
}

/// What a result means for whoever has signed the message.
pub fn words(result: ReadingResult) -> &'static str {
    match result {
        ReadingResult::Counted => "the meter moved on to it",
        ReadingResult::Filled => "it filled what was missing",
        ReadingResult::AlreadyKnown => "the oracle knows it already",
        ReadingResult::UnknownMeter => {
            "no meter has this number; have it registered, or give the device its new number"
        }
        ReadingResult::Quarantined => {
            "the meter is quarantined; a verifier of the community must restore it first"
        }
        ReadingResult::NotInService => {
            "the boundary is before the meter's service or after it; nothing to do"
        }
        ReadingResult::BeforeDevice => {
            "the boundary is not after the one at which the device was recorded; begin behind it"
        }
        ReadingResult::OffBoundary => {
            "the boundary is not a multiple of the table's interval; read the registers at one that is"
        }
        ReadingResult::FutureBoundary => {
            "the boundary is in the future by the chain's clock; set the device's clock, and send it then"
        }
        ReadingResult::UnknownFlags => {
            "it has status flags that the oracle does not know; set none but 1, 2 and 4"
        }
        ReadingResult::Tampered => {
            "the meter says that it was tampered with: a violation; a verifier must look at it"
        }
        ReadingResult::OutsidePage => {
            "its boundaries do not lie in one page; sign a profile for each page"
        }
        ReadingResult::ReadingsClosed => {
            "the page takes no readings any more; a verifier can fill its gaps"
        }
        ReadingResult::StaleSequence => {
            "its boundary is newer than the meter's last one, and its sequence is not; count sequences up"
        }
        ReadingResult::Malformed => {
            "the energies can't be read; pack them as docs/message-format.md says"
        }
        ReadingResult::BadSignature => {
            "the meter's key did not sign this; sign the bytes as they are with the registered key"
        }
        ReadingResult::RegisterFell => {
            "a register is lower than before, or higher than later: a violation; have the device looked at"
        }
        ReadingResult::PowerLimit => {
            "more energy than the meter's connection can carry in that time; check unit and registered limits"
        }
        ReadingResult::Contradicts => {
            "other registers are known at this boundary: a violation; have the device looked at"
        }
        ReadingResult::Replaced => {
            "a verifier's value stands there; nothing to do"
        }
        ReadingResult::Broken => "a fault of the program; report it",
    }
}

/// Whether time or others may change it: then the message is kept.
pub fn may_change(result: ReadingResult) -> bool {
    matches!(
        result,
        ReadingResult::FutureBoundary | ReadingResult::Quarantined
    )
}

/// Whether it follows from the message alone, or from a time that has passed: not from rows that may have changed.
pub fn is_certain(result: ReadingResult) -> bool {
    matches!(
        result,
        ReadingResult::OffBoundary
            | ReadingResult::UnknownFlags
            | ReadingResult::ReadingsClosed
            | ReadingResult::Malformed
    )
}

pub(crate) mod by_name {
    use serde::{de::Error, Deserializer, Serializer};

    use super::*;

    pub fn serialize<S: Serializer>(result: &ReadingResult, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&name(*result))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ReadingResult, D::Error> {
        let text = String::deserialize(from)?;
        let found = RESULTS.into_iter().find(|result| name(*result) == text);
        found.ok_or_else(|| D::Error::custom("no result of a reading has this name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_fate_when_it_is_written_then_it_reads_the_same_and_names_the_result() {
        for result in RESULTS {
            let fate = Fate::Refused { result };
            let text = serde_json::to_string(&fate).expect("JSON");
            assert!(text.contains(&format!("{result:?}")), "{text}");
            assert_eq!(serde_json::from_str::<Fate>(&text).expect("read"), fate);
        }
    }

    #[test]
    fn words_of_a_refusal_say_what_to_do() {
        for result in &RESULTS[3..] {
            let words = words(*result);
            assert!(words.contains(';') && !words.ends_with('.'), "{words}");
        }
    }
}
