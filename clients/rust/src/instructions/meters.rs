use solana_address::Address;
use solana_instruction::Instruction;

use super::{Actor, SYSTEM_PROGRAM};
use crate::{
    oracle::{
        instructions::{
            CloseInterval, CloseMeterTable, CreateInterval, CreateIntervalInstructionArgs,
            CreateMeterTable, CreateMeterTableInstructionArgs, GrowTable, OpenInterval,
            OpenIntervalInstructionArgs, QuarantineMeter, QuarantineMeterInstructionArgs,
            RegisterMeter, RegisterMeterInstructionArgs, RestoreMeter, RestoreMeterInstructionArgs,
            RetireMeter, RetireMeterInstructionArgs, SetPowerLimits, SetPowerLimitsInstructionArgs,
            SetSettlement, SetSettlementInstructionArgs, SubmitReadings,
            SubmitReadingsInstructionArgs,
        },
        types::{MeterDetails, SignedReading},
    },
    Addresses,
};

impl Addresses {
    pub fn create_meter_table(
        &self,
        authority: Address,
        sizes: CreateMeterTableInstructionArgs,
    ) -> Instruction {
        CreateMeterTable {
            community: self.community,
            meter_table: self.meter_table,
            authority,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(sizes)
    }

    pub fn create_interval(&self, authority: Address, slot: u16) -> Instruction {
        CreateInterval {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval_slot(slot),
            authority,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(CreateIntervalInstructionArgs { slot })
    }

    /// Takes the meter table, or an interval, one step towards its full length.
    pub fn grow_oracle_table(&self, payer: Address, table: Address) -> Instruction {
        GrowTable {
            table,
            payer,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    /// Changes who releases intervals from `present`, all zero for nobody, to `new`.
    pub fn set_settlement(
        &self,
        authority: Address,
        present: Address,
        new: Address,
    ) -> Instruction {
        SetSettlement {
            community: self.community,
            meter_table: self.meter_table,
            settlement: present,
            authority,
        }
        .instruction(SetSettlementInstructionArgs {
            new_settlement: new,
        })
    }

    /// `settlement` is whom the meter table names.
    pub fn close_meter_table(&self, authority: Address, settlement: Address) -> Instruction {
        CloseMeterTable {
            community: self.community,
            meter_table: self.meter_table,
            settlement,
            authority,
        }
        .instruction()
    }

    pub fn close_interval(&self, authority: Address, slot: u16) -> Instruction {
        CloseInterval {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval_slot(slot),
            authority,
        }
        .instruction()
    }

    /// Registers a meter of the participant with wallet `owner`.
    pub fn register_meter(
        &self,
        actor: Actor,
        owner: &Address,
        details: MeterDetails,
    ) -> Instruction {
        RegisterMeter {
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(owner),
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(RegisterMeterInstructionArgs { details })
    }

    /// What the meter's connection carries at most, W.
    pub fn set_power_limits(
        &self,
        actor: Actor,
        meter: u32,
        max_import: u32,
        max_export: u32,
    ) -> Instruction {
        SetPowerLimits {
            community: self.community,
            meter_table: self.meter_table,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(SetPowerLimitsInstructionArgs {
            meter,
            max_import,
            max_export,
        })
    }

    pub fn quarantine_meter(&self, actor: Actor, meter: u32, reason: u16) -> Instruction {
        QuarantineMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(QuarantineMeterInstructionArgs { meter, reason })
    }

    /// Takes a meter out of quarantine, with its sequence and registers as they are now.
    pub fn restore_meter(&self, actor: Actor, meter: RestoreMeterInstructionArgs) -> Instruction {
        RestoreMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(meter)
    }

    pub fn retire_meter(&self, actor: Actor, meter: u32) -> Instruction {
        RetireMeter {
            community: self.community,
            meter_table: self.meter_table,
            actor: actor.signer,
            acting: actor.participant,
        }
        .instruction(RetireMeterInstructionArgs { meter })
    }

    pub fn open_interval(&self, start: i64) -> Instruction {
        OpenInterval {
            meter_table: self.meter_table,
            interval: self.interval(start),
        }
        .instruction(OpenIntervalInstructionArgs { start })
    }

    /// Readings for the interval that starts at `start`: those of the boundary at which it ends.
    pub fn submit_readings(&self, start: i64, readings: Vec<SignedReading>) -> Instruction {
        SubmitReadings {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval(start),
        }
        .instruction(SubmitReadingsInstructionArgs { readings })
    }
}
