//! Seats: nobody's money falls, and nobody's keys change, but by whom they are.

use joulebook_client::layout::market::{Ledger, Market, Seat};

use super::{
    change::{rows, Change},
    table::{Power, Seats},
    tokens, Attempt,
};

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    for change in changes.iter().filter(|change| change.is("Ledger")) {
        let (Some(_), Some(_)) = (&change.before, &change.after) else {
            continue;
        };
        let market: Market = attempt.header_at(change.header::<Ledger>()?.market.0.into())?;
        let before = rows::<Ledger, Seat>(&change.before);
        let after = rows::<Ledger, Seat>(&change.after);
        for (index, (before, after)) in (0u16..).zip(before.iter().zip(&after)) {
            if before == after {
                continue;
            }
            let seat = Changed {
                attempt,
                market: &market,
                index,
                before,
                after,
            };
            let checked = seat.check(power.seats, changes);
            checked
                .map_err(|error| format!("seat {index}: {error}: {before:?} became {after:?}"))?;
        }
    }
    Ok(())
}

struct Changed<'a> {
    attempt: &'a Attempt<'a>,
    market: &'a Market,
    index: u16,
    before: &'a Seat,
    after: &'a Seat,
}

impl Changed<'_> {
    fn check(&self, seats: Seats, changes: &[Change]) -> Result<(), String> {
        match seats {
            Seats::None => Err("it changed".to_string()),
            Seats::Owners if self.owner_signs() => Ok(()),
            Seats::Owners | Seats::Gain => self.gains(),
            Seats::Closing if self.owner_signs() => Ok(()),
            Seats::Closing => self.is_empty_and_ended(),
            Seats::Traders => self.trades(),
            Seats::Settled => self.keeps_its_keys(),
            Seats::Claims if self.index == self.market.supplier => self.keeps_its_keys(),
            Seats::Claims => self.gains(),
            Seats::PaidOut if self.money() < 0 => self.is_paid_out(changes),
            Seats::PaidOut => self.gains(),
            Seats::Held => self.is_given_back(),
        }
    }

    /// The owner, or who becomes it where there is none.
    fn owner_signs(&self) -> bool {
        match self.before.is_open() {
            true => self.attempt.signs(self.before.owner.0),
            false => self.attempt.signs(self.after.owner.0),
        }
    }

    /// How much more money it has, milli-atoms.
    fn money(&self) -> i128 {
        let money = |seat: &Seat| -> i128 {
            let parts = [seat.free, seat.locked, seat.held];
            parts.map(i128::from).iter().sum()
        };
        money(self.after) - money(self.before)
    }

    /// How much less it owes, milli-atoms.
    fn debt_paid(&self) -> i128 {
        i128::from(self.before.debt) - i128::from(self.after.debt)
    }

    fn keeps_its_keys(&self) -> Result<(), String> {
        let keys = |seat: &Seat| (seat.owner, seat.delegate, seat.delegate_limit, seat.status);
        match keys(self.before) == keys(self.after) {
            true => Ok(()),
            false => Err("it has other keys".to_string()),
        }
    }

    fn gains(&self) -> Result<(), String> {
        self.keeps_its_keys()?;
        let fixed = |seat: &Seat| (seat.locked, seat.held, seat.engaged, seat.owed);
        let gains = self.after.free >= self.before.free && self.debt_paid() >= 0;
        match gains && fixed(self.before) == fixed(self.after) {
            true => Ok(()),
            false => Err("its owner did not sign".to_string()),
        }
    }

    fn trades(&self) -> Result<(), String> {
        self.keeps_its_keys()?;
        let (owner, delegate) = (self.before.owner.0, self.before.delegate.0);
        let as_owner = self.attempt.signs(owner);
        if !as_owner && !self.attempt.signs(delegate) {
            return Err("neither owner nor delegate signed".to_string());
        }
        let locks = self.before.free.saturating_sub(self.after.free);
        if !as_owner && locks > self.before.delegate_limit {
            return Err("the delegate locked more than it may".to_string());
        }
        match self.money() == 0 && self.before.held == self.after.held {
            true => Ok(()),
            false => Err("money came or went".to_string()),
        }
    }

    fn is_given_back(&self) -> Result<(), String> {
        self.keeps_its_keys()?;
        let held = i128::from(self.before.held) - i128::from(self.after.held);
        let takes_none = self.after.free >= self.before.free && self.debt_paid() >= 0;
        // A seat that money is captured from gets nothing for it.
        let falls = -self.money() <= held.max(0);
        match takes_none && held >= 0 && falls && self.before.locked == self.after.locked {
            true => Ok(()),
            false => Err("more than what is held changed".to_string()),
        }
    }

    fn is_empty_and_ended(&self) -> Result<(), String> {
        let money = i128::from(self.before.free) + i128::from(self.before.held);
        let now = tokens::now(self.attempt);
        let ended = self.market.ends_at <= now && self.before.locked == 0;
        match money < 1000 && ended {
            true => Ok(()),
            false => Err("somebody else closed it".to_string()),
        }
    }

    /// Whose the money is: the owner's, or where nobody opened the seat, that of the participant with its index.
    fn owners(&self) -> Vec<[u8; 32]> {
        if self.before.is_open() {
            return vec![self.before.owner.0];
        }
        let participants = self.attempt.participants(self.market.community.0);
        let due = participants.iter().filter(|one| one.index == self.index);
        due.map(|one| one.wallet.0).collect()
    }

    fn is_paid_out(&self, changes: &[Change]) -> Result<(), String> {
        self.keeps_its_keys()?;
        if self.market.ends_at > tokens::now(self.attempt) {
            return Err("the market has not ended".to_string());
        }
        let gaining = changes.iter().filter_map(tokens::gain);
        let mut gaining = gaining.map(|(owner, _)| owner).peekable();
        if gaining.peek().is_none() && self.debt_paid() > 0 {
            return Ok(());
        }
        let owners = self.owners();
        match gaining.all(|owner| owners.contains(&owner)) {
            true => Ok(()),
            false => Err("somebody else got it".to_string()),
        }
    }
}
