//! The oracle's instructions, for a community of the communities.

use joulebook_client::oracle::{
    instructions as oracle,
    types::{MeterDetails, SignedReading},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::two_communities::{GovernedCommunity, SYSTEM_PROGRAM};

/// What a meter table is made with.
#[derive(Clone, Copy)]
pub struct MeterTableParameters {
    pub interval_seconds: u32,
    pub capacity: u16,
    pub ring: u16,
    pub violation_limit: u8,
}

impl Default for MeterTableParameters {
    fn default() -> MeterTableParameters {
        MeterTableParameters {
            interval_seconds: 300,
            capacity: 20,
            ring: 4,
            violation_limit: 3,
        }
    }
}

/// Who does something to a meter, and with which record; `None` for the authority.
pub type Actor<'a> = (&'a Address, Option<Address>);

impl GovernedCommunity {
    pub fn create_meter_table(&self, sizes: &MeterTableParameters) -> Instruction {
        oracle::CreateMeterTable {
            community: self.community,
            meter_table: self.meter_table,
            authority: self.authority.pubkey(),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(oracle::CreateMeterTableInstructionArgs {
            interval_seconds: sizes.interval_seconds,
            capacity: sizes.capacity,
            ring: sizes.ring,
            violation_limit: sizes.violation_limit,
        })
    }

    pub fn set_settlement(&self, present: &Address, next: &Address) -> Instruction {
        oracle::SetSettlement {
            community: self.community,
            meter_table: self.meter_table,
            settlement: *present,
            authority: self.authority.pubkey(),
        }
        .instruction(oracle::SetSettlementInstructionArgs {
            new_settlement: *next,
        })
    }

    pub fn create_interval(&self, slot: u16) -> Instruction {
        oracle::CreateInterval {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval(slot),
            authority: self.authority.pubkey(),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(oracle::CreateIntervalInstructionArgs { slot })
    }

    pub fn open_interval(&self, slot: u16, start: i64) -> Instruction {
        oracle::OpenInterval {
            meter_table: self.meter_table,
            interval: self.interval(slot),
        }
        .instruction(oracle::OpenIntervalInstructionArgs { start })
    }

    pub fn release_interval(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::ReleaseInterval {
            settlement: *settlement,
            meter_table: self.meter_table,
            interval: self.interval(slot),
        }
        .instruction()
    }

    pub fn return_interval(&self, slot: u16, settlement: &Address) -> Instruction {
        oracle::ReturnInterval {
            settlement: *settlement,
            meter_table: self.meter_table,
            interval: self.interval(slot),
        }
        .instruction()
    }

    pub fn close_interval(&self, slot: u16) -> Instruction {
        oracle::CloseInterval {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval(slot),
            authority: self.authority.pubkey(),
        }
        .instruction()
    }

    pub fn close_meter_table(&self, settlement: &Address) -> Instruction {
        oracle::CloseMeterTable {
            community: self.community,
            meter_table: self.meter_table,
            settlement: *settlement,
            authority: self.authority.pubkey(),
        }
        .instruction()
    }

    pub fn register_meter(
        &self,
        (actor, acting): Actor,
        owner: &Address,
        details: &MeterDetails,
    ) -> Instruction {
        oracle::RegisterMeter {
            community: self.community,
            meter_table: self.meter_table,
            owner: *owner,
            actor: *actor,
            acting,
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: details.clone(),
        })
    }

    pub fn set_power_limits(
        &self,
        (actor, acting): Actor,
        meter: u32,
        (max_import, max_export): (u32, u32),
    ) -> Instruction {
        oracle::SetPowerLimits {
            community: self.community,
            meter_table: self.meter_table,
            actor: *actor,
            acting,
        }
        .instruction(oracle::SetPowerLimitsInstructionArgs {
            meter,
            max_import,
            max_export,
        })
    }

    pub fn quarantine(&self, (actor, acting): Actor, meter: u32, reason: u16) -> Instruction {
        oracle::QuarantineMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: *actor,
            acting,
        }
        .instruction(oracle::QuarantineMeterInstructionArgs { meter, reason })
    }

    pub fn restore(
        &self,
        (actor, acting): Actor,
        meter: u32,
        sequence: u64,
        (import, export): (u64, u64),
    ) -> Instruction {
        oracle::RestoreMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: *actor,
            acting,
        }
        .instruction(oracle::RestoreMeterInstructionArgs {
            meter,
            sequence,
            import,
            export,
        })
    }

    pub fn retire(&self, (actor, acting): Actor, meter: u32) -> Instruction {
        oracle::RetireMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: *actor,
            acting,
        }
        .instruction(oracle::RetireMeterInstructionArgs { meter })
    }

    pub fn submit(&self, slot: u16, readings: &[SignedReading]) -> Instruction {
        oracle::SubmitReadings {
            community: self.community,
            meter_table: self.meter_table,
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
