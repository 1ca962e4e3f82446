//! What needs a second signature: that of a meter's owner, or the supplier's.

use borsh::BorshDeserialize;
use joulebook_client::{
    instructions::{Actor, Owner},
    layout::market::{ImbalancePrices, MarketTerms},
    market::instructions::{
        SetTariffInstructionArgs, SetTermsInstructionArgs, SET_TARIFF_DISCRIMINATOR,
        SET_TERMS_DISCRIMINATOR,
    },
    oracle::{
        instructions::{
            ChangeDeviceInstructionArgs, RegisterMeterInstructionArgs, RetireMeterInstructionArgs,
            SetPowerLimitsInstructionArgs, SetStandardDrawInstructionArgs,
            CHANGE_DEVICE_DISCRIMINATOR, REGISTER_METER_DISCRIMINATOR, RETIRE_METER_DISCRIMINATOR,
            SET_POWER_LIMITS_DISCRIMINATOR, SET_STANDARD_DRAW_DISCRIMINATOR,
        },
        types::{FinalRegisters, MeterDetails},
    },
    Addresses, MARKET_ID, ORACLE_ID,
};
use solana_address::Address;
use solana_instruction::Instruction;

/// Where a meter's instructions have the wallet of its owner, and where the one of terms and tariff has the supplier's.
const OWNER_AT: usize = 5;
const SUPPLIER_AT: usize = 1;

/// What two have to sign. Whoever acts signs first; `owner` or `supplier` agrees.
#[derive(Clone, Debug, PartialEq)]
pub enum CoSigned {
    RegisterMeter {
        owner: Address,
        details: MeterDetails,
    },
    PowerLimits {
        owner: Address,
        meter: u32,
        /// W.
        max_import: u32,
        /// W.
        max_export: u32,
    },
    StandardDraw {
        owner: Address,
        meter: u32,
        /// Wh.
        standard_draw: u32,
    },
    ChangeDevice {
        owner: Address,
        change: ChangeDeviceInstructionArgs,
    },
    RetireMeter {
        owner: Address,
        meter: u32,
        registers: Option<FinalRegisters>,
    },
    Terms {
        supplier: Address,
        terms: Box<MarketTerms>,
    },
    Tariff {
        supplier: Address,
        working_day: bool,
        first_half_hour: u8,
        entries: Vec<ImbalancePrices>,
    },
}

/// What stands before a change, for words about it.
pub use crate::words::Surroundings;

impl CoSigned {
    /// Who has to agree.
    pub fn agreeing(&self) -> Address {
        match self {
            CoSigned::RegisterMeter { owner, .. }
            | CoSigned::PowerLimits { owner, .. }
            | CoSigned::StandardDraw { owner, .. }
            | CoSigned::ChangeDevice { owner, .. }
            | CoSigned::RetireMeter { owner, .. } => *owner,
            CoSigned::Terms { supplier, .. } | CoSigned::Tariff { supplier, .. } => *supplier,
        }
    }

    /// The meter that it changes, by its number.
    pub fn meter(&self) -> Option<u32> {
        match self {
            CoSigned::PowerLimits { meter, .. }
            | CoSigned::StandardDraw { meter, .. }
            | CoSigned::RetireMeter { meter, .. } => Some(*meter),
            CoSigned::ChangeDevice { change, .. } => Some(change.meter),
            _ => None,
        }
    }

    /// The instruction, which `actor` and whoever agrees sign.
    pub fn instruction(&self, addresses: &Addresses, actor: Actor) -> Instruction {
        match self.clone() {
            CoSigned::RegisterMeter { owner, details } => {
                addresses.register_meter(actor, owner, details)
            }
            CoSigned::PowerLimits {
                owner,
                meter,
                max_import,
                max_export,
            } => {
                let owner = Owner::from(owner);
                addresses.set_power_limits(actor, owner, meter, max_import, max_export)
            }
            CoSigned::StandardDraw {
                owner,
                meter,
                standard_draw,
            } => addresses.set_standard_draw(actor, Owner::from(owner), meter, standard_draw),
            CoSigned::ChangeDevice { owner, change } => {
                addresses.change_device(actor, owner, change)
            }
            CoSigned::RetireMeter {
                owner,
                meter,
                registers,
            } => addresses.retire_meter(actor, Owner::from(owner), meter, registers),
            CoSigned::Terms { supplier, terms } => {
                addresses.set_terms(actor.signer, Some(supplier), *terms)
            }
            CoSigned::Tariff {
                supplier,
                working_day,
                first_half_hour,
                entries,
            } => {
                let from = first_half_hour;
                addresses.set_tariff(actor.signer, supplier, working_day, from, entries)
            }
        }
    }

    /// What an instruction of this market says, and who acts; `None` for any other instruction, and for one with other accounts.
    pub fn decode(
        addresses: &Addresses,
        program: &Address,
        accounts: &[Address],
        data: &[u8],
    ) -> Option<(CoSigned, Actor)> {
        let (discriminator, arguments) = data.split_first_chunk::<8>()?;
        let signer = *accounts.first()?;
        let of_market = *program == MARKET_ID;
        let second = *accounts.get(if of_market { SUPPLIER_AT } else { OWNER_AT })?;
        let decoded = match *program {
            ORACLE_ID => of_oracle(discriminator, arguments, second)?,
            MARKET_ID => market_change(discriminator, arguments, second)?,
            _ => return None,
        };
        let by_authority = of_market || accounts.get(1) == Some(&ORACLE_ID);
        let actor = match by_authority {
            true => Actor::authority(signer),
            false => Actor::participant(addresses, signer),
        };
        // What it says is all that it does: made anew, it is the same.
        let again = decoded.instruction(addresses, actor);
        let same_accounts = again
            .accounts
            .iter()
            .map(|meta| meta.pubkey)
            .eq(accounts.iter().copied());
        (same_accounts && again.data == data).then_some((decoded, actor))
    }
}

fn of_oracle(discriminator: &[u8; 8], arguments: &[u8], owner: Address) -> Option<CoSigned> {
    Some(match *discriminator {
        REGISTER_METER_DISCRIMINATOR => CoSigned::RegisterMeter {
            owner,
            details: read::<RegisterMeterInstructionArgs>(arguments)?.details,
        },
        SET_POWER_LIMITS_DISCRIMINATOR => {
            let read: SetPowerLimitsInstructionArgs = read(arguments)?;
            CoSigned::PowerLimits {
                owner,
                meter: read.meter,
                max_import: read.max_import,
                max_export: read.max_export,
            }
        }
        SET_STANDARD_DRAW_DISCRIMINATOR => {
            let read: SetStandardDrawInstructionArgs = read(arguments)?;
            CoSigned::StandardDraw {
                owner,
                meter: read.meter,
                standard_draw: read.standard_draw,
            }
        }
        CHANGE_DEVICE_DISCRIMINATOR => CoSigned::ChangeDevice {
            owner,
            change: read(arguments)?,
        },
        RETIRE_METER_DISCRIMINATOR => {
            let read: RetireMeterInstructionArgs = read(arguments)?;
            CoSigned::RetireMeter {
                owner,
                meter: read.meter,
                registers: read.registers,
            }
        }
        _ => return None,
    })
}

fn market_change(discriminator: &[u8; 8], arguments: &[u8], supplier: Address) -> Option<CoSigned> {
    Some(match *discriminator {
        SET_TERMS_DISCRIMINATOR => CoSigned::Terms {
            supplier,
            terms: Box::new(read::<SetTermsInstructionArgs>(arguments)?.terms),
        },
        SET_TARIFF_DISCRIMINATOR => {
            let read: SetTariffInstructionArgs = read(arguments)?;
            CoSigned::Tariff {
                supplier,
                working_day: read.working_day,
                first_half_hour: read.first_half_hour,
                entries: read.entries,
            }
        }
        _ => return None,
    })
}

fn read<T: BorshDeserialize>(bytes: &[u8]) -> Option<T> {
    T::try_from_slice(bytes).ok()
}
