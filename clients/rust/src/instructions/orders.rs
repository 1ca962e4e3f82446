use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    layout::market::{NewOrder, OrderRef},
    market::instructions::{
        CancelOrders, CancelOrdersInstructionArgs, PlaceOrders, PlaceOrdersInstructionArgs,
    },
    Addresses,
};

impl Addresses {
    /// Orders of the seat of wallet `owner` in the window at `start`, signed by `trader`: the owner or
    /// its delegate.
    pub fn place_orders(
        &self,
        trader: Address,
        owner: &Address,
        start: i64,
        orders: Vec<NewOrder>,
    ) -> Instruction {
        PlaceOrders {
            trader,
            community: self.community,
            participant: self.participant(owner),
            ledger: self.ledger,
            book: self.book(start),
        }
        .instruction(PlaceOrdersInstructionArgs { start, orders })
    }

    pub fn cancel_orders(
        &self,
        trader: Address,
        seat: u16,
        start: i64,
        orders: Vec<OrderRef>,
    ) -> Instruction {
        CancelOrders {
            trader,
            ledger: self.ledger,
            book: self.book(start),
        }
        .instruction(CancelOrdersInstructionArgs {
            start,
            seat,
            orders,
        })
    }
}
