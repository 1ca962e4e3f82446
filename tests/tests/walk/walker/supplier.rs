use super::{Checked, Walker};

impl Walker {
    /// Somebody else, mostly once what the former one owes and is owed is paid.
    pub(super) fn replace_supplier(&mut self) -> Checked {
        if self.random.percent(70) {
            self.settle_former()?;
        }
        if self.random.percent(80) {
            self.pay_claims()?;
        }
        let new = self.anyone();
        let signer = self.mostly(new);
        let by_authority = self.random.percent(95);
        self.name_supplier(by_authority, signer, new)
    }

    /// The owner of the seat `signer` signs as that of `new`.
    pub fn name_supplier(&mut self, by_authority: bool, signer: u16, new: u16) -> Checked {
        let authority = match by_authority {
            true => self.authority(),
            false => self.community.supplier.address(),
        };
        let knows = self.random.percent(95);
        let events = self.community.market().events - u64::from(!knows);
        let at = &self.community.addresses;
        let new_owner = self.person(new).address();
        let mut instruction = at.replace_supplier(authority, new_owner, events);
        instruction.accounts[1].pubkey = self.person(signer).address();
        let found = self.govern(instruction, by_authority);
        let predicted = self
            .model
            .replace_supplier(by_authority, signer, new, knows);
        let what = format!("{signer} makes {new} the supplier");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// Who owes deposits as much: the former supplier's debtors, and whichever of the two owes others.
    fn settle_former(&mut self) -> Checked {
        let Some(former) = self.model.latest_turn().checked_sub(1) else {
            return Ok(());
        };
        let whole = |money: i128| (money / 1000 + 1) as u64 * 11 / 10 + 1;
        let debts = self
            .model
            .open_seats()
            .map(|(number, seat)| (number, seat.debt()));
        let debts: Vec<(u16, i128)> = debts.filter(|(_, debt)| *debt > 0).collect();
        for (seat, debt) in debts {
            self.deposit_atoms(seat, seat, whole(debt))?;
        }
        for turn in [former, former + 1] {
            let claims = self.model.claims_on(turn);
            if claims > 0 {
                let supplier = self.model.turns[turn].seat;
                self.deposit_atoms(supplier, supplier, whole(claims))?;
            }
        }
        Ok(())
    }

    /// Seats of the one that was named last, and of the one before it.
    pub(super) fn latest_suppliers(&self) -> Vec<u16> {
        let turns = self.model.turns.iter().rev().take(2);
        turns.map(|turn| turn.seat).collect()
    }
}
