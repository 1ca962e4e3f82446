//! The market's instructions that are not of everyday life, as a world's authority and households would
//! send them.

use joulebook_client::{
    market::{
        instructions as market,
        types::{MarketTerms, TariffEntry},
    },
    oracle::{self, instructions as oracle_instructions, ORACLE_ID},
    registry::instructions as registry,
};
use joulebook_testkit::{Household, World};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

fn authority(world: &World) -> Address {
    world.authority.pubkey()
}

pub fn create_ledger(world: &World) -> Instruction {
    market::CreateLedger {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        ledger: world.at.ledger,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}

pub fn create_history(world: &World) -> Instruction {
    market::CreateHistory {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        history: world.at.history,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction()
}

pub fn create_window(world: &World, slot: u16) -> Instruction {
    market::CreateWindow {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        window: world.at.window_slot(slot),
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(market::CreateWindowInstructionArgs { slot })
}

pub fn grow(world: &World, table: Address) -> Instruction {
    World::grow_market_table(world.chain.payer.pubkey(), table)
}

pub fn set_terms(world: &World, terms: MarketTerms) -> Instruction {
    market::SetTerms {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
    }
    .instruction(market::SetTermsInstructionArgs { terms })
}

pub fn set_tariff(
    world: &World,
    working_day: bool,
    first_half_hour: u8,
    entries: Vec<TariffEntry>,
) -> Instruction {
    market::SetTariff {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
    }
    .instruction(market::SetTariffInstructionArgs {
        working_day,
        first_half_hour,
        entries,
    })
}

pub fn close_seat(world: &World, owner: &Household) -> Instruction {
    market::CloseSeat {
        owner: owner.address(),
        community: world.at.community,
        market: world.at.market,
        ledger: world.at.ledger,
        meter_table: world.at.meter_table,
    }
    .instruction(market::CloseSeatInstructionArgs { seat: owner.seat })
}

pub fn set_delegate(world: &World, owner: &Household, delegate: Option<Address>) -> Instruction {
    market::SetDelegate {
        owner: owner.address(),
        ledger: world.at.ledger,
    }
    .instruction(market::SetDelegateInstructionArgs {
        seat: owner.seat,
        delegate,
    })
}

pub fn withdraw_fees(world: &World, destination: Address, amount: u64) -> Instruction {
    market::WithdrawFees {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        ledger: world.at.ledger,
        vault: world.at.vault,
        destination,
        quote_mint: world.at.quote_mint,
        token_program: world.at.token_program,
    }
    .instruction(market::WithdrawFeesInstructionArgs { amount })
}

pub fn sweep_surplus(world: &World) -> Instruction {
    market::SweepSurplus {
        market: world.at.market,
        ledger: world.at.ledger,
        vault: world.at.vault,
    }
    .instruction()
}

/// Lets go of the interval at `start`.
pub fn release_skipped(world: &World, start: i64) -> Instruction {
    market::ReleaseSkipped {
        market: world.at.market,
        window: world.at.window(start),
        meter_table: world.at.meter_table,
        interval: world.at.interval(start),
        oracle_program: ORACLE_ID,
    }
    .instruction()
}

pub fn close_window(world: &World, slot: u16) -> Instruction {
    market::CloseWindow {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        window: world.at.window_slot(slot),
    }
    .instruction()
}

pub fn close_history(world: &World) -> Instruction {
    market::CloseHistory {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        history: world.at.history,
    }
    .instruction()
}

pub fn close_ledger(world: &World) -> Instruction {
    market::CloseLedger {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        ledger: world.at.ledger,
    }
    .instruction()
}

pub fn close_market(world: &World) -> Instruction {
    market::CloseMarket {
        authority: authority(world),
        community: world.at.community,
        market: world.at.market,
        vault: world.at.vault,
        token_program: world.at.token_program,
    }
    .instruction()
}

/// Moves tokens as anyone can, past the market.
pub fn transfer(world: &World, from: &Household, to: Address, amount: u64) -> Instruction {
    spl_token_2022_interface::instruction::transfer_checked(
        &world.at.token_program,
        &from.tokens,
        &world.at.quote_mint,
        &to,
        &from.address(),
        &[],
        amount,
        joulebook_testkit::token::DECIMALS,
    )
    .expect("the program id is a token program's")
}

/// Changes who settles the meter table from `present` to `new`.
pub fn set_settlement(world: &World, present: Address, new: Address) -> Instruction {
    oracle_instructions::SetSettlement {
        community: world.at.community,
        meter_table: world.at.meter_table,
        settlement: present,
        authority: authority(world),
    }
    .instruction(oracle_instructions::SetSettlementInstructionArgs {
        new_settlement: new,
    })
}

pub fn close_interval(world: &World, slot: u16) -> Instruction {
    oracle_instructions::CloseInterval {
        community: world.at.community,
        meter_table: world.at.meter_table,
        interval: world.at.interval_slot(slot),
        authority: authority(world),
    }
    .instruction()
}

pub fn close_meter_table(world: &World, settlement: Address) -> Instruction {
    oracle_instructions::CloseMeterTable {
        community: world.at.community,
        meter_table: world.at.meter_table,
        settlement,
        authority: authority(world),
    }
    .instruction()
}

pub fn retire_meter(world: &World, meter: u32) -> Instruction {
    oracle::instructions::RetireMeter {
        community: world.at.community,
        meter_table: world.at.meter_table,
        actor: authority(world),
        acting: None,
    }
    .instruction(oracle::instructions::RetireMeterInstructionArgs { meter })
}

pub fn quarantine_meter(world: &World, meter: u32) -> Instruction {
    oracle::instructions::QuarantineMeter {
        community: world.at.community,
        meter_table: world.at.meter_table,
        actor: authority(world),
        acting: None,
    }
    .instruction(oracle::instructions::QuarantineMeterInstructionArgs { meter, reason: 1 })
}

pub fn set_pause(world: &World, paused: u8) -> Instruction {
    registry::SetPause {
        community: world.at.community,
        actor: authority(world),
        acting: None,
    }
    .instruction(registry::SetPauseInstructionArgs { paused })
}

pub fn set_roles(world: &World, of: &Household, roles: u16) -> Instruction {
    registry::SetRoles {
        community: world.at.community,
        participant: of.participant,
        actor: authority(world),
        acting: None,
    }
    .instruction(registry::SetRolesInstructionArgs { roles })
}

pub fn suspend(world: &World, who: &Household) -> Instruction {
    registry::Suspend {
        community: world.at.community,
        participant: who.participant,
        actor: authority(world),
        acting: None,
    }
    .instruction(registry::SuspendInstructionArgs {
        reason: 1,
        evidence: None,
    })
}

pub fn close_participant(world: &World, who: &Household) -> Instruction {
    registry::CloseParticipant {
        community: world.at.community,
        participant: who.participant,
        wallet: who.address(),
        actor: who.address(),
        acting: None,
    }
    .instruction()
}
