use solana_address::Address;
use solana_instruction::Instruction;

use super::Actor;
use crate::{
    oracle::{
        instructions::{
            ChangeDevice, ChangeDeviceInstructionArgs, QuarantineMeter,
            QuarantineMeterInstructionArgs, RegisterMeter, RegisterMeterInstructionArgs,
            RestoreMeter, RestoreMeterInstructionArgs, RetireMeter, RetireMeterInstructionArgs,
            SetPowerLimits, SetPowerLimitsInstructionArgs, SetStandardDraw,
            SetStandardDrawInstructionArgs,
        },
        types::MeterDetails,
    },
    Addresses,
};

/// A meter is known by its number. What can cost its owner something is signed by `owner_wallet`, the owner's wallet, too.
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

    /// What the meter's connection carries at most, W.
    pub fn set_power_limits(
        &self,
        actor: Actor,
        owner_wallet: Address,
        number: u32,
        max_import: u32,
        max_export: u32,
    ) -> Instruction {
        let owner = Owner::who_signs(self, owner_wallet);
        self.power_limits(actor, owner, number, max_import, max_export)
    }

    /// The same without the owner's signature: neither limit may rise.
    pub fn lower_power_limits(
        &self,
        actor: Actor,
        owner_wallet: &Address,
        number: u32,
        max_import: u32,
        max_export: u32,
    ) -> Instruction {
        let owner = Owner::who_is_absent(self, owner_wallet);
        self.power_limits(actor, owner, number, max_import, max_export)
    }

    fn power_limits(
        &self,
        actor: Actor,
        owner: Owner,
        meter: u32,
        max_import: u32,
        max_export: u32,
    ) -> Instruction {
        SetPowerLimits {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: owner.participant,
            owner_wallet: owner.signer,
        }
        .instruction(SetPowerLimitsInstructionArgs {
            meter,
            max_import,
            max_export,
        })
    }

    /// What is charged for an interval of the meter once it has been silent for long, Wh.
    pub fn set_standard_draw(
        &self,
        actor: Actor,
        owner_wallet: Address,
        number: u32,
        standard_draw: u32,
    ) -> Instruction {
        let owner = Owner::who_signs(self, owner_wallet);
        self.standard_draw(actor, owner, number, standard_draw)
    }

    /// The same without the owner's signature: it may not rise.
    pub fn lower_standard_draw(
        &self,
        actor: Actor,
        owner_wallet: &Address,
        number: u32,
        standard_draw: u32,
    ) -> Instruction {
        let owner = Owner::who_is_absent(self, owner_wallet);
        self.standard_draw(actor, owner, number, standard_draw)
    }

    fn standard_draw(
        &self,
        actor: Actor,
        owner: Owner,
        meter: u32,
        standard_draw: u32,
    ) -> Instruction {
        SetStandardDraw {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
            owner: owner.participant,
            owner_wallet: owner.signer,
        }
        .instruction(SetStandardDrawInstructionArgs {
            meter,
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

    /// Takes a meter out of quarantine; `sequence` is the device's present one.
    pub fn restore_meter(&self, actor: Actor, number: u32, sequence: u64) -> Instruction {
        RestoreMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
        }
        .instruction(RestoreMeterInstructionArgs {
            meter: number,
            sequence,
        })
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

    /// Takes a meter out of service from the next page on; the registers are what its device shows now, Wh.
    pub fn retire_meter(
        &self,
        actor: Actor,
        number: u32,
        final_import: u64,
        final_export: u64,
    ) -> Instruction {
        RetireMeter {
            actor: actor.signer,
            acting: actor.participant,
            community: self.community,
            meter_table: self.meter_table,
        }
        .instruction(RetireMeterInstructionArgs {
            meter: number,
            final_import,
            final_export,
        })
    }
}

/// Whose a meter is.
struct Owner {
    participant: Address,
    signer: Option<Address>,
}

impl Owner {
    fn who_signs(addresses: &Addresses, wallet: Address) -> Owner {
        Owner {
            participant: addresses.participant(&wallet),
            signer: Some(wallet),
        }
    }

    fn who_is_absent(addresses: &Addresses, wallet: &Address) -> Owner {
        Owner {
            participant: addresses.participant(wallet),
            signer: None,
        }
    }
}
