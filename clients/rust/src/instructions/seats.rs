use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    layout::market::DelegateBounds,
    market::instructions::{
        CloseSeat, CloseSeatInstructionArgs, Deposit, DepositInstructionArgs, OpenSeat, PayClaims,
        PayOut, PayOutInstructionArgs, SetDelegate, SetDelegateInstructionArgs, Withdraw,
        WithdrawInstructionArgs,
    },
    Addresses,
};

impl Addresses {
    pub fn open_seat(&self, owner: Address) -> Instruction {
        OpenSeat {
            owner,
            market: self.market,
            participant: self.participant(&owner),
            ledger: self.ledger,
        }
        .instruction()
    }

    /// By its owner; once the market has ended, by anyone.
    pub fn close_seat(&self, owner: Address, seat: u16) -> Instruction {
        CloseSeat {
            owner,
            market: self.market,
            ledger: self.ledger,
        }
        .instruction(CloseSeatInstructionArgs { seat })
    }

    /// Moves `amount` atoms from the depositor's token account `source` to any seat. For one that has a claim on one supplier and
    /// owes the other, it needs up to 700,000 compute units in the largest ledger; so does [`withdraw`](Addresses::withdraw).
    pub fn deposit(
        &self,
        depositor: Address,
        source: Address,
        seat: u16,
        amount: u64,
    ) -> Instruction {
        Deposit {
            depositor,
            market: self.market,
            ledger: self.ledger,
            source,
            vault: self.vault,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(DepositInstructionArgs { seat, amount })
    }

    /// Sends what a seat of an ended market has to `destination`, a token account of its owner, whose wallet is `owner`. Anyone
    /// may.
    pub fn pay_out(&self, owner: &Address, destination: Address, seat: u16) -> Instruction {
        PayOut {
            participant: self.participant(owner),
            market: self.market,
            ledger: self.ledger,
            vault: self.vault,
            destination,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(PayOutInstructionArgs { seat })
    }

    /// Pays what the supplier owes others, from what it has. To be sent behind a deposit to its seat.
    pub fn pay_claims(&self) -> Instruction {
        PayClaims {
            market: self.market,
            ledger: self.ledger,
        }
        .instruction()
    }

    /// Moves `amount` atoms from the owner's seat to the token account `destination`.
    pub fn withdraw(
        &self,
        owner: Address,
        destination: Address,
        seat: u16,
        amount: u64,
    ) -> Instruction {
        Withdraw {
            owner,
            market: self.market,
            ledger: self.ledger,
            vault: self.vault,
            destination,
            quote_mint: self.quote_mint,
            token_program: self.token_program,
        }
        .instruction(WithdrawInstructionArgs { seat, amount })
    }

    /// Names who may place and cancel orders for the seat beside its owner, `None` for nobody, and how far its orders may go.
    pub fn set_delegate(
        &self,
        owner: Address,
        seat: u16,
        delegate: Option<Address>,
        bounds: DelegateBounds,
    ) -> Instruction {
        SetDelegate {
            owner,
            ledger: self.ledger,
        }
        .instruction(SetDelegateInstructionArgs {
            seat,
            delegate,
            bounds,
        })
    }
}
