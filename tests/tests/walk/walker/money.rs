use joulebook_client::market::instructions as market;

use super::{Checked, Walker};
use crate::model::SUPPLIER;

impl Walker {
    pub fn deposit(&mut self) -> Checked {
        let seat = self.anyone();
        let depositor = self.mostly(seat);
        let atoms = match self.random.below(20) {
            0 => 0,
            1 => self.model.members[&depositor].tokens + self.random.between(1, 1000),
            _ => self.random.of_any_size(6),
        };
        self.deposit_atoms(depositor, seat, atoms)
    }

    pub fn deposit_atoms(&mut self, depositor: u16, seat: u16, atoms: u64) -> Checked {
        let instruction = self.community.addresses.deposit(
            self.person(depositor).address(),
            self.person(depositor).tokens,
            seat,
            atoms,
        );
        let found = self.send(&[instruction], &[depositor]);
        let predicted = self.model.deposit(depositor, seat, atoms);
        let what = format!("{depositor} deposits {atoms} in seat {seat}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub fn withdraw(&mut self) -> Checked {
        // Now and then the supplier is dry, and settling has to wait.
        let seat = if self.random.percent(20) {
            self.model.supplier()
        } else {
            self.anyone()
        };
        let signer = self.mostly(seat);
        let free = self.model.seats.get(&seat).map_or(0, |seat| seat.free);
        let whole = u64::try_from(free / 1000).unwrap_or(0);
        let atoms = match self.random.below(10) {
            0 => 0,
            1 => whole + 1,
            2 => whole + self.random.of_any_size(9),
            3 => u64::MAX / 1000,
            4 => whole,
            _ => self.random.below(whole + 1),
        };
        self.withdraw_atoms(signer, seat, atoms)
    }

    pub fn withdraw_atoms(&mut self, signer: u16, seat: u16, atoms: u64) -> Checked {
        let person = self.person(signer);
        let at = &self.community.addresses;
        let instruction = market::Withdraw {
            owner: person.address(),
            market: at.market,
            ledger: at.ledger,
            vault: at.vault,
            destination: person.tokens,
            quote_mint: at.quote_mint,
            token_program: at.token_program,
        }
        .instruction(market::WithdrawInstructionArgs {
            seat,
            amount: atoms,
        });
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.withdraw(signer, seat, atoms);
        let what = format!("{signer} withdraws {atoms} from seat {seat}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub fn withdraw_fees(&mut self) -> Checked {
        let whole = u64::try_from(self.model.fees / 1000).unwrap_or(0);
        let atoms = match self.random.below(5) {
            0 => 0,
            1 => whole + 1,
            _ => self.random.below(whole + 1),
        };
        let by_authority = self.random.percent(90);
        self.take_fees(by_authority, atoms)
    }

    /// The fees go to the supplier's token account.
    pub fn take_fees(&mut self, by_authority: bool, atoms: u64) -> Checked {
        let at = &self.community.addresses;
        let authority = if by_authority {
            self.authority()
        } else {
            self.community.supplier.address()
        };
        let instruction = market::WithdrawFees {
            authority,
            community: at.community,
            market: at.market,
            ledger: at.ledger,
            vault: at.vault,
            destination: self.community.supplier.tokens,
            quote_mint: at.quote_mint,
            token_program: at.token_program,
        }
        .instruction(market::WithdrawFeesInstructionArgs { amount: atoms });
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.withdraw_fees(by_authority, SUPPLIER, atoms);
        let what = format!("{atoms} of the fees are withdrawn");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub fn gift_or_sweep(&mut self) -> Checked {
        if self.random.percent(50) {
            let atoms = self.random.between(1, 5000);
            let vault = self.community.addresses.vault;
            self.community
                .token
                .mint_to(&mut self.community.chain, &vault, atoms)
                .map_err(|failure| failure.to_string())?;
            self.model.gift(atoms);
            self.log.push(format!("{atoms} are sent to the vault"));
            return Ok(());
        }
        self.sweep()
    }

    pub fn sweep(&mut self) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::SweepSurplus {
            market: at.market,
            ledger: at.ledger,
            vault: at.vault,
        }
        .instruction();
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.sweep();
        self.agree("sweep".to_string(), predicted, found)
            .map(|_| ())
    }

    pub fn pay_claims(&mut self) -> Checked {
        let instruction = self.community.addresses.pay_claims();
        let found = self.send(&[instruction], &[]);
        self.model.pay_owing();
        self.agree("claims are paid".to_string(), Ok(()), found)
            .map(|_| ())
    }

    pub fn open_or_close_seat(&mut self) -> Checked {
        let seat = self.anyone();
        let is_open = self.model.is_open(seat);
        if is_open == self.random.percent(10) {
            return self.open_seat(seat);
        }
        // A seat that was emptied is more likely to be closed.
        if self.random.percent(50) {
            let free = self.model.seats.get(&seat).map_or(0, |seat| seat.free);
            let whole = u64::try_from(free / 1000).unwrap_or(0);
            self.withdraw_atoms(seat, seat, whole)?;
        }
        let signer = self.mostly(seat);
        self.close_seat(signer, seat)
    }

    pub fn open_seat(&mut self, seat: u16) -> Checked {
        let instruction = self.community.seat_of(self.person(seat));
        let found = self.send(&[instruction], &[seat]);
        let predicted = self.model.open_seat(seat);
        self.agree(format!("{seat} opens its seat"), predicted, found)
            .map(|_| ())
    }

    pub fn close_seat(&mut self, signer: u16, seat: u16) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::CloseSeat {
            owner: self.person(signer).address(),
            market: at.market,
            ledger: at.ledger,
        }
        .instruction(market::CloseSeatInstructionArgs { seat });
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.close_seat(signer, seat);
        self.agree(format!("{signer} closes seat {seat}"), predicted, found)
            .map(|_| ())
    }
}
