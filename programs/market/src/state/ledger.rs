use core::result::Result;

use joulebook_layout::{
    cut,
    market::{Ledger, Seat},
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

    /// Pays the claims of the seats, in their order, from what the supplier has; returns what it paid, milli-atoms.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`], [`MarketError::Overflow`].
    pub fn pay_claims(&mut self, supplier: u16) -> Result<u64, MarketError> {
        let available = self.row(supplier)?.free;
        let mut left = available;
        let mut claims = self.header.claims;
        for seat in self.seats.iter_mut() {
            if left == 0 || claims == 0 {
                break;
            }
            let paid = seat.claim.min(left);
            if paid > 0 {
                seat.free = seat.free.checked_add(paid).ok_or(MarketError::Overflow)?;
                seat.claim = seat.claim.wrapping_sub(paid);
                claims = claims.checked_sub(paid).ok_or(MarketError::Broken)?;
                left = left.wrapping_sub(paid);
            }
        }
        self.header.claims = claims;
        // The supplier has no claim on itself.
        self.row(supplier)?.free = left;
        Ok(available.wrapping_sub(left))
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
