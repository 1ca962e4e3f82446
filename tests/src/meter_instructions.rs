//! The oracle's instructions, for one of two communities.

use joulebook_client::{
    instructions::Actor,
    instructions::SYSTEM_PROGRAM,
    oracle::{
        instructions::{self as oracle, CreateMeterTableInstructionArgs},
        types::{FinalRegisters, MeterDetails, ReplacedValue, SignedProfile, SignedReading},
    },
};
use joulebook_sim::founding::MeterTableParameters;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::two_communities::{acting_as, GovernedCommunity, Member};

/// Who does something to a meter, and with which record; `None` for the authority.
pub type Acting<'a> = (&'a Address, Option<Address>);

fn actor((signer, participant): Acting) -> Actor {
    acting_as(signer, participant)
}

/// Tables and pages.
impl GovernedCommunity {
    pub fn create_meter_table(&self, parameters: &MeterTableParameters) -> Instruction {
        let authority = self.authority.pubkey();
        let params = (*parameters).into();
        let create = CreateMeterTableInstructionArgs { params };
        self.addresses.create_meter_table(authority, create)
    }

    pub fn set_settlement(&self, present: &Address, next: &Address) -> Instruction {
        let authority = self.authority.pubkey();
        self.addresses.set_settlement(authority, *present, *next)
    }

    pub fn create_interval_page(&self, slot: u16) -> Instruction {
        let authority = self.authority.pubkey();
        self.addresses.create_interval_page(authority, slot)
    }

    /// In a slot that need not be the next page's.
    pub fn open_page(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::OpenPage {
            settlement: *settlement,
            meter_table: self.addresses.meter_table,
            page: self.interval_page(slot),
        }
        .instruction()
    }

    pub fn finish_page(&self, slot: u16, limit: u16) -> Instruction {
        oracle::FinishPage {
            meter_table: self.addresses.meter_table,
            page: self.interval_page(slot),
        }
        .instruction(oracle::FinishPageInstructionArgs { limit })
    }

    pub fn close_page(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::ClosePage {
            authority: self.authority.pubkey(),
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            page: self.interval_page(slot),
            settlement: *settlement,
        }
        .instruction()
    }

    pub fn close_meter_table(&self, settlement: &Address) -> Instruction {
        let authority = self.authority.pubkey();
        self.addresses.close_meter_table(authority, *settlement)
    }

    /// To a slot that need not be the readings'.
    pub fn submit(&self, slot: u16, readings: &[SignedReading]) -> Instruction {
        oracle::SubmitReadings {
            meter_table: self.addresses.meter_table,
            page: self.interval_page(slot),
        }
        .instruction(oracle::SubmitReadingsInstructionArgs {
            readings: readings.to_vec(),
        })
    }

    pub fn submit_profiles(&self, slot: u16, profiles: &[SignedProfile]) -> Instruction {
        oracle::SubmitProfiles {
            meter_table: self.addresses.meter_table,
            page: self.interval_page(slot),
        }
        .instruction(oracle::SubmitProfilesInstructionArgs {
            profiles: profiles.to_vec(),
        })
    }

    /// Import and export of consecutive intervals, Wh, from number `first` of the slot's page on; for reason 7. The owner
    /// signs if `agrees`.
    pub fn replace_values(
        &self,
        (signer, acting): Acting,
        (owner, agrees): (&Member, bool),
        slot: u16,
        meter: u32,
        first: u16,
        values: &[(u32, u32)],
    ) -> Instruction {
        let value = |&(import, export)| ReplacedValue { import, export };
        oracle::ReplaceValues {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: agrees.then(|| owner.address()),
            page: self.interval_page(slot),
        }
        .instruction(oracle::ReplaceValuesInstructionArgs {
            meter,
            first,
            values: values.iter().map(value).collect(),
            reason: 7,
        })
    }
}

/// Meters. An owner's record need not be in this community.
impl GovernedCommunity {
    pub fn register_meter(
        &self,
        (signer, acting): Acting,
        owner: &Member,
        details: &MeterDetails,
    ) -> Instruction {
        oracle::RegisterMeter {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: owner.address(),
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: details.clone(),
        })
    }

    /// The owner signs if `agrees`.
    pub fn set_power_limits(
        &self,
        (signer, acting): Acting,
        (owner, agrees): (&Member, bool),
        meter: u32,
        (max_import, max_export): (u32, u32),
    ) -> Instruction {
        oracle::SetPowerLimits {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: agrees.then(|| owner.address()),
        }
        .instruction(oracle::SetPowerLimitsInstructionArgs {
            meter,
            max_import,
            max_export,
        })
    }

    /// The owner signs if `agrees`.
    pub fn set_standard_draw(
        &self,
        (signer, acting): Acting,
        (owner, agrees): (&Member, bool),
        meter: u32,
        standard_draw: u32,
    ) -> Instruction {
        oracle::SetStandardDraw {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: agrees.then(|| owner.address()),
        }
        .instruction(oracle::SetStandardDrawInstructionArgs {
            meter,
            standard_draw,
        })
    }

    pub fn change_device(
        &self,
        (signer, acting): Acting,
        owner: &Member,
        change: &oracle::ChangeDeviceInstructionArgs,
    ) -> Instruction {
        oracle::ChangeDevice {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: owner.address(),
        }
        .instruction(change.clone())
    }

    pub fn quarantine(&self, acting: Acting, meter: u32, reason: u16) -> Instruction {
        self.addresses
            .quarantine_meter(actor(acting), meter, reason)
    }

    pub fn restore(&self, (signer, acting): Acting, owner: &Member, meter: u32) -> Instruction {
        oracle::RestoreMeter {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: None,
        }
        .instruction(oracle::RestoreMeterInstructionArgs { meter })
    }

    /// The owner signs if `agrees`.
    pub fn retire(
        &self,
        (signer, acting): Acting,
        (owner, agrees): (&Member, bool),
        meter: u32,
        registers: Option<(u64, u64)>,
    ) -> Instruction {
        oracle::RetireMeter {
            actor: *signer,
            acting,
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            owner_wallet: agrees.then(|| owner.address()),
        }
        .instruction(oracle::RetireMeterInstructionArgs {
            meter,
            registers: registers.map(|(import, export)| FinalRegisters { import, export }),
        })
    }
}

/// Takes a table or a page one step towards its full length.
pub fn grow(table: &Address, payer: &Address) -> Instruction {
    oracle::GrowTable {
        table: *table,
        payer: *payer,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}
