//! Seats: nobody's money falls, and nobody's keys change, but by whom they are.

use joulebook_client::layout::market::{limits::LIMITATION_PERIOD, Ledger, Market, Owing, Seat};

use super::{
    change::{rows, Change},
    standing,
    table::{Power, Seats},
    tokens, Attempt,
};

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    for change in changes.iter().filter(|change| change.is("Ledger")) {
        let (Some(_), Some(_)) = (&change.before, &change.after) else {
            continue;
        };
        let ledger: Ledger = change.header()?;
        let before = rows::<Ledger, Seat>(&change.before);
        let after = rows::<Ledger, Seat>(&change.after);
        for (index, (row_before, row_after)) in (0u16..).zip(before.iter().zip(&after)) {
            if row_before == row_after {
                continue;
            }
            let seat = Changed {
                attempt,
                market: &attempt.header_at(ledger.market.0.into())?,
                ledger: &ledger,
                seats: &before,
                index,
                before: row_before,
                after: row_after,
            };
            let checked = seat.check(power.seats, changes);
            checked.map_err(|error| {
                format!("seat {index}: {error}: {row_before:?} became {row_after:?}")
            })?;
        }
    }
    Ok(())
}

struct Changed<'a> {
    attempt: &'a Attempt<'a>,
    market: &'a Market,
    /// As it was.
    ledger: &'a Ledger,
    /// All of them, as they were.
    seats: &'a [Seat],
    index: u16,
    before: &'a Seat,
    after: &'a Seat,
}

impl Changed<'_> {
    fn check(&self, seats: Seats, changes: &[Change]) -> Result<(), String> {
        match seats {
            Seats::None => Err("it changed".to_string()),
            Seats::Owners if self.owner_signs() => {
                self.leaves_its_margin()?;
                if self.claims_paid() != 0 || self.debt_paid() > (-self.money()).max(0) {
                    return Err("what is owed changed, and nobody paid".to_string());
                }
                let takes_out = self.money() + self.debt_paid() < 0;
                match takes_out && self.ledger.owes_others(self.index) {
                    true => Err("it took out what is owed to others".to_string()),
                    false => Ok(()),
                }
            }
            Seats::Owners | Seats::Gain => self.gains(),
            Seats::Claims => self.pays_and_is_paid(),
            Seats::Closing if self.pays_and_is_paid().is_ok() => Ok(()),
            Seats::Closing => self.is_closed(),
            Seats::Traders => self.trades(),
            Seats::Settled => self.keeps_its_keys(),
            Seats::Replaced => self.is_left_behind(),
            Seats::PaidOut if self.pays_and_is_paid().is_ok() => Ok(()),
            Seats::PaidOut => self.is_paid_out(changes),
            Seats::Held => self.is_given_back(),
            Seats::Standing => self.orders(changes),
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
        i128::from(self.before.debt()) - i128::from(self.after.debt())
    }

    /// How much less is owed to it, milli-atoms.
    fn claims_paid(&self) -> i128 {
        i128::from(self.before.claim()) - i128::from(self.after.claim())
    }

    fn supplies(&self) -> bool {
        self.ledger.has_place(self.index)
    }

    fn keeps_its_keys(&self) -> Result<(), String> {
        let keys = |seat: &Seat| (seat.owner, seat.delegate, seat.delegate_bounds, seat.status);
        match keys(self.before) == keys(self.after) {
            true => Ok(()),
            false => Err("it has other keys".to_string()),
        }
    }

    /// No more but free money changes, and what is owed.
    fn keeps_the_rest(&self) -> Result<(), String> {
        let rest = |seat: &Seat| Seat {
            free: 0,
            owing: Default::default(),
            ..*seat
        };
        match rest(self.before) == rest(self.after) {
            true => Ok(()),
            false => Err("more than free money and what is owed changed".to_string()),
        }
    }

    fn gains(&self) -> Result<(), String> {
        self.keeps_the_rest()?;
        let gains = self.debt_paid() >= 0 && self.money() + self.debt_paid() >= 0;
        match gains && self.claims_paid() == 0 {
            true => Ok(()),
            false => Err("its owner did not sign".to_string()),
        }
    }

    /// Debts and claims, each in money; and suppliers what they owe others, which the whole state is checked for.
    fn pays_and_is_paid(&self) -> Result<(), String> {
        self.keeps_the_rest()?;
        let (debt, claims) = (self.debt_paid(), self.claims_paid());
        let is_even = self.supplies() || self.money() == claims - debt;
        match debt >= 0 && claims >= 0 && is_even {
            true => Ok(()),
            false => Err("it lost more than it owed less".to_string()),
        }
    }

    /// As [`Changed::pays_and_is_paid`], but that what is open with a former supplier is dropped long after its last page.
    fn is_left_behind(&self) -> Result<(), String> {
        let [before, named] = self.ledger.places();
        let left = match self.ledger.awaits_supplier() {
            true => named,
            false => before,
        };
        let last = self.ledger.supplier(left).final_at;
        if tokens::now(self.attempt) < last.saturating_add(LIMITATION_PERIOD.into()) {
            return self.pays_and_is_paid();
        }
        self.keeps_the_rest()?;
        let stays = |seat: &Seat| *seat.owing(left ^ 1);
        let (before, after) = (stays(self.before), stays(self.after));
        let owes_no_more = after.debt <= before.debt && after.claim <= before.claim;
        match owes_no_more && (self.supplies() || -self.money() <= self.debt_paid()) {
            true => Ok(()),
            false => Err("it lost more than it owed".to_string()),
        }
    }

    /// A supplier's margin.
    fn leaves_its_margin(&self) -> Result<(), String> {
        let now = tokens::now(self.attempt);
        let falls = i128::from(self.before.free) - i128::from(self.after.free) > self.debt_paid();
        if !falls || !self.before.is_open() {
            return Ok(());
        }
        let has_ended = self.market.has_ended(self.ledger.last_final, now);
        match self.after.free < self.ledger.margin_of(self.index) && !has_ended {
            true => Err("it is below its margin".to_string()),
            false => Ok(()),
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
        if !as_owner && locks > self.before.delegate_bounds.daily_limit {
            return Err("the delegate locked more than it may".to_string());
        }
        self.leaves_its_margin()?;
        match self.money() == 0 && self.before.held == self.after.held {
            true => Ok(()),
            false => Err("money came or went".to_string()),
        }
    }

    /// No more is locked than orders that stand for its owner, or its delegate, may lock in a day.
    fn orders(&self, changes: &[Change]) -> Result<(), String> {
        self.keeps_its_keys()?;
        self.leaves_its_margin()?;
        if self.money() != 0 || self.before.held != self.after.held {
            return Err("money came or went".to_string());
        }
        let locks = self.before.free.saturating_sub(self.after.free);
        let by_delegate = self.after.delegate_locked > self.before.delegate_bounds.daily_limit;
        if by_delegate && self.after.delegate_locked != self.before.delegate_locked {
            return Err("the delegate's orders locked more than it may".to_string());
        }
        match standing::may_lock(changes, self.index, self.before) {
            Some(most) if u128::from(locks) <= most => Ok(()),
            _ => Err("more was locked than its owner said".to_string()),
        }
    }

    fn is_given_back(&self) -> Result<(), String> {
        self.keeps_its_keys()?;
        let held = i128::from(self.before.held) - i128::from(self.after.held);
        let owes_no_more = self.debt_paid() >= 0 && self.claims_paid() == 0;
        // A seat that money is captured from gets nothing for it; who gets it pays its debts.
        let falls = -self.money() <= held + self.debt_paid();
        match owes_no_more && held >= 0 && falls && self.before.locked == self.after.locked {
            true => Ok(()),
            false => Err("more than what is held changed".to_string()),
        }
    }

    /// By its owner, or in an ended market; and what it owes and is owed only by those whom it costs, or long after the end.
    fn is_closed(&self) -> Result<(), String> {
        let left = self.after.free | self.after.locked | self.after.held;
        if self.after.is_open() || left | self.after.debt() | self.after.claim() > 0 {
            return Err("it is neither closed nor even".to_string());
        }
        let now = tokens::now(self.attempt);
        let has_ended = self.market.has_ended(self.ledger.last_final, now);
        let is_owner = self.before.is_open() && self.attempt.signs(self.before.owner.0);
        if !is_owner && !has_ended {
            return Err("somebody else closed it".to_string());
        }
        let ended_at = self.market.ends_at.max(self.ledger.final_at());
        let has_lapsed = now >= ended_at.saturating_add(LIMITATION_PERIOD.into());
        let supplier_signs = |place| {
            let supplier = self
                .seats
                .get(usize::from(self.ledger.supplier(place).seat));
            supplier.is_some_and(|seat| seat.is_open() && self.attempt.signs(seat.owner.0))
        };
        let mut owing = (0u8..).zip(self.before.owing);
        let is_dropped = |(place, owing): (u8, Owing)| {
            owing.debt > 0 && !(has_ended && (has_lapsed || supplier_signs(place)))
        };
        if owing.any(is_dropped) {
            return Err("somebody dropped its debt".to_string());
        }
        // Less than an atom may have been paid, and have become fees.
        let has_claims = self.before.claim() >= 1000;
        if has_claims && !(has_ended && (is_owner || has_lapsed)) {
            return Err("somebody dropped its claims".to_string());
        }
        let money = self.before.free.saturating_add(self.before.held);
        match money < 1000 && self.before.locked == 0 {
            true => Ok(()),
            false => Err("there was money in it".to_string()),
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
        let now = tokens::now(self.attempt);
        if !self.market.has_ended(self.ledger.last_final, now) {
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
