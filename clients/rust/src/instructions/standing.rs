use std::ops::Range;

use solana_address::Address;
use solana_instruction::Instruction;

use super::SYSTEM_PROGRAM;
use crate::{
    market::{
        instructions::{
            ApplyStandingOrders, ApplyStandingOrdersInstructionArgs, CloseStandingOrders,
            CreateStandingOrders, ReviewParticipant, SetStandingOrders,
            SetStandingOrdersInstructionArgs,
        },
        types::StandingEntry,
    },
    Addresses,
};

/// What seats order in every window.
impl Addresses {
    pub fn create_standing_orders(&self, authority: Address) -> Instruction {
        CreateStandingOrders {
            authority,
            community: self.community,
            market: self.market,
            standing_orders: self.standing_orders,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    pub fn close_standing_orders(&self, authority: Address) -> Instruction {
        CloseStandingOrders {
            authority,
            community: self.community,
            market: self.market,
            standing_orders: self.standing_orders,
        }
        .instruction()
    }

    /// `trader` is the owner of the seat or its delegate; five rules fit a transaction.
    pub fn set_standing_orders(
        &self,
        trader: Address,
        owner: &Address,
        entries: Vec<StandingEntry>,
    ) -> Instruction {
        SetStandingOrders {
            trader,
            community: self.community,
            participant: self.participant(owner),
            ledger: self.ledger,
            market: self.market,
            standing_orders: self.standing_orders,
        }
        .instruction(SetStandingOrdersInstructionArgs { entries })
    }

    /// Has standing orders know what the registry says of whoever owns `wallet`; anyone may send it.
    pub fn review_participant(&self, wallet: &Address) -> Instruction {
        ReviewParticipant {
            participant: self.participant(wallet),
            market: self.market,
            standing_orders: self.standing_orders,
        }
        .instruction()
    }

    /// Of the seats in a range, for the window that starts at `start`; `earlier` is the time, unix seconds, a day or a week
    /// before, whose page of intervals is passed. Anyone may send it.
    pub fn apply_standing_orders(
        &self,
        start: i64,
        seats: Range<u16>,
        earlier: i64,
    ) -> Instruction {
        ApplyStandingOrders {
            community: self.community,
            market: self.market,
            ledger: self.ledger,
            book: self.book(start),
            standing_orders: self.standing_orders,
            meter_table: self.meter_table,
            earlier_page: self.interval_page(earlier),
        }
        .instruction(ApplyStandingOrdersInstructionArgs {
            start,
            first_seat: seats.start,
            seats: seats.end.saturating_sub(seats.start),
        })
    }
}
