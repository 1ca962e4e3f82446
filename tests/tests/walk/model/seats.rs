use std::collections::BTreeMap;

use joulebook_client::{layout::market::DelegateBounds, market::errors::MarketError};
use joulebook_sim::{Failure, TokenKind};
use solana_address::Address;

use super::{Model, Reasons, SilentWindow, Turn, GRID_OPERATOR};

/// What the token programs answer if the source has less than is to be moved.
const INSUFFICIENT_FUNDS: Failure = Failure::Custom(1);

/// A seat, which of its balances tell of an amount with which sign, and the amount.
type Passing = (u16, Vec<(usize, i128)>, i128);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    /// False for one that nobody has opened, whose energy is settled all the same.
    pub is_open: bool,
    pub delegate: Option<Address>,
    pub bounds: DelegateBounds,
    /// A day, and what the delegate's orders locked on it.
    pub locked_by_delegate: (i64, i128),
    pub free: i128,
    /// What it owes the supplier of each turn, its debt; below zero, what that owes it, its claim.
    pub balances: BTreeMap<usize, i128>,
    /// Windows that became final with a meter missing, since all were heard.
    pub silent: Vec<SilentWindow>,
    pub bought: i128,
    pub sold: i128,
}

impl Seat {
    pub fn opened() -> Seat {
        Seat {
            is_open: true,
            ..Seat::default()
        }
    }

    pub fn balance(&self, turn: usize) -> i128 {
        self.balances.get(&turn).copied().unwrap_or(0)
    }

    pub fn debt_to(&self, turn: usize) -> i128 {
        self.balance(turn).max(0)
    }

    pub fn claim_on(&self, turn: usize) -> i128 {
        (-self.balance(turn)).max(0)
    }

    pub fn debt(&self) -> i128 {
        self.balances.values().map(|owed| (*owed).max(0)).sum()
    }

    pub fn claim(&self) -> i128 {
        self.balances.values().map(|owed| (-*owed).max(0)).sum()
    }
}

impl Model {
    pub fn is_open(&self, seat: u16) -> bool {
        self.open_seats().any(|(open, _)| open == seat)
    }

    pub fn open_seats(&self) -> impl Iterator<Item = (u16, &Seat)> {
        let seats = self.seats.iter().filter(|(_, seat)| seat.is_open);
        seats.map(|(number, seat)| (*number, seat))
    }

    /// Pays its debt. What goes round is set off before, if the seat passes something on or is a supplier that owes the other.
    pub fn pay_for(&mut self, seat: u16) {
        let latest = self.turns.iter().rev().take(2);
        let is_supplier = latest
            .map(|turn| turn.seat)
            .any(|supplier| supplier == seat);
        let is_part = |seat: &Seat| seat.debt() > 0 && (is_supplier || seat.claim() > 0);
        if self.seats.get(&seat).is_some_and(is_part) {
            self.set_off();
        }
        self.pay_debt(seat);
    }

    /// Until nobody can pay anything any more.
    pub fn pay_owing(&mut self) {
        self.set_off();
        loop {
            let before = self.seats.clone();
            self.pay_debts();
            self.pay_claims();
            if before == self.seats {
                return;
            }
        }
    }

    /// What the two suppliers owe each other, themselves or by a seat between them, is owed less by what goes round.
    pub fn set_off(&mut self) {
        let latest = self.turns.len() - 1;
        let Some(former) = latest.checked_sub(1) else {
            return;
        };
        if self.turns[former].seat == self.turns[latest].seat {
            return;
        }
        let ways = [(former, latest), (latest, former)];
        let owed = ways.map(|way| self.between(way).into_iter().map(|(_, _, owed)| owed).sum());
        let [one, other]: [i128; 2] = owed;
        for way in ways {
            let mut left = one.min(other);
            for (seat, balances, owed) in self.between(way) {
                let less = owed.min(left);
                left -= less;
                let record = self.seats.entry(seat).or_default();
                for (turn, sign) in balances {
                    *record.balances.entry(turn).or_default() -= sign * less;
                }
            }
        }
    }

    /// What the supplier of one turn owes that of another. First what it owes itself, then what goes by a seat that it owes and that
    /// owes the other.
    fn between(&self, (from, to): (usize, usize)) -> Vec<Passing> {
        let [debtor, creditor] = [from, to].map(|turn| self.turns[turn].seat);
        let seat = |number| self.seats.get(number);
        let mut found = vec![
            (
                debtor,
                vec![(to, 1)],
                seat(&debtor).map_or(0, |seat| seat.debt_to(to)),
            ),
            (
                creditor,
                vec![(from, -1)],
                seat(&creditor).map_or(0, |seat| seat.claim_on(from)),
            ),
        ];
        for (number, seat) in &self.seats {
            let owed = seat.claim_on(from).min(seat.debt_to(to));
            found.push((*number, vec![(from, -1), (to, 1)], owed));
        }
        found
    }

    /// What each supplier has goes to those it owes, in the order of their seats.
    pub fn pay_claims(&mut self) {
        for turn in 0..self.turns.len() {
            let supplier = self.turns[turn].seat;
            let mut left = self.seats.get(&supplier).map_or(0, |seat| seat.free);
            for seat in self.seats.values_mut() {
                let paid = seat.claim_on(turn).min(left);
                *seat.balances.entry(turn).or_default() += paid;
                seat.free += paid;
                left -= paid;
            }
            if let Some(supplier) = self.seats.get_mut(&supplier) {
                supplier.free = left;
            }
        }
    }

    /// Every seat pays what it can, the suppliers again with what they got.
    pub fn pay_debts(&mut self) {
        let suppliers: Vec<u16> = self.turns.iter().map(|turn| turn.seat).collect();
        for seat in (0..self.sizes.seats).chain(suppliers) {
            self.pay_debt(seat);
        }
    }

    /// What the delegate's orders have locked today.
    pub fn delegate_locked(&self, seat: u16) -> i128 {
        let (day, locked) = self.seats[&seat].locked_by_delegate;
        if day == self.now / 86_400 {
            locked
        } else {
            0
        }
    }

    pub fn require_owner(&self, reasons: &mut Reasons, seat: u16, signer: u16) {
        reasons.when(!self.is_open(seat), MarketError::NoSuchSeat);
        // A seat belongs to whose participant has its number.
        reasons.when(signer != seat, MarketError::NotOwner);
    }

    /// The former supplier first.
    pub fn pay_debt(&mut self, seat: u16) {
        for (turn, Turn { seat: supplier, .. }) in self.turns.iter().enumerate() {
            if let Some(record) = self.seats.get_mut(&seat) {
                let paid = record.debt_to(turn).min(record.free);
                *record.balances.entry(turn).or_default() -= paid;
                record.free -= paid;
                self.seats.entry(*supplier).or_default().free += paid;
            }
        }
    }

    pub fn deposit(&mut self, depositor: u16, seat: u16, atoms: u64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(atoms == 0, MarketError::ZeroAmount);
        reasons.when(!self.is_open(seat), MarketError::NoSuchSeat);
        let has = self.members[&depositor].tokens;
        reasons.when(has < atoms, INSUFFICIENT_FUNDS);
        let arrived = self.arriving(atoms);
        reasons.when(arrived == 0, MarketError::NothingArrived);
        reasons.found()?;

        self.move_tokens(depositor, atoms, true);
        if let Some(record) = self.seats.get_mut(&seat) {
            record.free += i128::from(arrived) * 1000;
        }
        self.pay_for(seat);
        Ok(())
    }

    /// `signer` is who asks, and where the tokens go.
    pub fn withdraw(&mut self, signer: u16, seat: u16, atoms: u64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(atoms == 0, MarketError::ZeroAmount);
        self.require_owner(&mut reasons, seat, signer);
        let before = self.seats.clone();
        self.pay_for(seat);
        reasons.when(self.owes_others(seat), MarketError::ClaimsUnpaid);
        let money = i128::from(atoms) * 1000;
        if let Some(record) = self.seats.get(&seat) {
            let margin = match self.has_ended() {
                true => 0,
                false => self.margin_of(seat),
            };
            let reason = match margin > 0 {
                true => MarketError::MarginKept,
                false => MarketError::NotEnoughFree,
            };
            reasons.when(record.free - margin < money, reason);
        }
        if let Err(reasons) = reasons.found() {
            self.seats = before;
            return Err(reasons);
        }
        if let Some(record) = self.seats.get_mut(&seat) {
            record.free -= money;
        }
        self.move_tokens(signer, atoms, false);
        Ok(())
    }

    pub fn withdraw_fees(
        &mut self,
        by_authority: bool,
        to: u16,
        atoms: u64,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(atoms == 0, MarketError::ZeroAmount);
        reasons.when(!by_authority, MarketError::NotAuthority);
        let money = i128::from(atoms) * 1000;
        reasons.when(self.fees < money, MarketError::NotEnoughFees);
        reasons.found()?;

        self.fees -= money;
        self.move_tokens(to, atoms, false);
        Ok(())
    }

    /// What is left of `atoms` after the token's own transfer fee, which is rounded up.
    fn arriving(&self, atoms: u64) -> u64 {
        let basis_points = match self.sizes.token {
            TokenKind::Token2022WithFee(basis_points) => u128::from(basis_points),
            _ => 0,
        };
        let fee = (u128::from(atoms) * basis_points).div_ceil(10_000);
        atoms - fee as u64
    }

    pub(super) fn move_tokens(&mut self, member: u16, atoms: u64, into_vault: bool) {
        let arrived = self.arriving(atoms);
        if let Some(member) = self.members.get_mut(&member) {
            if into_vault {
                member.tokens -= atoms;
                self.vault += arrived;
            } else {
                member.tokens += arrived;
                self.vault -= atoms;
            }
        }
    }

    /// Tokens sent to the vault past all instructions.
    pub fn gift(&mut self, atoms: u64) {
        self.vault += atoms;
        self.gifts += atoms;
    }

    pub fn sweep(&mut self) -> Result<(), Reasons> {
        self.fees += i128::from(self.gifts) * 1000;
        self.gifts = 0;
        Ok(())
    }

    pub fn open_seat(&mut self, member: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(member >= self.sizes.seats, MarketError::TableFull);
        reasons.when(self.is_open(member), MarketError::SeatTaken);
        reasons.found()?;
        self.seats.entry(member).or_default().is_open = true;
        Ok(())
    }

    pub fn close_seat(&mut self, signer: u16, seat: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let is_open = self.is_open(seat);
        // In the end, what waits for one who never opened its seat is cleared away, too.
        let is_left = self.has_ended() && !self.is_clear(seat);
        reasons.when(!is_open && !is_left, MarketError::NoSuchSeat);
        // Whoever does not come back can't keep a market that has ended.
        let is_owner = is_open && signer == seat;
        reasons.when(!is_owner && !self.has_ended(), MarketError::NotOwner);
        let before = self.seats.clone();
        let owes = |seat: &Seat| seat.claim() + seat.debt() > 0;
        let latest = &self.turns[self.turns.len().saturating_sub(2)..];
        let has_place = latest.iter().any(|turn| turn.seat == seat);
        if has_place || self.seats.get(&seat).is_some_and(owes) {
            self.pay_owing();
        }
        let has_lapsed = self.has_ended() && self.now >= self.lapses_at();
        let is_owed = !has_lapsed
            && (0..self.turns.len()).any(|turn| {
                let mut seats = self.seats.values();
                self.turns[turn].seat == seat && seats.any(|other| other.balance(turn) != 0)
            });
        if let Some(record) = self.seats.get(&seat) {
            let is_bound = seat == GRID_OPERATOR || self.binds(seat) || self.engaged(seat) > 0;
            let may_drop = |turn: &usize| self.may_drop(record, *turn, signer, is_owner);
            let in_use = self.locked(seat) > 0
                || (0..self.turns.len()).any(|turn| !may_drop(&turn))
                || self.held(seat) > 0
                || (is_bound && !self.is_idle())
                || is_owed
                || record.free >= 1000;
            reasons.when(in_use, MarketError::SeatInUse);
        }
        if let Err(reasons) = reasons.found() {
            self.seats = before;
            return Err(reasons);
        }
        if let Some(record) = self.seats.remove(&seat) {
            self.fees += record.free;
            if !self.is_idle() {
                // Its owner's meters are settled with it all the same.
                let left = Seat {
                    silent: record.silent,
                    bought: record.bought,
                    sold: record.sold,
                    ..Seat::default()
                };
                self.seats.insert(seat, left);
            }
        }
        Ok(())
    }

    /// A debt is dropped by the supplier that it is owed to and that owes nobody, a claim by its owner; in the end, by anybody, a claim only if the
    /// supplier has nothing.
    fn may_drop(&self, record: &Seat, turn: usize, signer: u16, is_owner: bool) -> bool {
        let supplier = self.turns[turn].seat;
        let has_lapsed = self.has_ended() && self.now >= self.lapses_at();
        let is_supplier = self.is_open(supplier) && signer == supplier && self.claims_on(turn) == 0;
        let free = self.seats.get(&supplier).map_or(0, |seat| seat.free);
        let is_drained = free + self.locked(supplier) + self.held(supplier) == 0;
        let drops_debt = self.has_ended() && (is_supplier || has_lapsed);
        let drops_claim = self.has_ended() && (is_owner || (has_lapsed && is_drained));
        (record.debt_to(turn) == 0 || drops_debt) && (record.claim_on(turn) == 0 || drops_claim)
    }

    /// Whether nothing is owed to or by its owner.
    pub fn is_clear(&self, seat: u16) -> bool {
        let seat = self.seats.get(&seat);
        seat.is_none_or(|seat| seat.free == 0 && seat.debt() == 0 && seat.claim() == 0)
    }

    pub fn set_delegate(
        &mut self,
        signer: u16,
        seat: u16,
        delegate: Option<Address>,
        bounds: DelegateBounds,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_owner(&mut reasons, seat, signer);
        reasons.found()?;
        if let Some(record) = self.seats.get_mut(&seat) {
            if record.delegate != delegate {
                record.locked_by_delegate = (record.locked_by_delegate.0, 0);
            }
            record.delegate = delegate;
            record.bounds = bounds;
        }
        Ok(())
    }
}
