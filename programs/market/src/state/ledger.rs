use core::result::Result;

use joulebook_layout::{
    cut,
    market::{limits::MAX_PAYMENTS, Ledger, Owing, Seat},
    Address,
};

use crate::errors::MarketError;

/// A ledger, cut into its parts.
pub struct LedgerView<'a> {
    pub header: &'a mut Ledger,
    pub seats: &'a mut [Seat],
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

    /// Sets off what two suppliers owe each other, so that no money goes round between them for ever.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::Broken`].
    pub fn set_off(&mut self) -> Result<(), MarketError> {
        let seats = [0, 1].map(|place| self.header.supplier(place).seat);
        let is_one = seats[0] == seats[1];
        // A place that nobody has taken yet has no seat.
        if is_one || seats.iter().any(|seat| *seat >= self.header.capacity) {
            return Ok(());
        }
        // What each has with the other.
        let one = *self.row(seats[0])?.owing(1);
        let other = *self.row(seats[1])?.owing(0);
        let debt = one.debt.min(other.debt);
        let claim = one.claim.min(other.claim);
        if debt | claim == 0 {
            return Ok(());
        }
        for (seat, with) in [(seats[0], 1), (seats[1], 0)] {
            let claims = self.header.supplier(with).claims.checked_sub(claim);
            self.header.supplier_mut(with).claims = claims.ok_or(MarketError::Broken)?;
            let owing = Owing::with(with, &mut self.row(seat)?.owing);
            owing.debt = owing.debt.wrapping_sub(debt);
            owing.claim = owing.claim.wrapping_sub(claim);
        }
        Ok(())
    }

    /// Pays the debts of rows that have the money, as long as `payments` last; returns what it paid, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::Overflow`].
    pub fn pay_debts(&mut self, payments: &mut u16) -> Result<u64, MarketError> {
        let mut sum = 0_u64;
        for index in 0..self.header.capacity {
            if *payments == 0 {
                break;
            }
            let row = self.row(index)?;
            if row.can_pay_debt() {
                let paid = self.pay_debt(index)?;
                sum = sum.checked_add(paid).ok_or(MarketError::Overflow)?;
                *payments = payments.wrapping_sub(1);
            }
        }
        Ok(sum)
    }

    /// Pays the claims of the seats, in their order, from what each supplier has, the former first, as long as `payments` last;
    /// returns what it paid, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::Overflow`].
    pub fn pay_claims(&mut self, payments: &mut u16) -> Result<u64, MarketError> {
        let [former, present] = self.header.places();
        let paid = self.pay_claims_on(former, payments)?;
        let more = self.pay_claims_on(present, payments)?;
        paid.checked_add(more).ok_or(MarketError::Overflow)
    }

    /// Pays all claims that can be paid, so that nobody is passed by.
    ///
    /// # Errors
    /// [`MarketError::PaymentsDue`] if these are more than one instruction pays; and those of
    /// [`pay_claims`](LedgerView::pay_claims).
    pub fn pay_all_claims(&mut self) -> Result<(), MarketError> {
        self.set_off()?;
        self.pay_claims(&mut { MAX_PAYMENTS })?;
        for supplier in self.header.suppliers {
            if supplier.claims > 0 && self.row(supplier.seat)?.free > 0 {
                return Err(MarketError::PaymentsDue);
            }
        }
        Ok(())
    }

    fn pay_claims_on(&mut self, place: u8, payments: &mut u16) -> Result<u64, MarketError> {
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
