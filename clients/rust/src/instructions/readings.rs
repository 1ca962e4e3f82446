use solana_address::Address;
use solana_instruction::Instruction;
use solana_sdk_ids::sysvar::instructions;

use super::{Actor, Owner};
use crate::{
    oracle::{
        instructions::{
            FinishPage, FinishPageInstructionArgs, OpenPage, ProveCheckedKeyCopied, ProveKeyCopied,
            ProveKeyCopiedInstructionArgs, ReplaceValues, ReplaceValuesInstructionArgs,
            SubmitCheckedProfiles, SubmitProfiles, SubmitProfilesInstructionArgs, SubmitReadings,
            SubmitReadingsInstructionArgs,
        },
        types::{ReplacedValue, SignedMessage, SignedProfile, SignedReading},
    },
    secp256r1::{self, CheckError, Signed},
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

    /// Load profiles that end within the page that holds `start`, or at its end, and lie in it.
    pub fn submit_profiles(&self, start: i64, profiles: Vec<SignedProfile>) -> Instruction {
        SubmitProfiles {
            meter_table: self.meter_table,
            page: self.interval_page(start),
        }
        .instruction(SubmitProfilesInstructionArgs { profiles })
    }

    /// Load profiles of meters with a key of P-256, and the check that has to come right before them
    /// ([`secp256r1::check`]). Their messages are those of [`reading::profile_message`](crate::reading::profile_message).
    ///
    /// # Errors
    /// Those of the check.
    pub fn submit_checked_profiles(
        &self,
        start: i64,
        signed: &[Signed],
    ) -> Result<[Instruction; 2], CheckError> {
        let submit = SubmitCheckedProfiles {
            meter_table: self.meter_table,
            page: self.interval_page(start),
            instructions: instructions::ID,
        };
        Ok([secp256r1::check(signed)?, submit.instruction()])
    }

    /// Quarantines the meter whose key has signed two different messages with one sequence, as anyone may.
    pub fn prove_key_copied(
        &self,
        first: impl Into<SignedMessage>,
        second: impl Into<SignedMessage>,
    ) -> Instruction {
        ProveKeyCopied {
            meter_table: self.meter_table,
        }
        .instruction(ProveKeyCopiedInstructionArgs {
            first: first.into(),
            second: second.into(),
        })
    }

    /// The same where the key is of P-256, and the check that has to come right before it.
    ///
    /// # Errors
    /// Those of the check.
    pub fn prove_checked_key_copied(
        &self,
        signed: &[Signed; 2],
    ) -> Result<[Instruction; 2], CheckError> {
        let prove = ProveCheckedKeyCopied {
            meter_table: self.meter_table,
            instructions: instructions::ID,
        };
        Ok([secp256r1::check(signed)?, prove.instruction()])
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
