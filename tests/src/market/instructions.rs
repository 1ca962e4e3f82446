//! The market's instructions that are not of everyday life, as a community's authority and households would
//! send them.

use joulebook_client::{
    market::{
        instructions as market,
        types::{MarketTerms, TariffEntry},
    },
    oracle::{self, instructions as oracle_instructions, ORACLE_ID},
    registry::instructions as registry,
};
use joulebook_sim::{Community, Household};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

fn authority(community: &Community) -> Address {
    community.authority.pubkey()
}

pub fn create_ledger(community: &Community) -> Instruction {
    market::CreateLedger {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        ledger: community.addresses.ledger,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}

pub fn create_history(community: &Community) -> Instruction {
    market::CreateHistory {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        history: community.addresses.history,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}

pub fn create_window(community: &Community, slot: u16) -> Instruction {
    market::CreateWindow {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        window: community.addresses.window_slot(slot),
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(market::CreateWindowInstructionArgs { slot })
}

pub fn grow(community: &Community, table: Address) -> Instruction {
    Community::grow_market_table(community.chain.payer.pubkey(), table)
}

pub fn set_terms(community: &Community, terms: MarketTerms) -> Instruction {
    market::SetTerms {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
    }
    .instruction(market::SetTermsInstructionArgs { terms })
}

pub fn set_tariff(
    community: &Community,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<TariffEntry>,
) -> Instruction {
    market::SetTariff {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
    }
    .instruction(market::SetTariffInstructionArgs {
        working_day,
        first_half_hour,
        entries,
    })
}

pub fn close_seat(community: &Community, owner: &Household) -> Instruction {
    market::CloseSeat {
        owner: owner.address(),
        community: community.addresses.community,
        market: community.addresses.market,
        ledger: community.addresses.ledger,
        meter_table: community.addresses.meter_table,
    }
    .instruction(market::CloseSeatInstructionArgs { seat: owner.seat })
}

pub fn set_delegate(
    community: &Community,
    owner: &Household,
    delegate: Option<Address>,
) -> Instruction {
    market::SetDelegate {
        owner: owner.address(),
        ledger: community.addresses.ledger,
    }
    .instruction(market::SetDelegateInstructionArgs {
        seat: owner.seat,
        delegate,
    })
}

pub fn withdraw_fees(community: &Community, destination: Address, amount: u64) -> Instruction {
    market::WithdrawFees {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        ledger: community.addresses.ledger,
        vault: community.addresses.vault,
        destination,
        quote_mint: community.addresses.quote_mint,
        token_program: community.addresses.token_program,
    }
    .instruction(market::WithdrawFeesInstructionArgs { amount })
}

pub fn sweep_surplus(community: &Community) -> Instruction {
    market::SweepSurplus {
        market: community.addresses.market,
        ledger: community.addresses.ledger,
        vault: community.addresses.vault,
    }
    .instruction()
}

/// Lets go of the interval at `start`.
pub fn release_skipped(community: &Community, start: i64) -> Instruction {
    market::ReleaseSkipped {
        market: community.addresses.market,
        window: community.addresses.window(start),
        meter_table: community.addresses.meter_table,
        interval: community.addresses.interval(start),
        oracle_program: ORACLE_ID,
    }
    .instruction()
}

pub fn close_window(community: &Community, slot: u16) -> Instruction {
    market::CloseWindow {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        window: community.addresses.window_slot(slot),
    }
    .instruction()
}

pub fn close_history(community: &Community) -> Instruction {
    market::CloseHistory {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        history: community.addresses.history,
    }
    .instruction()
}

pub fn close_ledger(community: &Community) -> Instruction {
    market::CloseLedger {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        ledger: community.addresses.ledger,
    }
    .instruction()
}

pub fn close_market(community: &Community) -> Instruction {
    market::CloseMarket {
        authority: authority(community),
        community: community.addresses.community,
        market: community.addresses.market,
        vault: community.addresses.vault,
        token_program: community.addresses.token_program,
    }
    .instruction()
}

/// Moves tokens as anyone can, past the market.
pub fn transfer(community: &Community, from: &Household, to: Address, amount: u64) -> Instruction {
    spl_token_2022_interface::instruction::transfer_checked(
        &community.addresses.token_program,
        &from.tokens,
        &community.addresses.quote_mint,
        &to,
        &from.address(),
        &[],
        amount,
        joulebook_sim::token::DECIMALS,
    )
    .expect("the program id is a token program's")
}

/// Changes who settles the meter table from `present` to `new`.
pub fn set_settlement(community: &Community, present: Address, new: Address) -> Instruction {
    oracle_instructions::SetSettlement {
        community: community.addresses.community,
        meter_table: community.addresses.meter_table,
        settlement: present,
        authority: authority(community),
    }
    .instruction(oracle_instructions::SetSettlementInstructionArgs {
        new_settlement: new,
    })
}

pub fn close_interval(community: &Community, slot: u16) -> Instruction {
    oracle_instructions::CloseInterval {
        community: community.addresses.community,
        meter_table: community.addresses.meter_table,
        interval: community.addresses.interval_slot(slot),
        authority: authority(community),
    }
    .instruction()
}

pub fn close_meter_table(community: &Community, settlement: Address) -> Instruction {
    oracle_instructions::CloseMeterTable {
        community: community.addresses.community,
        meter_table: community.addresses.meter_table,
        settlement,
        authority: authority(community),
    }
    .instruction()
}

pub fn retire_meter(community: &Community, meter: u32) -> Instruction {
    oracle::instructions::RetireMeter {
        community: community.addresses.community,
        meter_table: community.addresses.meter_table,
        actor: authority(community),
        acting: None,
    }
    .instruction(oracle::instructions::RetireMeterInstructionArgs { meter })
}

pub fn quarantine_meter(community: &Community, meter: u32) -> Instruction {
    oracle::instructions::QuarantineMeter {
        community: community.addresses.community,
        meter_table: community.addresses.meter_table,
        actor: authority(community),
        acting: None,
    }
    .instruction(oracle::instructions::QuarantineMeterInstructionArgs { meter, reason: 1 })
}

pub fn set_pause(community: &Community, paused: u8) -> Instruction {
    registry::SetPause {
        community: community.addresses.community,
        actor: authority(community),
        acting: None,
    }
    .instruction(registry::SetPauseInstructionArgs { paused })
}

pub fn set_roles(community: &Community, of: &Household, roles: u16) -> Instruction {
    registry::SetRoles {
        community: community.addresses.community,
        participant: of.participant,
        actor: authority(community),
        acting: None,
    }
    .instruction(registry::SetRolesInstructionArgs { roles })
}

pub fn suspend(community: &Community, who: &Household) -> Instruction {
    registry::Suspend {
        community: community.addresses.community,
        participant: who.participant,
        actor: authority(community),
        acting: None,
    }
    .instruction(registry::SuspendInstructionArgs {
        reason: 1,
        evidence: None,
    })
}

pub fn close_participant(community: &Community, who: &Household) -> Instruction {
    registry::CloseParticipant {
        community: community.addresses.community,
        participant: who.participant,
        wallet: who.address(),
        actor: who.address(),
        acting: None,
    }
    .instruction()
}
