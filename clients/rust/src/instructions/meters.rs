use solana_address::Address;
use solana_instruction::Instruction;

use super::{Actor, Owner};
use crate::{
    oracle::{
        instructions::{
            ChangeDevice, ChangeDeviceInstructionArgs, QuarantineMeter,
            QuarantineMeterInstructionArgs, RegisterMeter, RegisterMeterInstructionArgs,
            RestoreMeter, RestoreMeterInstructionArgs, RetireMeter, RetireMeterInstructionArgs,
            SetPowerLimits, SetPowerLimitsInstructionArgs, SetStandardDraw,
            SetStandardDrawInstructionArgs,
        },
        types::{FinalRegisters, MeterDetails},
    },
    Addresses,
};

/// A meter is known by its number. `owner_wallet` is its owner's, who signs, too.
impl Addresses {
    /// Registers a meter of the owner, in service from the next page on.
    pub fn register_meter(
        &self,
        actor: Actor,
        owner_wallet: Address,
        details: MeterDetails,
    ) -> Instruction {
        RegisterMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner_wallet),
            owner_wallet,
        }
        .instruction(RegisterMeterInstructionArgs { details })
    }

    /// What the meter's connection carries at most, W. The owner signs if either limit rises.
    pub fn set_power_limits(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        number: u32,
        max_import: u32,
        max_export: u32,
    ) -> Instruction {
        let owner = owner.into();
        SetPowerLimits {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner.wallet),
            owner_wallet: owner.signer(),
        }
        .instruction(SetPowerLimitsInstructionArgs {
            meter: number,
            max_import,
            max_export,
        })
    }

    /// What is charged for an interval of the meter once it has been silent for long, Wh. The owner signs if it rises; by the
    /// authority if it falls.
    pub fn set_standard_draw(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        number: u32,
        standard_draw: u32,
    ) -> Instruction {
        let owner = owner.into();
        SetStandardDraw {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner.wallet),
            owner_wallet: owner.signer(),
        }
        .instruction(SetStandardDrawInstructionArgs {
            meter: number,
            standard_draw,
        })
    }

    /// Stops taking its readings. `reason` is a code of the community's own, not 0.
    pub fn quarantine_meter(&self, actor: Actor, number: u32, reason: u16) -> Instruction {
        QuarantineMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
        }
        .instruction(QuarantineMeterInstructionArgs {
            meter: number,
            reason,
        })
    }

    /// Takes a meter out of quarantine; its owner does not act itself.
    pub fn restore_meter(&self, actor: Actor, owner_wallet: Address, number: u32) -> Instruction {
        RestoreMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner_wallet),
            owner_wallet: None,
        }
        .instruction(RestoreMeterInstructionArgs { meter: number })
    }

    /// Lets another device go on where the meter's present one stops. Registers are in Wh, as the devices show them.
    pub fn change_device(
        &self,
        actor: Actor,
        owner_wallet: Address,
        change: ChangeDeviceInstructionArgs,
    ) -> Instruction {
        ChangeDevice {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner_wallet),
            owner_wallet,
        }
        .instruction(change)
    }

    /// Takes a meter out of service from the next page on; the registers are what its device shows now, Wh. The owner signs:
    /// without it (`Owner::absent`) only the authority retires a meter, and without registers.
    pub fn retire_meter(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        number: u32,
        registers: Option<FinalRegisters>,
    ) -> Instruction {
        let owner = owner.into();
        RetireMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: self.participant(&owner.wallet),
            owner_wallet: owner.signer(),
        }
        .instruction(RetireMeterInstructionArgs {
            meter: number,
            registers,
        })
    }
}
