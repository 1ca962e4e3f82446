//! The oracle's instructions, for one of two communities.

use joulebook_client::{
    instructions::Actor,
    instructions::SYSTEM_PROGRAM,
    oracle::{
        instructions as oracle,
        types::{MeterDetails, SignedReading},
    },
};
use joulebook_sim::founding::{self, MeterTableParameters};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::two_communities::{acting_as, GovernedCommunity};

/// Who does something to a meter, and with which record; `None` for the authority.
pub type Acting<'a> = (&'a Address, Option<Address>);

fn actor((signer, participant): Acting) -> Actor {
    acting_as(signer, participant)
}

impl GovernedCommunity {
    pub fn create_meter_table(&self, parameters: &MeterTableParameters) -> Instruction {
        let authority = self.authority.pubkey();
        let create = founding::ungrown_meter_table(&self.addresses, authority, *parameters);
        create.into_iter().next().expect("one instruction")
    }

    pub fn set_settlement(&self, present: &Address, next: &Address) -> Instruction {
        let authority = self.authority.pubkey();
        self.addresses.set_settlement(authority, *present, *next)
    }

    pub fn create_interval(&self, slot: u16) -> Instruction {
        self.addresses
            .create_interval(self.authority.pubkey(), slot)
    }

    /// In a slot that need not be the start's.
    pub fn open_interval(&self, slot: u16, start: i64) -> Instruction {
        oracle::OpenInterval {
            meter_table: self.addresses.meter_table,
            interval: self.interval(slot),
        }
        .instruction(oracle::OpenIntervalInstructionArgs { start })
    }

    pub fn release_interval(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::ReleaseInterval {
            settlement: *settlement,
            meter_table: self.addresses.meter_table,
            interval: self.interval(slot),
        }
        .instruction()
    }

    pub fn return_interval(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::ReturnInterval {
            settlement: *settlement,
            meter_table: self.addresses.meter_table,
            interval: self.interval(slot),
        }
        .instruction()
    }

    pub fn close_interval(&self, slot: u16) -> Instruction {
        self.addresses.close_interval(self.authority.pubkey(), slot)
    }

    pub fn close_meter_table(&self, settlement: &Address) -> Instruction {
        let authority = self.authority.pubkey();
        self.addresses.close_meter_table(authority, *settlement)
    }

    /// Of an owner whose record need not be in this community.
    pub fn register_meter(
        &self,
        (signer, acting): Acting,
        owner: &Address,
        details: &MeterDetails,
    ) -> Instruction {
        oracle::RegisterMeter {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: *owner,
            actor: *signer,
            acting,
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: details.clone(),
        })
    }

    pub fn set_power_limits(
        &self,
        acting: Acting,
        meter: u32,
        (max_import, max_export): (u32, u32),
    ) -> Instruction {
        self.addresses
            .set_power_limits(actor(acting), meter, max_import, max_export)
    }

    pub fn quarantine(&self, acting: Acting, meter: u32, reason: u16) -> Instruction {
        self.addresses
            .quarantine_meter(actor(acting), meter, reason)
    }

    pub fn restore(
        &self,
        acting: Acting,
        meter: u32,
        sequence: u64,
        (import, export): (u64, u64),
    ) -> Instruction {
        let meter = oracle::RestoreMeterInstructionArgs {
            meter,
            sequence,
            import,
            export,
        };
        self.addresses.restore_meter(actor(acting), meter)
    }

    pub fn retire(&self, acting: Acting, meter: u32) -> Instruction {
        self.addresses.retire_meter(actor(acting), meter)
    }

    /// To a slot that need not be the readings'.
    pub fn submit(&self, slot: u16, readings: &[SignedReading]) -> Instruction {
        oracle::SubmitReadings {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            interval: self.interval(slot),
        }
        .instruction(oracle::SubmitReadingsInstructionArgs {
            readings: readings.to_vec(),
        })
    }
}

/// Takes a table or an interval one step towards its full length.
pub fn grow(table: &Address, payer: &Address) -> Instruction {
    oracle::GrowTable {
        table: *table,
        payer: *payer,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}
