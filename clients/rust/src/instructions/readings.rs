use solana_address::Address;
use solana_instruction::Instruction;

use super::{Actor, Owner};
use crate::{
    oracle::{
        instructions::{
            FinishPage, FinishPageInstructionArgs, OpenPage, ProveKeyCopied,
            ProveKeyCopiedInstructionArgs, ReplaceValues, ReplaceValuesInstructionArgs,
            SubmitReadings, SubmitReadingsInstructionArgs,
        },
        types::{ReplacedValue, SignedReading},
    },
    Addresses,
};

/// A page is that which holds a time, unix seconds.
impl Addresses {
    /// Opens the next page of a meter table that has no market yet, which anyone may, or another settlement key, which
    /// signs. `time` finds the account ([`crate::ring::next_page_start`]).
    pub fn open_interval_page(&self, settlement: Address, time: i64) -> Instruction {
        OpenPage {
            settlement,
            meter_table: self.meter_table,
            page: self.interval_page(time),
        }
        .instruction()
    }

    /// Readings at the end of the interval that starts at `start`, or at any other boundary of its page.
    pub fn submit_readings(&self, start: i64, readings: Vec<SignedReading>) -> Instruction {
        SubmitReadings {
            meter_table: self.meter_table,
            page: self.interval_page(start),
        }
        .instruction(SubmitReadingsInstructionArgs { readings })
    }

    /// Quarantines the meter whose key has signed two different readings with one sequence, as anyone may.
    pub fn prove_key_copied(&self, first: SignedReading, second: SignedReading) -> Instruction {
        ProveKeyCopied {
            meter_table: self.meter_table,
        }
        .instruction(ProveKeyCopiedInstructionArgs { first, second })
    }

    /// A verifier's values for consecutive intervals of a meter, from number `first` of the page on. `reason` is a code of
    /// the community's own. The owner signs for values in the place of what its device has signed.
    #[expect(clippy::too_many_arguments, reason = "those of the instruction")]
    pub fn replace_values(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        time: i64,
        meter: u32,
        first: u16,
        values: Vec<ReplacedValue>,
        reason: u16,
    ) -> Instruction {
        let owner = owner.into();
        ReplaceValues {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner.wallet),
            owner_wallet: owner.signer(),
            page: self.interval_page(time),
        }
        .instruction(ReplaceValuesInstructionArgs {
            meter,
            first,
            values,
            reason,
        })
    }

    /// Works out what the page leaves over of up to `limit` meters.
    pub fn finish_interval_page(&self, time: i64, limit: u16) -> Instruction {
        FinishPage {
            meter_table: self.meter_table,
            page: self.interval_page(time),
        }
        .instruction(FinishPageInstructionArgs { limit })
    }
}
