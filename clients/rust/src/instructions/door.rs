use solana_address::Address;
use solana_instruction::Instruction;

use super::SYSTEM_PROGRAM;
use crate::{
    market::instructions::{
        Admit, Capture, CaptureInstructionArgs, CloseAdmission, CloseHold, Hold,
        HoldInstructionArgs, Release, ReleaseInstructionArgs, Retire, TakeBack,
    },
    Addresses,
};

/// Amounts are in milli-atoms.
impl Addresses {
    pub fn admit(&self, authority: Address, program: Address) -> Instruction {
        Admit {
            authority,
            community: self.community,
            market: self.market,
            program,
            admission: self.admission(&program),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    pub fn retire(&self, authority: Address, program: &Address) -> Instruction {
        Retire {
            authority,
            community: self.community,
            market: self.market,
            admission: self.admission(program),
        }
        .instruction()
    }

    /// `payer` is who admitted the program, and gets the rent.
    pub fn close_admission(&self, program: &Address, payer: Address) -> Instruction {
        CloseAdmission {
            admission: self.admission(program),
            market: self.market,
            payer,
        }
        .instruction()
    }

    pub fn hold(&self, owner: Address, program: &Address, seat: u16, amount: u64) -> Instruction {
        Hold {
            owner,
            market: self.market,
            admission: self.admission(program),
            ledger: self.ledger,
            hold: self.hold_of(program, seat),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(HoldInstructionArgs { seat, amount })
    }

    /// What the program calls; nobody else can sign it.
    pub fn release(&self, program: &Address, seat: u16, amount: u64) -> Instruction {
        Release {
            program_signer: self.program_signer(program),
            market: self.market,
            admission: self.admission(program),
            ledger: self.ledger,
            hold: self.hold_of(program, seat),
        }
        .instruction(ReleaseInstructionArgs { amount })
    }

    /// What the program calls; nobody else can sign it.
    pub fn capture(&self, program: &Address, seat: u16, amount: u64, to_seat: u16) -> Instruction {
        Capture {
            program_signer: self.program_signer(program),
            market: self.market,
            admission: self.admission(program),
            ledger: self.ledger,
            hold: self.hold_of(program, seat),
        }
        .instruction(CaptureInstructionArgs { amount, to_seat })
    }

    /// Anyone may, once the notice period of the retired program is over.
    pub fn take_back(&self, program: &Address, seat: u16) -> Instruction {
        TakeBack {
            market: self.market,
            admission: self.admission(program),
            ledger: self.ledger,
            hold: self.hold_of(program, seat),
        }
        .instruction()
    }

    /// Anyone may; `owner` is who made the hold, and gets the rent.
    pub fn close_hold(&self, program: &Address, seat: u16, owner: Address) -> Instruction {
        CloseHold {
            admission: self.admission(program),
            hold: self.hold_of(program, seat),
            owner,
        }
        .instruction()
    }
}
