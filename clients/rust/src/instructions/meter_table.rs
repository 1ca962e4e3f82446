use solana_address::Address;
use solana_instruction::Instruction;

use super::SYSTEM_PROGRAM;
use crate::{
    oracle::instructions::{
        CloseMeterTable, ClosePage, CreateMeterTable, CreateMeterTableInstructionArgs, CreatePage,
        CreatePageInstructionArgs, GrowTable, SetSettlement, SetSettlementInstructionArgs,
    },
    Addresses,
};

impl Addresses {
    pub fn create_meter_table(
        &self,
        authority: Address,
        parameters: CreateMeterTableInstructionArgs,
    ) -> Instruction {
        CreateMeterTable {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(parameters)
    }

    pub fn create_interval_page(&self, authority: Address, slot: u16) -> Instruction {
        CreatePage {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            page: self.interval_page_slot(slot),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(CreatePageInstructionArgs { slot })
    }

    /// Takes the meter table, or an interval page, one step towards its full length.
    pub fn grow_oracle_table(&self, payer: Address, table: Address) -> Instruction {
        GrowTable {
            payer,
            table,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    /// Changes who opens pages from `present`, all zero for nobody, to `new`.
    pub fn set_settlement(
        &self,
        authority: Address,
        present: Address,
        new: Address,
    ) -> Instruction {
        SetSettlement {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            settlement: present,
        }
        .instruction(SetSettlementInstructionArgs {
            new_settlement: new,
        })
    }

    /// Of a meter table that the market settled, once that is closed.
    pub fn close_interval_page(&self, authority: Address, slot: u16) -> Instruction {
        ClosePage {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            page: self.interval_page_slot(slot),
            settlement: self.market,
        }
        .instruction()
    }

    /// `settlement` is whom the meter table names.
    pub fn close_meter_table(&self, authority: Address, settlement: Address) -> Instruction {
        CloseMeterTable {
            authority,
            community: self.community,
            meter_table: self.meter_table,
            settlement,
        }
        .instruction()
    }
}
