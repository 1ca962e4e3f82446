use joulebook_client::{
    market::{
        accounts::Market,
        instructions as market,
        pdas::{
            find_history_pda, find_ledger_pda, find_market_pda, find_vault_pda, find_window_pda,
        },
        types::{NewOrder, OrderRef},
    },
    oracle::{
        instructions as oracle,
        pdas::{find_interval_pda, find_meter_table_pda},
        types::SignedReading,
        ORACLE_ID,
    },
    registry::pdas::{find_community_pda, find_participant_pda},
    ring,
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::Household;

/// Where a community's accounts are, and the instructions of its everyday life.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub community: Address,
    pub meter_table: Address,
    pub market: Address,
    pub vault: Address,
    pub ledger: Address,
    pub history: Address,
    pub quote_mint: Address,
    pub token_program: Address,
    pub window_seconds: u32,
    pub ring: u16,
    pub interval_ring: u16,
}

impl Addresses {
    pub fn of(
        founder: &Address,
        id: u64,
        quote_mint: Address,
        token_program: Address,
    ) -> Addresses {
        let community = find_community_pda(founder, id).0;
        let market = find_market_pda(&community).0;
        Addresses {
            community,
            meter_table: find_meter_table_pda(&community).0,
            market,
            vault: find_vault_pda(&market).0,
            ledger: find_ledger_pda(&market).0,
            history: find_history_pda(&market).0,
            quote_mint,
            token_program,
            window_seconds: 0,
            ring: 0,
            interval_ring: 0,
        }
    }

    /// Takes over the sizes that ring addresses depend on.
    pub fn with_sizes(mut self, market: &Market) -> Addresses {
        self.window_seconds = market.window_seconds;
        self.ring = market.ring;
        self.interval_ring = market.interval_ring;
        self
    }

    pub fn participant(&self, wallet: &Address) -> Address {
        find_participant_pda(&self.community, wallet).0
    }

    pub fn window_slot(&self, slot: u16) -> Address {
        find_window_pda(&self.market, slot).0
    }

    pub fn interval_slot(&self, slot: u16) -> Address {
        find_interval_pda(&self.meter_table, slot).0
    }

    /// The window account for `start`, unix seconds; that of slot 0 if `start` is not a boundary.
    pub fn window(&self, start: i64) -> Address {
        self.window_slot(ring::slot(start, self.window_seconds, self.ring).unwrap_or(0))
    }

    /// The interval account for `start`, unix seconds; that of slot 0 if `start` is not a boundary.
    pub fn interval(&self, start: i64) -> Address {
        self.interval_slot(ring::slot(start, self.window_seconds, self.interval_ring).unwrap_or(0))
    }

    pub fn deposit(&self, depositor: &Household, seat: u16, amount: u64) -> Instruction {
        market::Deposit {
            depositor: depositor.address(),
            market: self.market,
            ledger: self.ledger,
            source: depositor.tokens,
            vault: self.vault,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(market::DepositInstructionArgs { seat, amount })
    }

    pub fn withdraw(&self, owner: &Household, amount: u64) -> Instruction {
        market::Withdraw {
            owner: owner.address(),
            market: self.market,
            ledger: self.ledger,
            vault: self.vault,
            destination: owner.tokens,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(market::WithdrawInstructionArgs {
            seat: owner.seat,
            amount,
        })
    }

    pub fn open_window(&self, start: i64) -> Instruction {
        market::OpenWindow {
            market: self.market,
            window: self.window(start),
        }
        .instruction(market::OpenWindowInstructionArgs { start })
    }

    /// Orders of `household`'s seat in the window at `start`, signed by `trader`.
    pub fn place_orders(
        &self,
        trader: &Address,
        household: &Household,
        start: i64,
        orders: Vec<NewOrder>,
    ) -> Instruction {
        market::PlaceOrders {
            trader: *trader,
            community: self.community,
            participant: household.participant,
            ledger: self.ledger,
            window: self.window(start),
        }
        .instruction(market::PlaceOrdersInstructionArgs { start, orders })
    }

    pub fn cancel_orders(
        &self,
        trader: &Address,
        seat: u16,
        start: i64,
        orders: Vec<OrderRef>,
    ) -> Instruction {
        market::CancelOrders {
            trader: *trader,
            ledger: self.ledger,
            window: self.window(start),
        }
        .instruction(market::CancelOrdersInstructionArgs {
            start,
            seat,
            orders,
        })
    }

    pub fn clear(&self, start: i64) -> Instruction {
        market::Clear {
            window: self.window(start),
        }
        .instruction()
    }

    pub fn allocate(&self, start: i64, limit: u16, reward_seat: Option<u16>) -> Instruction {
        market::Allocate {
            ledger: self.ledger,
            window: self.window(start),
        }
        .instruction(market::AllocateInstructionArgs { limit, reward_seat })
    }

    pub fn meter(&self, start: i64) -> Instruction {
        market::Meter {
            market: self.market,
            window: self.window(start),
            meter_table: self.meter_table,
            interval: self.interval(start),
            oracle_program: ORACLE_ID,
        }
        .instruction()
    }

    pub fn settle(&self, start: i64, limit: u16, reward_seat: Option<u16>) -> Instruction {
        market::Settle {
            ledger: self.ledger,
            window: self.window(start),
            history: self.history,
        }
        .instruction(market::SettleInstructionArgs { limit, reward_seat })
    }

    pub fn open_interval(&self, start: i64) -> Instruction {
        oracle::OpenInterval {
            meter_table: self.meter_table,
            interval: self.interval(start),
        }
        .instruction(oracle::OpenIntervalInstructionArgs { start })
    }

    /// Readings for the interval that starts at `start`.
    pub fn submit_readings(&self, start: i64, readings: Vec<SignedReading>) -> Instruction {
        oracle::SubmitReadings {
            community: self.community,
            meter_table: self.meter_table,
            interval: self.interval(start),
        }
        .instruction(oracle::SubmitReadingsInstructionArgs { readings })
    }
}
