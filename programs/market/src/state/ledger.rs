use core::result::Result;

use joulebook_layout::{
    cut,
    market::{
        limits::{MAX_PAYMENTS, MAX_SET_OFF},
        Ledger, Owing, Seat, Supplier,
    },
    Address,
};

use crate::errors::MarketError;

/// A ledger, cut into its parts.
pub struct LedgerView<'a> {
    pub header: &'a mut Ledger,
    pub seats: &'a mut [Seat],
}

/// What was paid of all that is owed, milli-atoms.
#[derive(Clone, Copy, Default)]
pub struct Paid {
    /// What suppliers owe each other less, each way: no money.
    pub set_off: u64,
    pub debts: u64,
    pub claims: u64,
}

impl<'a> LedgerView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<LedgerView<'a>, MarketError> {
        let (header, seats) = cut(data).ok_or(MarketError::TableNotGrown)?;
        Ok(LedgerView { header, seats })
    }

    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table or the seat is vacant.
    #[inline(always)]
    pub fn open_seat(&mut self, index: u16) -> Result<&mut Seat, MarketError> {
        match self.seats.get_mut(usize::from(index)) {
            Some(seat) if seat.is_open() => Ok(seat),
            _ => Err(MarketError::NoSuchSeat),
        }
    }

    /// The row at `index`, whether anybody has opened it or not.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table.
    #[inline(always)]
    pub fn row(&mut self, index: u16) -> Result<&mut Seat, MarketError> {
        self.seats
            .get_mut(usize::from(index))
            .ok_or(MarketError::NoSuchSeat)
    }

    /// The seat at `index`, if `owner` owns it.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::NotOwner`].
    pub fn owned_seat(&mut self, index: u16, owner: Address) -> Result<&mut Seat, MarketError> {
        let seat = self.open_seat(index)?;
        if seat.owner != owner {
            return Err(MarketError::NotOwner);
        }
        Ok(seat)
    }

    /// Adds free money to a row, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table, [`MarketError::Overflow`].
    pub fn credit(&mut self, index: u16, amount: u64) -> Result<(), MarketError> {
        self.row(index)?.credit(amount).ok_or(MarketError::Overflow)
    }

    /// Pays what a row owes out of its free money, to the former supplier first; returns what it paid, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table, [`MarketError::Overflow`].
    pub fn pay_debt(&mut self, index: u16) -> Result<u64, MarketError> {
        let mut sum = 0_u64;
        for place in self.header.places() {
            let paid = self.row(index)?.pay_debt(place);
            if paid > 0 {
                self.credit(self.header.supplier(place).seat, paid)?;
                sum = sum.checked_add(paid).ok_or(MarketError::Overflow)?;
            }
        }
        Ok(sum)
    }

    /// Pays what can be paid of all debts and claims, as long as `payments` last: one rule, whatever is done next. If payments are
    /// left, no debtor has free money then, and no supplier that others have claims on.
    ///
    /// Nothing goes round any more once it is set off. So money moves along lines that pass each supplier once at most: from a
    /// debtor to one supplier, to whom that owes, who owes the other one, and to whom that owes. Two rounds reach their ends, and one
    /// does where nobody is paid by it who owes.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::Overflow`], [`MarketError::Broken`].
    pub fn pay_owing(&mut self, payments: &mut u16) -> Result<Paid, MarketError> {
        let mut paid = Paid {
            set_off: self.set_off(payments)?,
            ..Paid::default()
        };
        // None are left where there may be more to set off: somebody would pay what the next call sets off.
        if *payments > 0 && self.pay_round(payments, &mut paid)? {
            // Going over the whole table again costs as much as so many payments.
            *payments = payments.saturating_sub(self.header.capacity / 3);
            self.pay_round(payments, &mut paid)?;
        }
        Ok(paid)
    }

    /// Pays debts, and then claims, as long as `payments` last. Returns whether somebody was paid who owes.
    fn pay_round(&mut self, payments: &mut u16, paid: &mut Paid) -> Result<bool, MarketError> {
        let debts = self.pay_debts(payments)?;
        let mut owes = false;
        let mut claims = 0_u64;
        for place in self.header.places() {
            let more = self.pay_claims_on(place, payments, &mut owes)?;
            claims = claims.checked_add(more).ok_or(MarketError::Overflow)?;
        }
        for place in self.header.places() {
            // One that the other one has paid.
            let Supplier { seat, claims, .. } = *self.header.supplier(place);
            owes |= claims > 0 && self.row(seat)?.free > 0;
        }
        let sum = |paid: u64, more| paid.checked_add(more).ok_or(MarketError::Overflow);
        paid.debts = sum(paid.debts, debts)?;
        paid.claims = sum(paid.claims, claims)?;
        Ok(owes)
    }

    /// The same, of everything.
    ///
    /// # Errors
    /// Likewise; [`MarketError::PaymentsDue`] if it may be more than `payments`.
    pub fn pay_all_owing(&mut self, payments: u16) -> Result<Paid, MarketError> {
        let mut left = payments;
        let paid = self.pay_owing(&mut left)?;
        if left == 0 {
            return Err(MarketError::PaymentsDue);
        }
        Ok(paid)
    }

    /// Sets off what goes round between the two suppliers: what each owes the other, by itself or by a seat that it owes and that
    /// owes the other. A single atom would otherwise go round for ever. Takes payments for the work of it, and all of them where
    /// there may be more to set off. Returns what is owed less each way, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::Broken`].
    fn set_off(&mut self, payments: &mut u16) -> Result<u64, MarketError> {
        let seats = [0, 1].map(|place| self.header.supplier(place).seat);
        // A place that nobody has taken yet has no seat.
        if seats[0] == seats[1] || seats.iter().any(|seat| *seat >= self.header.capacity) {
            return Ok(0);
        }
        let mut ways = [0_u128; 2];
        for (from, sum) in (0u8..).zip(&mut ways) {
            *sum = self.owed_directly(seats, from)?;
            if *sum == 0 && self.header.supplier(from).claims == 0 {
                return Ok(0);
            }
        }
        let most = (*payments).min(MAX_SET_OFF);
        let mut left = [most; 2];
        let [one, other] = &mut ways;
        let [one_left, other_left] = &mut left;
        for row in self.seats.iter() {
            // Nobody owes and is owed by the same supplier, so a row passes on one way at most.
            let [first, second] = &row.owing;
            let (sum, left, passed) = if first.claim > 0 && second.debt > 0 {
                (&mut *one, &mut *one_left, first.claim.min(second.debt))
            } else if second.claim > 0 && first.debt > 0 {
                (&mut *other, &mut *other_left, second.claim.min(first.debt))
            } else {
                continue;
            };
            if *left > 0 {
                *sum = sum.saturating_add(passed.into());
                *left = left.wrapping_sub(1);
            } else if *one_left | *other_left == 0 {
                break;
            }
        }
        // What does not fit is set off by the next call.
        let [one, other] = ways;
        let round = u64::try_from(one.min(other)).unwrap_or(u64::MAX);
        if round > 0 {
            let [first, second] = left;
            let used = most.saturating_sub(first.min(second));
            // Three times over the table costs as much as so many payments.
            let scans = self.header.capacity / 3;
            *payments = match used == most {
                // There may be more.
                true => 0,
                false => payments.saturating_sub(used).saturating_sub(scans),
            };
            self.owe_less(seats, 0, round)?;
            self.owe_less(seats, 1, round)?;
        }
        Ok(round)
    }

    /// What the supplier in place `from` owes the other one itself, milli-atoms.
    fn owed_directly(&mut self, seats: [u16; 2], from: u8) -> Result<u128, MarketError> {
        let [debtor, creditor] = in_order(seats, from);
        let debt = self.row(debtor)?.owing(from ^ 1).debt;
        let claim = self.row(creditor)?.owing(from).claim;
        Ok(u128::from(debt).saturating_add(claim.into()))
    }

    /// Takes `round` off what the supplier in place `from` owes the other one, by itself first, then by seats in their order.
    fn owe_less(&mut self, seats: [u16; 2], from: u8, round: u64) -> Result<(), MarketError> {
        let to = from ^ 1;
        let [debtor, creditor] = in_order(seats, from);
        let claims = self.header.supplier(from).claims;
        let mut left = round;
        let debt = &mut Owing::with(to, &mut self.row(debtor)?.owing).debt;
        take_off(debt, &mut left);
        let claim = &mut Owing::with(from, &mut self.row(creditor)?.owing).claim;
        let mut unclaimed = take_off(claim, &mut left);
        for row in self.seats.iter_mut() {
            if left == 0 {
                break;
            }
            let passed = passed_on(row, from);
            if passed > 0 {
                let less = passed.min(left);
                left = left.wrapping_sub(less);
                let claim = &mut Owing::with(from, &mut row.owing).claim;
                *claim = claim.wrapping_sub(less);
                let debt = &mut Owing::with(to, &mut row.owing).debt;
                *debt = debt.wrapping_sub(less);
                unclaimed = unclaimed.checked_add(less).ok_or(MarketError::Broken)?;
            }
        }
        let claims = claims.checked_sub(unclaimed);
        self.header.supplier_mut(from).claims = claims.ok_or(MarketError::Broken)?;
        Ok(())
    }

    /// Sets off what goes round if the seat is part of it: passes something on, or is a supplier that owes the other one. Otherwise
    /// whoever deposits for it could have it pay what it would not owe. Returns what is owed less each way, milli-atoms.
    ///
    /// # Errors
    /// Those of [`set_off`](LedgerView::set_off).
    pub fn set_off_for(&mut self, seat: u16) -> Result<u64, MarketError> {
        let is_supplier = self.header.has_place(seat);
        let row = self.row(seat)?;
        let owes_directly = is_supplier && row.debt() > 0;
        let passes_on = passed_on(row, 0) | passed_on(row, 1) > 0;
        if !owes_directly && !passes_on {
            return Ok(0);
        }
        self.set_off(&mut { MAX_PAYMENTS })
    }

    /// Pays the debts of rows that have the money, as long as `payments` last, and then those of the suppliers, whoever has paid
    /// them; returns what it paid, milli-atoms.
    fn pay_debts(&mut self, payments: &mut u16) -> Result<u64, MarketError> {
        let mut sum = 0_u64;
        let mut from = 0_usize;
        while *payments > 0 {
            let rest = self.seats.get(from..).unwrap_or_default();
            let Some(next) = rest.iter().position(Seat::can_pay_debt) else {
                break;
            };
            let index = from.saturating_add(next);
            from = index.saturating_add(1);
            sum = sum
                .checked_add(self.pay_debt(index as u16)?)
                .ok_or(MarketError::Overflow)?;
            *payments = payments.wrapping_sub(1);
        }
        for place in self.header.places() {
            let seat = self.header.supplier(place).seat;
            if seat < self.header.capacity {
                let paid = self.pay_debt(seat)?;
                sum = sum.checked_add(paid).ok_or(MarketError::Overflow)?;
            }
        }
        Ok(sum)
    }

    /// Pays the claims on a supplier from what it has, in the order of the seats, as long as `payments` last; returns what it paid,
    /// milli-atoms, and notes whether somebody was paid who `owes`.
    fn pay_claims_on(
        &mut self,
        place: u8,
        payments: &mut u16,
        owes: &mut bool,
    ) -> Result<u64, MarketError> {
        let supplier = *self.header.supplier(place);
        let mut claims = supplier.claims;
        if claims == 0 {
            return Ok(0);
        }
        let available = self.row(supplier.seat)?.free;
        let mut left = available;
        for seat in self.seats.iter_mut() {
            if left == 0 || claims == 0 || *payments == 0 {
                break;
            }
            let owing = Owing::with(place, &mut seat.owing);
            let paid = owing.claim.min(left);
            if paid > 0 {
                owing.claim = owing.claim.wrapping_sub(paid);
                seat.free = seat.free.checked_add(paid).ok_or(MarketError::Overflow)?;
                claims = claims.checked_sub(paid).ok_or(MarketError::Broken)?;
                left = left.wrapping_sub(paid);
                *payments = payments.wrapping_sub(1);
                *owes |= seat.debt() > 0;
            }
        }
        self.header.supplier_mut(place).claims = claims;
        // The supplier has no claim on itself.
        self.row(supplier.seat)?.free = left;
        Ok(available.wrapping_sub(left))
    }

    /// Whether a supplier has nothing left to pay its claims with.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] for a place that nobody has taken.
    pub fn is_drained(&mut self, place: u8) -> Result<bool, MarketError> {
        let row = self.row(self.header.supplier(place).seat)?;
        Ok(row.free | row.locked | row.held == 0)
    }

    /// Pays a keeper out of the fees, as far as they go.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] for a reward seat that is not open.
    pub fn reward_keeper(&mut self, seat: u16, reward: u64) -> Result<u64, MarketError> {
        self.open_seat(seat)?;
        let paid = reward.min(self.header.fees);
        self.credit(seat, paid)?;
        self.header.fees = self.header.fees.saturating_sub(paid);
        Ok(paid)
    }
}

/// The seat of the supplier in place `from`, and that of the other one.
fn in_order([first, second]: [u16; 2], from: u8) -> [u16; 2] {
    if from == 0 {
        [first, second]
    } else {
        [second, first]
    }
}

/// What the seat passes on to the other supplier if the one in place `from` pays it, milli-atoms.
#[inline(always)]
fn passed_on(seat: &Seat, from: u8) -> u64 {
    seat.owing(from).claim.min(seat.owing(from ^ 1).debt)
}

/// Takes as much of `left` off what is owed as goes; returns how much.
fn take_off(owed: &mut u64, left: &mut u64) -> u64 {
    let less = (*owed).min(*left);
    *owed = owed.wrapping_sub(less);
    *left = left.wrapping_sub(less);
    less
}
